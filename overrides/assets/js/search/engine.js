// Runs a search: chooses the years to read, finds and ranks the papers. If one year cannot be read, the others still are.

import { simplified } from "./chinese-variants.js";
import { orders, readQuery } from "./query.js";
import { readAbout, Year } from "./store.js";
import { beginning, fold, idToken, parts, single, stem, tokens } from "./tokens.js";

const FIRST_YEARS = 2;
const ENOUGH = 10;
const WEIGHT = [3, 1, 1]; // of a word in the title, the authors, the reason
const BEGINS = 0.5; // of a word of which only the beginning was typed
const AUTHORS = 1;
const STEP = 6; // tokens that are looked up at once: where they are nowhere, the others are not asked for
const WORD = /^[a-z0-9]+$/;
let about;
const open = new Map();

// What there is to be searched; asked again after a failure, for a new build has other files.
export async function describe() {
  about ??= readAbout();
  try {
    return await about;
  } catch (error) {
    about = undefined;
    throw error;
  }
}

function yearOf(row) {
  if (!open.has(row.folder)) open.set(row.folder, new Year(row));
  return open.get(row.folder);
}

// The slots of a term, one behind the other: each a token, or all tokens with a beginning that fit.
function slotsOf({ kind, text, last }) {
  if (kind === "id") return [{ token: idToken(text) }];
  const only = single(text);
  if (only) return [{ prefix: only, fits: () => true, or: { token: `L${only}` } }]; // pairs that begin with it; its last
  const all = tokens(text, true);
  if (kind !== "text") return all.map((token) => ({ token }));
  return all.map((token, place) => {
    if (!WORD.test(token) || token.length < 3) return { token }; // nothing so short is an inflected word's stem
    const root = stem(token);
    const typing = last && place === all.length - 1;
    const whole = (other) => stem(other) === root;
    const fits = (other) => WORD.test(other) && ((typing && other.startsWith(token)) || whole(other));
    return { prefix: beginning(root), fits, whole };
  });
}

// LIST in pieces of STEP tokens each, more if one has more.
function* steps(list, tokensOf = () => 1) {
  let some = [];
  let sum = 0;
  for (const one of list) {
    some.push(one);
    sum += tokensOf(one);
    if (sum < STEP) continue;
    yield some;
    [some, sum] = [[], 0];
  }
  if (some.length) yield some;
}

// Of the papers KEPT, with the places where they hold what is looked for, those that hold FOUND so much BEHIND it.
function followed(kept, found, behind) {
  const next = new Map();
  for (const [paper, places] of kept) {
    const here = found.get(paper);
    const there = here && places.filter((place) => here.includes(place + 4 * behind));
    if (there?.length) next.set(paper, there);
  }
  return next;
}

// The papers of YEAR that hold TERM: a map from their number to what it counts for in each.
async function lookUp(year, term) {
  let kept = new Map();
  const slots = [];
  for (const some of steps(slotsOf(term))) {
    for (const slot of await Promise.all(some.map((one) => year.postings(one)))) {
      kept = slots.length ? followed(kept, slot.found, slots.length) : slot.found;
      slots.push(slot);
    }
    if (!kept.size) return kept;
  }
  if (term.kind === "author") {
    const named = [...kept].map(([paper, places]) => [paper, places.filter((place) => place % 4 === AUTHORS)]);
    kept = new Map(named.filter(([, places]) => places.length));
  }
  const counts = (places) => Math.max(...places.map((place) => WEIGHT[place % 4])) * (1 + Math.log(places.length) / 4);
  const isWhole = (paper) => slots.every(({ whole }) => !whole || whole.has(paper));
  return new Map([...kept].map(([paper, places]) => [paper, counts(places) * (isWhole(paper) ? 1 : BEGINS)]));
}

// The same of a term that may be read in several ways: a name in both its orders.
async function lookUpAny(year, term) {
  const ways = await Promise.all(readings(term).map((text) => lookUp(year, { ...term, text })));
  return new Map(ways.flatMap((found) => [...found]));
}

const readings = ({ kind, text }) => (kind === "author" ? orders(text) : [text]);

// The papers that ALL the terms hold that were looked up.
function held(all) {
  const rarest = all.reduce((one, other) => (other.size < one.size ? other : one));
  return [...rarest.keys()].filter((paper) => all.every((found) => found.has(paper)));
}

// The hits {year, paper, counts, day, score} of TERMS in YEAR that FIELD, PERIOD and SCORE let through.
async function searchYear(row, terms, { field, period, score }) {
  const year = yearOf(row);
  try {
    const table = await year.open();
    const all = [];
    let papers = [...table.score.keys()];
    for (const some of steps(terms, (term) => slotsOf(term).length)) {
      all.push(...(await Promise.all(some.map((term) => lookUpAny(year, term)))));
      papers = held(all);
      if (!papers.length) return { year: row.year, hits: [], size: 0, holders: terms.map(() => 0) };
    }
    const least = score ? Number(score) * 10 : 0;
    const hits = papers
      .filter(
        (paper) =>
          table.score[paper] >= least &&
          (!field || table.field[paper] === field) &&
          (!period || table.dates[table.day[paper]].startsWith(period)),
      )
      .map((paper) => ({
        year,
        paper,
        counts: all.map((found) => found.get(paper)),
        day: table.day[paper],
        score: table.score[paper],
      }));
    return { year: row.year, hits, size: table.size, holders: all.map((found) => found.size) };
  } catch {
    about = undefined;
    return { year: row.year, failed: true, hits: [], size: 0, holders: terms.map(() => 0) };
  }
}

