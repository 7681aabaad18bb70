// Tells of a person whose papers a search found: years, fields and co-authors.
import { make } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { authorPage } from "../common/root.js";
import { places } from "./marks.js";
import { WHOLE_NAME } from "./match.js";

const MOST_CARDS = 60; // papers whose authors are read for the co-authors
const CO_AUTHORS = 8;

const counted = (values) => {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, count], [, other]) => other - count);
};

// Whether MARKS, pairs of places in rising order, cover all letters of NAME.
function isWhole(name, marks) {
  let rest = "";
  let at = 0;
  for (const [from, to] of marks) {
    rest += name.slice(at, Math.max(at, from));
    at = Math.max(at, to);
  }
  return !/\p{L}/u.test(rest + name.slice(at));
}

// What there is to tell of the person in FOUND; null where it asked for none, or for several by one family name.
export async function person(found, { words, fields }) {
  const named = found.hits.filter(({ name }) => name >= WHOLE_NAME);
  if (!found.isPerson) return null;
  const cards = await Promise.all(named.slice(0, MOST_CARDS).map(({ segment, paper }) => segment.card(paper)));
  const authors = cards.map(({ a }) => a.split(", "));
  const isAsked = (name) => isWhole(name, places(name, found.marks));
  const [[name] = []] = counted(authors.flat().filter(isAsked));
  if (!name) return null;
  const others = counted(authors.flat().filter((other) => other !== "…" && !isAsked(other))).slice(0, CO_AUTHORS);
  const years = counted(named.map(({ date }) => date.slice(0, 4))).sort(([year], [other]) => other.localeCompare(year));
  const inFields = counted(cards.map(({ f }) => fields[f] ?? f));
  const row = (label, all) => make("div", {}, make("dt", {}, label), make("dd", {}, ...all));
  const joined = (all) => all.map(([value, papers]) => `${value}\u00a0${papers}`).join("\u00a0· ");
  const links = others.flatMap(([other, papers], at) => [
    at ? " " : "",
    make("a", { href: authorPage(other) }, other),
    `\u00a0${papers}${at + 1 < others.length ? "\u00a0·" : ""}`,
  ]);
  return make(
    "section",
    { class: "person" },
    make("h2", {}, name, make("small", {}, fill(words.papers, { n: named.length }))),
    make(
      "dl",
      {},
      row(words.person_years, [joined(years)]),
      row(words.person_fields, [joined(inFields)]),
      ...(others.length ? [row(words.person_others, links)] : []),
    ),
  );
}
