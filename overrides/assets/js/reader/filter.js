// The filter of a page of papers. Lowest score, fields and order also go into the address, so that a view can be shared.
import { make } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { keep, recall } from "../common/storage.js";
import { cards, rankOf, scoreOf, wordsOf } from "./cards.js";
import { addView } from "./view.js";

const ADDRESS_MS = 150; // a slider makes a hundred changes, and browsers allow 200 changes of the address in 30 seconds

// Tests of a text in lower case, one for each word of LINE (separated by commas). Latin words match whole words only.

export const mutedBy = (line) =>
  line
    .toLowerCase()
    .split(/[,，;；]/)
    .map((word) => word.trim())
    .filter(Boolean)
    .map((word) => {
      if (!/^[\x20-\x7e]+$/.test(word)) return (text) => text.includes(word);
      const exact = new RegExp(`(?<![a-z0-9])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![a-z0-9])`);
      return (text) => exact.test(text);
    });

export function addFilter(place) {
  const papers = cards().map((card) => ({
    card,
    id: card.id,
    score: scoreOf(card),
    rank: rankOf(card),
    field: null,
    fieldLabel: "",
    age: card.querySelector(".at time")?.textContent ?? "",
    text: null,
  }));
  const chips = [...document.querySelectorAll(".chips a[href^='#']")].map((link) => ({
    link,
    slug: link.hash.slice(1),
  }));
  const body = papers[0].card.parentElement;
  const order = [...body.children].slice([...body.children].indexOf(place) + 1);
  const end = order.indexOf(papers.at(-1).card);
  const heads = order.filter(
    (element, index) =>
      element.matches("h2, .more, .empty") && (index <= end || (index === end + 1 && element.matches(".more"))),
  );
  let heading = null; // a paper belongs to the field whose heading precedes it
  const byCard = new Map(papers.map((paper) => [paper.card, paper]));
  for (const element of order) {
    if (element.matches("h2")) heading = element;
    const paper = byCard.get(element);
    if (!paper || !heading) continue;
    paper.field = heading.id;
    paper.fieldLabel = heading.firstChild.textContent.trim();
  }
  const bestRows = [...document.querySelectorAll(".top-picks li")];
  const bestHeading = document.getElementById("best-of-day");
  const byId = new Map(papers.map((paper) => [paper.id, paper]));
  const lowest = Math.floor(Math.min(...papers.map((paper) => paper.score)));

  let settings = { ...recall("settings"), ...fromAddress(chips) };

  // The panel
  const range = make("input", { type: "range", id: "f-min", min: lowest, max: 10, step: 0.1 });
  const value = make("output", { htmlFor: "f-min" });
  const mute = make("input", {
    type: "text",
    id: "f-mute",
    autocomplete: "off",
    spellcheck: false,
    enterKeyHint: "done",
  });
  const hideRead = make("input", { type: "checkbox" });
  const sort = make("select", { id: "f-sort" });
  for (const [name, key] of [
    ["field", "byField"],
    ["score", "byScore"],
    ["newest", "byNewest"],
  ]) {
    sort.append(make("option", { value: name }, say(key)));
  }
  const boxes = chips.map(({ link, slug }) => {
    const box = make("input", { type: "checkbox", value: slug });
    return { box, slug, label: make("label", {}, box, ` ${link.firstChild.textContent.trim()}`) };
  });
  const reset = make("button", { type: "button" }, say("reset"));
  const panel = make(
    "div",
    { className: "tools__panel", id: "f-panel", hidden: true },
    make("p", {}, make("label", { htmlFor: "f-min" }, say("min")), range, value),
    make(
      "p",
      {},
      make("label", { htmlFor: "f-sort" }, say("sort")),
      sort,
      make("label", { className: "tools__check" }, hideRead, ` ${say("hideRead")}`),
    ),
    make("p", {}, make("label", { htmlFor: "f-mute" }, say("mute")), mute),
  );
  if (boxes.length > 1) {
    const legend = make("legend", {}, say("fields"));
    panel.append(make("fieldset", {}, legend, ...boxes.map(({ label }) => label)));
  }
  const count = make("span", { className: "tools__count", role: "status" });
  const bar = make("div", { className: "tools__bar" }, count, reset);
  place.append(bar, panel);
  const opener = document.querySelector(".chips .tools__open") ?? bar.insertBefore(newOpener(), count);
  addView(bar);

  opener.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    opener.setAttribute("aria-expanded", !panel.hidden);
    if (!panel.hidden) place.scrollIntoView({ block: "nearest" });
  });
  let timer;
  const change = (part) => {
    settings = keep("settings", { ...settings, ...part });
    clearTimeout(timer);
    timer = setTimeout(() => toAddress(settings, chips), ADDRESS_MS);
    apply();
  };
  range.addEventListener("input", () => change({ min: Number(range.value) }));
  mute.addEventListener("input", () => change({ mute: mute.value }));
  hideRead.addEventListener("change", () => change({ hideRead: hideRead.checked }));
  sort.addEventListener("change", () => change({ sort: sort.value }));
  for (const { box, slug } of boxes) {
    box.addEventListener("change", () => {
      const hidden = settings.hidden.filter((other) => other !== slug);
      change({ hidden: box.checked ? hidden : [...hidden, slug] });
    });
  }
  reset.addEventListener("click", () => {
    change({ min: 0, hidden: [], mute: "", hideRead: false, sort: "field" });
    opener.focus();
  });

  let sorted = "field";
  function apply() {
    const muted = mutedBy(settings.mute);
    const read = settings.hideRead ? new Set(recall("read")) : null;
    const hidden = new Set(boxes.length > 1 ? settings.hidden : []);
    const linked = decodeURIComponent(location.hash.slice(1)); // a paper that a link points to is always shown
    const left = new Map();
    let shown = 0;
    for (const paper of papers) {
      if (muted.length) paper.text ??= wordsOf(paper.card);
      const passes =
        paper.id === linked ||
        (paper.score >= settings.min &&
          !hidden.has(paper.field) &&
          !read?.has(paper.id) &&
          !muted.some((test) => test(paper.text)));
      if (paper.card.hidden === passes) paper.card.hidden = !passes;
      if (passes) {
        shown += 1;
        left.set(paper.field, (left.get(paper.field) ?? 0) + 1);
      }
    }
    for (const row of bestRows) {
      const paper = byId.get(decodeURIComponent(row.querySelector("a").hash.slice(1)));
      row.hidden = paper ? paper.card.hidden : muted.some((test) => test(row.textContent.toLowerCase()));
    }
    if (bestHeading) bestHeading.hidden = bestRows.every((row) => row.hidden);
    arrange();
    for (const { link, slug } of chips) {
      const total = papers.filter((paper) => paper.field === slug).length;
      const now = left.get(slug) ?? 0;
      link.classList.toggle("chips--none", now === 0);
      if (link.dataset.all === undefined) link.dataset.all = link.querySelector("b").textContent;
      link.querySelector("b").textContent = now === total ? link.dataset.all : `${now}/${total}`;
    }
    const filtered = shown < papers.length || settings.sort !== "field";
    count.textContent = !filtered ? "" : shown ? say("shown", { n: shown, all: papers.length }) : say("nothing");
    reset.hidden = !filtered;
    place.classList.toggle("tools--on", filtered);
    range.value = Math.max(settings.min, lowest);
    value.textContent = Number(range.value).toFixed(1);
    range.setAttribute("aria-valuetext", value.textContent);
    if (mute !== document.activeElement) mute.value = settings.mute;
    hideRead.checked = settings.hideRead;
    sort.value = settings.sort;
    for (const { box, slug } of boxes) box.checked = !settings.hidden.includes(slug);
  }

  function arrange() {
    if (sorted !== settings.sort) {
      sorted = settings.sort;
      const newest = (a, b) => b.age.localeCompare(a.age) || b.id.localeCompare(a.id, "en", { numeric: true });
      const better = (a, b) => a.rank - b.rank || b.score - a.score;
      const ranked = sorted === "field" ? [] : papers.toSorted(sorted === "score" ? better : newest);
      if (ranked.length) papers.forEach(labelField);
      document.documentElement.classList.toggle("mixed-fields", ranked.length > 0);
      const moved = new Set(ranked.map(({ card }) => card));
      place.after(...ranked.map(({ card }) => card), ...order.filter((element) => !moved.has(element)));
    }
    for (const head of heads) {
      head.hidden = sorted !== "field" || emptied(head);
    }
  }

  // Whether all papers below a heading are hidden; a heading that never had papers stays.
  function emptied(head) {
    if (!head.matches("h2")) return false;
    const below = order.slice(order.indexOf(head) + 1);
    const next = below.findIndex((element) => element.matches("h2"));
    const own = below.slice(0, next < 0 ? undefined : next).filter((element) => element.matches("article.paper"));
    return own.length > 0 && own.every((card) => card.hidden);
  }

  addEventListener("hashchange", apply);
  addEventListener("storage", () => {
    settings = recall("settings");
    apply();
  });
  apply();
}