// Gives each hit its weight: a term counts the more, the fewer papers of all that were SEARCHED hold it.
function weigh(searched, terms) {
  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
  const size = sum(searched.map((one) => one.size));
  const rare = terms.map((_, place) => Math.log(1 + size / (1 + sum(searched.map(({ holders }) => holders[place])))));
  const hits = searched.flatMap((one) => one.hits);
  for (const hit of hits) hit.weight = sum(hit.counts.map((counts, place) => counts * rare[place]));
  return hits;
}

// Which years a search asks first, and which only later: those of the period that is wanted, of an id, else the newest.
function choose(years, terms, { period }) {
  if (period)
    return { first: years.filter(({ year, months }) => year === period || months.includes(period)), later: [] };
  const id = terms.find(({ kind }) => kind === "id");
  const century = id && /^\d\d/.test(id.text) ? 2000 + Number(id.text.slice(0, 2)) : null;
  const near = ({ year }) => century && [century, century + 1].includes(Number(year));
  const first = years.some(near) ? years.filter(near) : years.slice(0, FIRST_YEARS);
  return { first, later: years.filter((row) => !first.includes(row)) };
}

const newer = (one, other) =>
  one.year.year < other.year.year
    ? 1
    : one.year.year > other.year.year
      ? -1
      : other.day - one.day || one.paper - other.paper;
const ORDERS = {
  relevance: (one, other) => other.weight - one.weight || newer(one, other),
  date: newer,
  score: (one, other) => other.score - one.score || newer(one, other),
};

// Looks for what was TYPED; {count, next(n), later, failed, cut, instead}. WANTED: {field, period, score, sort, all}.
export async function search(typed, wanted) {
  const { years } = await describe();
  const { terms, cut } = readQuery(typed);
  const empty = !terms.length && !(wanted.field || wanted.period || wanted.score);
  if (empty) return { count: 0, next: async () => [], later: [], failed: [], cut, terms, nothing: typed.trim() !== "" };
  let { first, later } = choose(years, terms, wanted);
  if (wanted.all) [first, later] = [[...first, ...later], []];
  const run = (rows, what) => Promise.all(rows.map((row) => searchYear(row, what, wanted)));
  const size = (list) => list.reduce((sum, { hits }) => sum + hits.length, 0);
  const enough = terms.some(({ kind }) => kind === "id") ? 1 : ENOUGH;
  const ask = async (what) => {
    const searched = await run(first, what);
    const others = [...later];
    while (others.length && size(searched) < enough) searched.push(...(await run(others.splice(0, 1), what)));
    return [searched, others];
  };
  let [searched, rest] = await ask(terms);
  let instead = null;
  const simple = terms.map((term) => ({ ...term, text: simplified(term.text) }));
  if (!size(searched) && simple.some(({ text }, place) => text !== terms[place].text)) {
    const again = await ask(simple);
    if (size(again[0])) [[searched, rest], instead] = [again, simple.map(({ text }) => text).join(" ")];
  }
  const hits = weigh(searched, terms).sort(ORDERS[wanted.sort] ?? ORDERS.relevance);
  const failed = new Set(searched.filter((one) => one.failed).map(({ year }) => year));
  let shown = 0;
  return {
    count: hits.length,
    cut,
    instead,
    terms: instead ? simple : terms,
    years: searched
      .filter((one) => !one.failed)
      .map(({ year }) => year)
      .sort(),
    later: rest.map(({ year }) => year),
    get failed() {
      return [...failed].sort().reverse();
    },
    // The next NUMBER papers, fewer at the end; those whose card does not load are left out, and their year has failed.
    async next(number) {
      const some = hits.slice(shown, shown + number);
      shown += some.length;
      const cards = some.map(({ year, paper }) => year.card(paper).catch(() => void failed.add(year.year)));
      return (await Promise.all(cards)).filter(Boolean);
    },
  };
}

// The forms of WORD that a search finds too, as an expression; BEGUN: and all words that begin so.
function forms(word, begun) {
  const root = stem(word);
  const cut = beginning(root);
  const more = /i$/.test(root) && cut !== root ? "[iy]" : "";
  const endings = /e$/.test(root) && cut !== root ? "(?:e{1,2}[sd]?|e{0,2}ings?)" : "(?:e|es|s|d|ed|ing|ings)?";
  const inflected = /^[a-z]{3,}$/.test(root) ? `|${cut}${more || `${cut.at(-1)}?`}${endings}` : "";
  return `${word}${begun && word.length > 2 ? "[a-z0-9]*" : ""}${inflected}`;
}

// What of a text is to be marked for TERMS: pairs of places.
export function places(text, terms) {
  const signs = Array.from(text);
  const folded = [];
  const origin = [];
  let at = 0;
  for (const sign of signs) {
    for (const one of fold(sign)) {
      folded.push(one);
      origin.push([at, at + sign.length]);
    }
    at += sign.length;
  }
  const whole = folded.join("");
  const found = [];
  const sought = terms.flatMap((term) => readings(term).map((said) => ({ ...term, said })));
  for (const { kind, said, last } of sought) {
    if (kind === "id") continue;
    const all = parts(fold(said));
    const words = all.map(({ word, run }, place) =>
      run
        ? run.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
        : `(?<![a-z0-9])(?:${kind === "text" ? forms(word, last && place === all.length - 1) : word})(?![a-z0-9])`,
    );
    if (!words.length) continue;
    for (const match of whole.matchAll(
      new RegExp(words.join(kind === "author" ? "[^\\p{L}\\p{N},]*" : "[^\\p{L}\\p{N}]*"), "gu"),
    )) {
      const from = Array.from(whole.slice(0, match.index)).length;
      const to = from + Array.from(match[0]).length - 1;
      if (to >= from) found.push([origin[from][0], origin[to][1]]);
    }
  }
  return found.sort((one, other) => one[0] - other[0]);
}
