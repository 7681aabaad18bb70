// The order of what a search found: the weight of each hit.
import { ABSTRACT, AUTHOR, IN_WORDS, metName, partOf } from "./match.js";
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

// What a clause counts for in a paper that FITS it, by the parts in which it stands.
function countOf({ words, abstract, whole, weight, exact }) {
  const times = [0, 0, 0];
  const asTyped = [!exact.length, !exact.length, !exact.length];
  for (const place of words) times[partOf(place)]++;
  for (const place of exact) asTyped[partOf(place)] = true;
  let counts = 0;
  for (let part = 0; part < 3; part++) counts += WEIGHT[part] * often(times[part]) * (asTyped[part] ? 1 : INFLECTED);
  return (counts + WEIGHT[ABSTRACT] * often(abstract.length)) * weight * (whole ? 1 : BEGUN);
}

// The most that two clauses count for that stand one shortly behind the other.
function closeness(match, next) {
  let most = 0;
  const near = (places, others, bits, weightOf) => {
    for (const place of places) {
      const weight = weightOf(place);
      if (weight <= most) continue;
      const isNear = (other) => other >> bits > place >> bits && (other >> bits) - (place >> bits) <= FAR;
      if (others.some(isNear)) most = weight;
    }
  };
  near(match.words, next.words, IN_WORDS, (place) => WEIGHT[partOf(place)]);
  near(match.abstract, next.abstract, 0, () => WEIGHT[ABSTRACT]);
  return most;
}

const daysBetween = (date, other) => (Date.parse(other) - Date.parse(date)) / DAY_MS;
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
  const texts = clauses.map(textOf);
  const nameOf = (matches, run) =>
    run.every((place) => matches[place].exact.some((at) => partOf(at) === AUTHOR))
      ? metName(
          run.map((place) => matches[place].exact),
          run.map((place) => texts[place]),
        )
      : 0;
  const priorOfDay = new Map();
  const hits = searched.flatMap((row) => row.hits);
  for (const hit of hits) {
    const { matches, more, date } = hit;
    let weight = 0;
    let close = 0;
    for (let place = 0; place < matches.length; place++) {
      weight += countOf(matches[place]) * rare[place];
      if (place)
        close += CLOSE * closeness(matches[place - 1], matches[place]) * Math.min(rare[place - 1], rare[place]);
    }
    for (const match of more) if (match) weight += 0.1 * countOf(match);
    if (!priorOfDay.has(date)) priorOfDay.set(date, newest ? AGE * Math.exp(-daysBetween(date, newest) / YEAR) : AGE);
    hit.weight = weight + close + (SCORE * (hit.score - 70)) / 30 + priorOfDay.get(date);
    hit.whole = matches.every(({ whole }) => whole);
    hit.name = Math.max(0, ...matches.map(({ name }) => name), ...names.map((run) => nameOf(matches, run)));
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

// The first NUMBER of HITS in ORDER; cheaper than to sort all of them.
export function best(hits, number, order) {
  const first = [];
  for (const hit of hits) {
    if (first.length === number && order(hit, first.at(-1)) >= 0) continue;
    let at = first.length;
    while (at && order(hit, first[at - 1]) < 0) at--;
    first.splice(at, 0, hit);
    if (first.length > number) first.pop();
  }
  return first;
}
