// Shows search results as elements; no text of a paper is ever parsed as HTML.
import { make } from "../common/dom.js";
import { languageOf } from "../common/language.js";
import { authorPage, dayPage } from "../common/root.js";
import { recall } from "../common/storage.js";
import { places } from "./marks.js";

const BEFORE = 12;
const AFTER = 36;
const LINKED = 6; // authors of a result that are links

// TEXT with what MARKS (alternatives of clauses) look for in <mark>.
export function marked(text, marks) {
  const nodes = [];
  let at = 0;
  for (const [from, to] of places(text, marks)) {
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

// A piece of TEXT around the first place that MARKS mark, null where they mark none.
export function snippet(text, marks) {
  const [first] = places(text, marks);
  if (!first) return null;
  const start = first[0] > BEFORE + 4 ? first[0] - BEFORE : 0;
  const end = Math.min(text.length, first[1] + AFTER);
  return [start ? "…" : "", ...marked(text.slice(start, end), marks), end < text.length ? "…" : ""];
}

// The ids of the papers that the reader saved and has read.
export const readerHas = () => ({
  saved: new Set(recall("saved").map((paper) => paper.id)),
  read: new Set(recall("read")),
});

// On the CARD of a paper, what the reader HAS of it, as it is now.
export function badge(card, { words }, has) {
  for (const old of card.querySelectorAll(".at em")) old.remove();
  const now = ["saved", "read"].filter((key) => has[key].has(card.dataset.id));
  card.querySelector(".at").append(...now.map((key) => make("em", {}, words[key])));
}

// The authors of a paper, the first of them as links to what else they wrote; MARKS as in the other texts.
function authors(names, marks) {
  const all = names.split(", ");
  const links = all.slice(0, LINKED).flatMap((name, at) => {
    const shown = marked(name, marks);
    return [at ? ", " : "", name === "…" ? name : make("a", { href: authorPage(name) }, ...shown)];
  });
  return [
    ...links,
    ...marked(
      all
        .slice(LINKED)
        .map((name) => `, ${name}`)
        .join(""),
      marks,
    ),
  ];
}

export function card(paper, { marks }, about, has) {
  const { words, fields } = about;
  const isAsked = marks.some(({ kind, text }) => kind === "id" && text.toLowerCase() === paper.i.toLowerCase());
  const made = make(
    "article",
    {
      class: "paper",
      "data-score": paper.s,
      "data-id": paper.i,
      "data-from": paper.fromAbstract ? "abstract" : "card",
    },
    make("h2", {}, make("a", { href: dayPage(paper.d, paper.i), ...languageOf(paper.t) }, ...marked(paper.t, marks))),
    make(
      "p",
      { class: "score" },
      make("i", {}, `${words.score} `),
      paper.s,
      paper.e ? make("small", {}, words.estimate) : null,
    ),
    make("div", { class: "by", ...languageOf(paper.a) }, ...authors(paper.a, marks)),
    paper.r ? make("p", { class: "why", ...languageOf(paper.r) }, ...marked(paper.r, marks)) : null,
    make(
      "p",
      { class: "at" },
      make(
        "a",
        { href: `https://arxiv.org/abs/${paper.i}`, rel: "noopener" },
        isAsked ? make("mark", {}, paper.i) : paper.i,
      ),
      make("time", { datetime: paper.d }, paper.d),
      make("span", {}, fields[paper.f] ?? paper.f),
    ),
  );
  badge(made, about, has);
  return made;
}
