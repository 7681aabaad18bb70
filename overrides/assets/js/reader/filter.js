// The filter of a page of papers: what is shown, in which order, and what the reader watches. Lowest score, fields and order
// also go into the address, so that a view can be shared; what is personal does not.
import { decoded, make, makeButton } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { keep, recall } from "../common/storage.js";
import { Arrangement } from "./arrangement.js";
import { wordsOf } from "./cards.js";
import { makePanel } from "./filter-panel.js";
import { highlight } from "./highlight.js";
import { addView } from "./view.js";
import { found, patternsOf } from "./words-in-text.js";

const ADDRESS_MS = 150; // a slider makes a hundred changes, and browsers allow 200 changes of the address in 30 seconds
const NONE = { min: 0, hidden: [], mute: "", hideRead: false, sort: "field" }; // what "Reset" sets; watched words stay

// Adds the filter at PLACE; the promise it returns is fulfilled when the papers are in their order.
export async function addFilter(place) {
  const arrangement = new Arrangement(place);
  const { papers } = arrangement;
  const chips = [...document.querySelectorAll(".chips a[href^='#']")].map((link) => ({
    link,
    slug: link.hash.slice(1),
  }));
  const best = new BestList(papers);
  const lowest = Math.floor(Math.min(...papers.map((paper) => paper.score)));
  let settings = { ...recall("settings"), ...fromAddress(chips) };
  let timer;
  const change = (part) => {
    settings = keep("settings", { ...settings, ...part });
    clearTimeout(timer);
    timer = setTimeout(() => toAddress(settings, chips), ADDRESS_MS);
    apply();
  };

  const { panel, show } = makePanel({ change, chips, lowest, settings: () => settings });
  const count = make("span", { className: "tools__count", role: "status" });
  const reset = makeButton(say("reset"), () => {
    change(NONE);
    opener.focus();
  });
  const bar = make("div", { className: "tools__bar" }, count, reset);
  place.append(bar, panel);
  const opener =
    document.querySelector(".chips .tools__open") ??
    bar.insertBefore(make("button", { type: "button", className: "tools__open" }, say("filter")), count);
  opener.setAttribute("aria-controls", panel.id);
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", !panel.hidden);
    if (!panel.hidden) place.scrollIntoView({ block: "nearest" });
  });
  addView(bar);

  function select() {
    const muted = patternsOf(settings.mute);
    const watched = patternsOf(settings.watch);
    const read = settings.hideRead ? new Set(recall("read")) : null;
    const hidden = new Set(chips.length > 1 ? settings.hidden : []);
    const linked = decoded(location.hash.slice(1)); // a paper that a link points to is always shown
    for (const paper of papers) {
      if (muted.length || watched.length) paper.text ??= wordsOf(paper.card);
      const passes =
        paper.id === linked ||
        (paper.score >= settings.min &&
          !hidden.has(paper.field) &&
          !read?.has(paper.id) &&
          !(muted.length && found(muted, paper.text).length));
      if (paper.card.hidden === passes) paper.card.hidden = !passes;
      paper.watched = watched.length ? found(watched, paper.text) : [];
      label(paper.card, "watching", paper.watched.length ? say("watching", { words: paper.watched.join(", ") }) : "");
    }
    best.select(muted);
  }

  // Counts what is shown: of each field in its link, of all below the best of the day.
  function tell() {
    const left = Map.groupBy(
      papers.filter(({ card }) => !card.hidden),
      ({ field }) => field,
    );
    for (const { link, slug } of chips) {
      const total = papers.filter((paper) => paper.field === slug).length;
      const now = left.get(slug)?.length ?? 0;
      link.classList.toggle("chips--none", now === 0);
      link.dataset.all ??= link.querySelector("b").textContent;
      link.querySelector("b").textContent = now === total ? link.dataset.all : `${now}/${total}`;
    }
    const shown = papers.filter(({ card }) => !card.hidden).length;
    const filtered = shown < papers.length || settings.sort !== "field";
    count.textContent = !filtered ? "" : shown ? say("shown", { n: shown, all: papers.length }) : say("nothing");
    reset.hidden = !filtered;
    place.classList.toggle("tools--on", filtered);
  }

  async function apply() {
    select();
    tell();
    show(settings);
    if (settings.sort === "foryou") {
      const { fitPapers } = await import("./for-you.js");
      await fitPapers(papers, place, apply);
    }
    arrangement.arrange(settings.sort);
    const watched = papers.filter((paper) => paper.watched.length).map(({ card }) => card);
    highlight(watched, patternsOf(settings.watch)); // after cards have moved, which would empty the ranges
    if (settings.sort !== "foryou") for (const { card } of papers) label(card, "because", "");
  }

  addEventListener("hashchange", apply);
  addEventListener("storage", () => {
    settings = recall("settings");
    apply();
  });
  await apply();
}

// A line of CARD that says why it is on top; no TEXT takes it away.
export function label(card, kind, text) {
  const line = card.querySelector(`.${kind}`);
  if (!text) line?.remove();
  else if (line) line.textContent = text;
  else card.querySelector(".score").after(make("p", { className: `mine ${kind}` }, text));
}

// The list of the day's best follows the cards; a row without a card on the page follows the muted words.
class BestList {
  constructor(papers) {
    const byId = new Map(papers.map((paper) => [paper.id, paper]));
    this.heading = document.getElementById("best-of-day");
    this.rows = [...document.querySelectorAll(".top-picks li")].map((row) => ({
      row,
      paper: byId.get(decodeURIComponent(row.querySelector("a").hash.slice(1))),
    }));
  }

  select(muted) {
    for (const { row, paper } of this.rows) {
      row.hidden = paper ? paper.card.hidden : found(muted, row.textContent.toLowerCase()).length > 0;
    }
    if (this.heading) this.heading.hidden = this.rows.every(({ row }) => row.hidden);
  }
}

function fromAddress(chips) {
  const query = new URLSearchParams(location.search);
  const wanted = {};
  const min = Number(query.get("min"));
  if (query.has("min") && min >= 0 && min <= 10) wanted.min = min;
  if (["field", "score", "newest"].includes(query.get("sort"))) wanted.sort = query.get("sort");
  if (query.has("fields") && chips.length) {
    const fields = query.get("fields").split(",");
    wanted.hidden = chips.map(({ slug }) => slug).filter((slug) => !fields.includes(slug));
  }
  return wanted;
}

function toAddress(settings, chips) {
  const query = new URLSearchParams(location.search);
  const put = (name, value) => (value ? query.set(name, value) : query.delete(name));
  const shown = chips.map(({ slug }) => slug).filter((slug) => !settings.hidden.includes(slug));
  put("min", settings.min ? String(settings.min) : "");
  put("sort", ["field", "foryou"].includes(settings.sort) ? "" : settings.sort);
  put("fields", shown.length < chips.length ? shown.join(",") : "");
  const line = query.toString().replaceAll("%2C", ",");
  history.replaceState(history.state, "", `${location.pathname}${line ? `?${line}` : ""}${location.hash}`);
}
