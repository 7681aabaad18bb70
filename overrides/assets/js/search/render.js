// Shows search results as elements; no text of a paper is ever parsed as HTML.
import { make } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { dayPage } from "../common/root.js";
import { recall } from "../common/storage.js";
import { places } from "./engine.js";

const BEFORE = 12;
const AFTER = 36;

// TEXT with what TERMS look for in <mark>.
export function marked(text, terms) {
  const nodes = [];
  let at = 0;
  for (const [from, to] of places(text, terms)) {
    if (to <= at) continue;
    const start = Math.max(at, from);
    if (start > at) nodes.push(text.slice(at, start));
    nodes.push(make("mark", {}, text.slice(start, to)));
    at = to;
  }
  nodes.push(text.slice(at));
  return nodes;
}

// The years [2021, 2022, 2025], the oldest first, as "2025, 2021–2022".
export function spans(years) {
  const found = [];
  for (const year of years.map(Number)) {
    if (found.at(-1)?.at(-1) === year - 1) found.at(-1).push(year);
    else found.push([year]);
  }
  return found
    .reverse()
    .map((run) => (run.length > 1 ? `${run[0]}–${run.at(-1)}` : run[0]))
    .join(", ");
}

// A piece of TEXT around the first place that TERMS mark, null where they mark none.
export function snippet(text, terms) {
  const [first] = places(text, terms);
  if (!first) return null;
  const start = first[0] > BEFORE + 4 ? first[0] - BEFORE : 0;
  const end = Math.min(text.length, first[1] + AFTER);
  return [start ? "…" : "", ...marked(text.slice(start, end), terms), end < text.length ? "…" : ""];
}

// The ids of the papers that the reader saved and has read.
export const readerHas = () => ({
  saved: new Set(recall("saved").map((paper) => paper.id)),
  read: new Set(recall("read")),
});

// What there is to say of a search: how many it FOUND and where, and what was looked for otherwise than typed.
export function summary(found, words, filtered) {
  const notes = [];
  if (found.count) notes.push(fill(words.found, { n: found.count.toLocaleString() }));
  else if (found.nothing) notes.push(words.nothing);
  else if (!found.terms.length && !filtered) notes.push(words.hint);
  else if (found.years?.length) notes.push(words.empty);
  if (found.years?.length) notes.push(fill(words.years, { years: spans(found.years) }));
  if (found.cut) notes.push(words.cut);
  if (found.instead) notes.push(fill(words.instead, { text: found.instead }));
  return notes.join(" ");
}

// On the CARD of a paper, what the reader HAS of it, as it is now.
export function badge(card, { words }, has) {
  for (const old of card.querySelectorAll(".at em")) old.remove();
  const now = ["saved", "read"].filter((key) => has[key].has(card.dataset.id));
  card.querySelector(".at").append(...now.map((key) => make("em", {}, words[key])));
}

export function card(paper, terms, about, has) {
  const { words, fields } = about;
  const made = make(
    "article",
    { class: "paper", "data-score": paper.s, "data-id": paper.i },
    make("h2", {}, make("a", { href: dayPage(paper.d, paper.i) }, ...marked(paper.t, terms))),
    make(
      "p",
      { class: "score" },
      make("i", {}, `${words.score} `),
      paper.s,
      paper.e ? make("small", {}, words.estimate) : null,
    ),
    make("div", { class: "by" }, ...marked(paper.a, terms)),
    paper.r ? make("p", { class: "why" }, ...marked(paper.r, terms)) : null,
    make(
      "p",
      { class: "at" },
      make(
        "a",
        { href: `https://arxiv.org/abs/${paper.i}`, rel: "noopener" },
        ...(terms.some(({ kind, text }) => kind === "id" && text.toLowerCase() === paper.i.toLowerCase())
          ? [make("mark", {}, paper.i)]
          : [paper.i]),
      ),
      make("time", { datetime: paper.d }, paper.d),
      make("span", {}, fields[paper.f] ?? paper.f),
    ),
  );
  badge(made, about, has);
  return made;
}
