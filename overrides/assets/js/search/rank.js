// The order of what a search found: the weight of each hit.
import { metName, partOf } from "./match.js";
import { fold, parts } from "./tokens.js";

const WEIGHT = [3, 1, 1.3, 0, 0.5]; // of a word in the title, the authors, the reason; in the abstract
const CLOSE = 0.5; // of what two clauses count for, where they stand side by side
const FAR = 3; // tokens from one to the next
const SCORE = 0.8; // between the lowest and the highest pick
const AGE = 0.4; // between today and long ago
const YEAR = 365;
const BEGUN = 0.5; // what a word counts for that only begins as was typed
const INFLECTED = 0.8; // what one counts for in another form: modeling, of model
const DAY_MS = 864e5;
const LONGEST_NAME = 4;

export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const often = (times) => (times ? 1 + Math.log2(times) / 4 : 0);

// What a clause counts for in a paper, by the parts in which it stands.
function countOf({ words, abstract, whole, weight, exact = [] }) {
  const times = [0, 0, 0];
  const asTyped = new Set(exact.map(partOf));
  for (const place of words) times[partOf(place)]++;
  const inPart = (number, part) => WEIGHT[part] * often(number) * (asTyped.has(part) || !exact.length ? 1 : INFLECTED);
  const parted = sum(times.map(inPart)) + WEIGHT[4] * often(abstract.length);
  return parted * weight * (whole ? 1 : BEGUN);
}

// The most that two clauses count for that stand one shortly behind the other.
function closeness(match, next) {
  const near = (places, others, far, weightOf) => {
    const reached = new Set(others.map(far));
    const close = places.filter((place) => [1, 2, FAR].some((step) => reached.has(far(place) + step)));
    return Math.max(0, ...close.map(weightOf));
  };
  return Math.max(
    near(
      match.words,
      next.words,
      (place) => place >> 2,
      (place) => WEIGHT[partOf(place)],
    ),
    near(
      match.abstract,
      next.abstract,
      (place) => place,
      () => WEIGHT[4],
    ),
  );
}

const textOf = ({ alternatives: [{ text }] }) => text;

// The runs of plain words in CLAUSES that may be a name: their numbers.
function namesIn(clauses) {
  const word = ({ alternatives: [{ kind, text }, ...others] }) => {
    if (others.length || kind !== "text") return null;
    const found = parts(fold(text));
    return found.length === 1 && found[0].word ? found[0].word : null;
  };
  const words = clauses.map(word);
  const runs = [];
  for (let size = LONGEST_NAME; size > 1; size--) {
    for (let at = 0; at + size <= words.length; at++) {
      const run = words.slice(at, at + size);
      if (run.every(Boolean)) runs.push([...run.keys()].map((number) => at + number));
    }
  }
  return runs;
}

// Gives each hit its weight: a clause counts the more, the fewer papers of all that were SEARCHED it fits.
export function weigh(searched, clauses, newest) {
  const size = sum(searched.map((row) => row.size));
  const rare = clauses.map((_, place) => Math.log(1 + size / (1 + sum(searched.map(({ holders }) => holders[place])))));
  const names = namesIn(clauses);
  const hits = searched.flatMap((row) => row.hits);
  for (const hit of hits) {
    const { matches, more } = hit;
    const counts =
      sum(matches.map((match, place) => countOf(match) * rare[place])) +
      sum(more.map((match) => (match ? 0.1 * countOf(match) : 0)));
    const close = sum(
      matches
        .slice(1)
        .map((match, place) => CLOSE * closeness(matches[place], match) * Math.min(rare[place], rare[place + 1])),
    );
    const age = newest ? (Date.parse(newest) - Date.parse(hit.date)) / DAY_MS : 0;
    hit.weight = counts + close + (SCORE * (hit.score - 70)) / 30 + AGE * Math.exp(-age / YEAR);
    hit.whole = matches.every(({ whole }) => whole);
    hit.name = Math.max(
      ...matches.map(({ name }) => name),
      ...names.map((run) =>
        metName(
          run.map((place) => matches[place].exact),
          run.map((place) => textOf(clauses[place])),
        ),
      ),
      0,
    );
    hit.fromAbstract = matches.some(({ words }) => !words.length);
  }
  return hits;
}

const newer = (hit, other) => (hit.date < other.date ? 1 : hit.date > other.date ? -1 : hit.paper - other.paper);
export const ORDERS = {
  relevance: (hit, other) =>
    other.name - hit.name || other.whole - hit.whole || other.weight - hit.weight || newer(hit, other),
  date: newer,
  score: (hit, other) => other.score - hit.score || newer(hit, other),
};