// Names the field of a paper on its card, for orders in which no heading does.
function labelField({ card, fieldLabel }) {
  const line = card.querySelector(".at");
  if (fieldLabel && !line.querySelector(".of")) line.prepend(make("b", { className: "of" }, fieldLabel));
}

const newOpener = () =>
  make(
    "button",
    { type: "button", className: "tools__open", "aria-expanded": "false", "aria-controls": "f-panel" },
    say("filter"),
  );

function fromAddress(chips) {
  const query = new URLSearchParams(location.search);
  const found = {};
  const min = Number(query.get("min"));
  if (query.has("min") && min >= 0 && min <= 10) found.min = min;
  if (["field", "score", "newest"].includes(query.get("sort"))) found.sort = query.get("sort");
  if (query.has("fields") && chips.length) {
    const wanted = query.get("fields").split(",");
    found.hidden = chips.map(({ slug }) => slug).filter((slug) => !wanted.includes(slug));
  }
  return found;
}

function toAddress(settings, chips) {
  const query = new URLSearchParams(location.search);
  const put = (name, value) => (value ? query.set(name, value) : query.delete(name));
  const shown = chips.map(({ slug }) => slug).filter((slug) => !settings.hidden.includes(slug));
  put("min", settings.min ? String(settings.min) : "");
  put("sort", settings.sort === "field" ? "" : settings.sort);
  put("fields", shown.length < chips.length ? shown.join(",") : "");
  const line = query.toString().replaceAll("%2C", ",");
  history.replaceState(history.state, "", `${location.pathname}${line ? `?${line}` : ""}${location.hash}`);
}
