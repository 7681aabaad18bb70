// A search: which segments are asked, what of them fits, in which order. A segment that fails does not take the others with it.
import { filterOf, slugsOf, span } from "./filters.js";
import { abstractSlots, lookUp, lookUpAbstracts, slotsOf, steps, united, WHOLE_NAME } from "./match.js";
import { readQuery } from "./query.js";
import { best, ORDERS, sum, weigh } from "./rank.js";
import { readAbout, readSynonyms, Segment } from "./store.js";
import { Synonyms } from "./synonyms.js";
import { fold, HAN, isStopWord } from "./tokens.js";

const FIRST_YEARS = 2;
const LONGEST_NAME = 4; // words
const MOST_RELAXED = 6; // clauses of a query that is tried without one of them
const ENOUGH = 10;
const MOST_PICKED = 100; // hits that are picked out of all without sorting these
let about;
let synonyms;
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

async function synonymsOf({ synonyms: name }) {
  synonyms ??= readSynonyms(name).then((groups) => new Synonyms(groups));
  try {
    return await synonyms;
  } catch {
    synonyms = undefined; // the words that were typed are looked for all the same
    return new Synonyms([]);
  }
}

// Begins to load what every query needs, before one is typed; what fails is told when it is needed.
export async function prepare() {
  const described = await describe();
  for (const row of choose(described.segments, [], {}, {}).first) segmentOf(row).prepare();
  synonymsOf(described);
}

export function segmentOf(row) {
  if (!open.has(row.folder)) open.set(row.folder, new Segment(row));
  return open.get(row.folder);
}

// The papers of SEGMENT that CLAUSE fits: a map from paper to how it fits.
async function fitting(segment, { alternatives }, { deep, missed }) {
  const inAbstracts = async (alternative) =>
    deep ? lookUpAbstracts(segment, alternative).catch(() => missed.add(segment.year) && new Map()) : new Map();
  const asked = alternatives.flatMap((alternative) => [lookUp(segment, alternative), inAbstracts(alternative)]);
  return (await Promise.all(asked)).reduce(united);
}

// The papers that ALL the clauses fit that were looked up.
function held(all) {
  const rarest = all.reduce((least, found) => (found.size < least.size ? found : least));
  return [...rarest.keys()].filter((paper) => all.every((found) => found.has(paper)));
}

// The hits {segment, paper, matches, day, score} of a QUERY in the segment of ROW.
async function searchSegment(row, query, wanted, fields) {
  const segment = segmentOf(row);
  const { required, optional, excluded } = query;
  const none = { row, hits: [], size: 0, holders: required.map(() => 0) };
  try {
    const table = await segment.open();
    const all = [];
    let papers = required.length ? [] : Array.from({ length: table.size }, (_, paper) => paper);
    for (const some of steps(required, ({ alternatives }) =>
      Math.max(...alternatives.map((alternative) => slotsOf(alternative).length)),
    )) {
      all.push(...(await Promise.all(some.map((clause) => fitting(segment, clause, wanted)))));
      papers = held(all);
      if (!papers.length) return none;
    }
    const may = await Promise.all(optional.map((clause) => fitting(segment, clause, {})));
    const not = await Promise.all(excluded.map((clause) => fitting(segment, clause, wanted)));
    const passes = filterOf(table, query, wanted, fields);
    const hits = papers
      .filter((paper) => passes(paper) && !not.some((found) => found.has(paper)))
      .map((paper) => ({
        segment,
        paper,
        matches: all.map((found) => found.get(paper)),
        more: may.length ? may.map((found) => found.get(paper)) : may,
        date: table.dateOf(paper),
        score: table.scoreOf(paper),
      }));
    return { row, hits, size: table.size, holders: all.map((found) => found.size) };
  } catch {
    about = undefined;
    return { ...none, failed: true };
  }
}

// Which years a search asks first, and which only later: those of the period that is wanted, of an id, else the newest.
function choose(segments, clauses, { before, after }, { period, all }) {
  const within = segments.filter(
    ({ year, months }) =>
      (!period || year === period || months.includes(period)) &&
      months.some((month) => (!before || month < before) && (!after || month >= after.slice(0, 7))),
  );
  const id = clauses.flatMap(({ alternatives }) => alternatives).find(({ kind }) => kind === "id");
  const century = id && /^\d\d/.test(id.text) ? 2000 + Number(id.text.slice(0, 2)) : null;
  const near = ({ year }) => century && [century, century + 1].includes(Number(year));
  const newest = [...new Set(within.map(({ year }) => year))].slice(0, FIRST_YEARS);
  const bounded = all || period || before || after;
  const first = bounded
    ? within
    : within.some(near)
      ? within.filter(near)
      : within.filter(({ year }) => newest.includes(year));
  return { first, later: within.filter((row) => !first.includes(row)) };
}

// A query as it is looked for: which of its clauses a paper must hold, which it may, which it must not.
export function planned(clauses, deep) {
  const wanted = clauses.filter(({ not }) => !not);
  const isStop = ({ alternatives: [{ kind, text }, ...others] }) =>
    !others.length && kind === "text" && isStopWord(fold(text));
  const telling = wanted.filter((clause) => !isStop(clause));
  const required = deep && telling.length ? telling : wanted; // abstracts hold no stop words
  return {
    required,
    optional: wanted.filter((clause) => !required.includes(clause)),
    excluded: clauses.filter(({ not }) => not),
  };
}

// The plan that looks for what was typed as the name of a person, where its given names may be written as one or as
// several: null where CLAUSES are no such name.
function personPlan(clauses, plan) {
  const words = clauses.map(({ alternatives: [{ kind, text }, ...others], not }) =>
    kind === "text" && !others.length && !not ? text : "",
  );
  const isName = words.every((word) => /^\p{Script=Latin}[\p{Script=Latin}\p{M}.'-]*,?$/u.test(word));
  if (!isName || words.length < 2 || words.length > LONGEST_NAME) return null;
  const isHyphened = words.some((word) => word.includes("-"));
  if (!isHyphened && !(words.length > 2 && words.every((word) => /^\p{Lu}/u.test(word)))) return null;
  const alternatives = [{ kind: "author", text: words.join(" ") }];
  return { ...plan, required: [{ alternatives, not: false }], optional: [], isPerson: true };
}

const mapped = (clauses, change) =>
  clauses.map((clause) => ({
    ...clause,
    alternatives: clause.alternatives.map((alternative) => ({ ...alternative, text: change(alternative.text) })),
  }));
const textOf = (clauses) => clauses.map(({ alternatives: [{ text }] }) => text).join(" ");

// PLAN without one of its plain words, in turn: what is looked for where no paper holds all of them.
function relaxed({ required, ...plan }) {
  const isPlain = ({ alternatives: [{ kind }] }) => ["text", "near", "concept"].includes(kind);
  if (required.length < 2 || required.length > MOST_RELAXED) return [];
  return required
    .filter(isPlain)
    .map((clause) => ({ ...plan, required: required.filter((other) => other !== clause) }));
}

const keyOf = ({ segment, paper }) => `${segment.name}/${paper}`;

// The hits of several plans, LISTS of them, each paper as the plan found it by which it weighs most.
function eachOnce(lists) {
  if (lists.length < 2) return lists.flat();
  const best = new Map();
  for (const hit of lists.flat()) {
    const key = keyOf(hit);
    const other = best.get(key);
    if (other) hit.name = other.name = Math.max(hit.name, other.name);
    if (!(other?.weight >= hit.weight)) best.set(key, hit);
  }
  return [...best.values()];
}

// What a query found: how many, where, and its papers, as many as are asked for.
class Found {
  #failed;
  #hits;
  #order; // by which the hits are still to be sorted
  #shown = 0;

  constructor(told, { hits, searched, others, order, newest = "" }) {
    const rows = searched.map(({ row }) => row);
    const failed = searched.filter((answered) => answered.failed).map(({ row }) => row.year);
    this.#failed = new Set(failed);
    [this.#hits, this.#order] = [hits, order];
    Object.assign(this, told, { rows, newest, count: hits.length });
    this.years = [...new Set(searched.filter((answered) => !answered.failed).map(({ row }) => row.year))].sort();
    this.later = [...new Set(others.map(({ year }) => year))];
  }

  // The years of which something did not load.
  get failed() {
    return [...this.#failed].sort().reverse();
  }

  // All hits in their order.
  get hits() {
    if (this.#order) this.#hits.sort(this.#order);
    this.#order = null;
    return this.#hits;
  }

  // This answer with the papers of OTHER, an answer to less, behind those that are here.
  followedBy(other) {
    const here = new Set(this.hits.map(keyOf));
    const more = other.hits.filter((hit) => !here.has(keyOf(hit)));
    this.#hits = [...this.hits, ...more];
    this.count = this.#hits.length;
    this.partly = more.length;
    this.#shown = 0;
    return this;
  }

  // The next NUMBER papers, fewer at the end; those whose card does not load are left out, and their year has failed.
  async next(number) {
    const end = this.#shown + number;
    const isFew = this.#order && end <= MOST_PICKED;
    const some = (isFew ? best(this.#hits, end, this.#order) : this.hits).slice(this.#shown, end);
    this.#shown += number;
    const cards = some.map(({ segment, paper, fromAbstract }) =>
      segment.card(paper).then(
        (card) => ({ ...card, fromAbstract }),
        () => void this.#failed.add(segment.year),
      ),
    );
    return (await Promise.all(cards)).filter(Boolean);
  }
}

// Whether CLAUSES ask for a person and for nothing else.
const asksPerson = (clauses) =>
  clauses.every(
    ({ alternatives: [{ kind, text }], not }) =>
      not || kind === "author" || kind === "initials" || /^\p{L}[\p{L}.'-]*,?$/u.test(text),
  );

// The newest day that is searched; empty where there is none.
async function newestDay([newest]) {
  const table =
    newest &&
    (await segmentOf(newest)
      .open()
      .catch(() => null));
  return table?.dates.at(-1) ?? "";
}

// The answer to CLAUSES: {searched, others: rows that were not asked, hits, order: to sort them by, newest: day}.
async function answer(clauses, { filters }, wanted, { segments, fields }) {
  const { first, later } = choose(segments, clauses, span(filters), wanted);
  const enough = clauses.some(({ alternatives }) => alternatives[0].kind === "id") ? 1 : ENOUGH;
  const plan = { ...planned(clauses, wanted.deep), filters };
  const plans = wanted.relax ? relaxed(plan) : [plan, personPlan(clauses, plan)].filter(Boolean);
  const run = async (rows) => {
    const all = plans.map((each) => Promise.all(rows.map((row) => searchSegment(row, each, wanted, fields))));
    return Promise.all(all);
  };
  const size = (all) => sum(all.flat().map(({ hits }) => hits.length));
  const searched = await run(first);
  let others = later;
  while (others.length && size(searched) < enough) {
    const [{ year }] = others;
    const more = await run(others.filter((row) => row.year === year));
    for (const [number, rows] of more.entries()) searched[number].push(...rows);
    others = others.filter((row) => row.year !== year);
  }
  const newest = await newestDay(segments);
  const weighed = searched.map((rows, number) => {
    const hits = weigh(rows, plans[number].required, newest);
    return plans[number].isPerson ? hits.filter(({ name }) => name >= WHOLE_NAME) : hits;
  });
  const order = ORDERS[wanted.sort] ?? ORDERS.relevance;
  return { searched: searched[0] ?? [], others, hits: eachOnce(weighed), order, newest };
}

// Looks for what was TYPED. WANTED: {field, period, score, sort, all: every year, deep: in abstracts too, exact: without
// synonyms, relax: all but one of the words}. The answer: {count, hits, next(n), marks, years, later, failed, missed: years
// whose abstracts did not load, cut, instead, also, chips, notes, clauses}.
export async function search(typed, options) {
  const wanted = { ...options, missed: new Set() };
  const described = await describe();
  const { fields } = described;
  const read = readQuery(typed);
  const { filters } = read;
  const named = filters.flatMap(({ any }) => any).filter(({ field }) => field !== undefined);
  const wrong = named.filter(({ field }) => !slugsOf(field, fields).length).map(({ field }) => `field:${field}`);
  const filtered = Boolean(wanted.field || wanted.period || wanted.score || filters.length);
  const notes = { ...read.notes, wrong: [...read.notes.wrong, ...wrong] };
  const told = { ...read, notes, filtered, also: [], marks: [], missed: wanted.missed, deep: Boolean(wanted.deep) };
  if (!read.clauses.some(({ not }) => !not) && !filtered)
    return Object.assign(new Found(told, { hits: [], searched: [], others: [] }), { nothing: typed.trim() !== "" });
  for (const row of choose(described.segments, read.clauses, span(filters), wanted).first) segmentOf(row).prepare();
  const ask = async (typedClauses) => {
    const none = { clauses: typedClauses, also: [] };
    const { clauses, also } = wanted.exact ? none : (await synonymsOf(described)).expand(typedClauses);
    return { clauses, also, ...(await answer(clauses, read, wanted, described)) };
  };
  let got = await ask(read.clauses);
  let instead = null;
  if (!got.hits.length && HAN.test(typed)) {
    const { simplified } = await import("./chinese-variants.js");
    const simple = mapped(read.clauses, simplified);
    const again = textOf(simple) === textOf(read.clauses) ? got : await ask(simple);
    if (again.hits.length) [got, instead] = [again, textOf(simple)];
  }
  const { clauses, also } = got;
  const positive = clauses.filter(({ not }) => !not);
  const inAbstracts = positive.some(({ alternatives }) =>
    alternatives.some((alternative) => abstractSlots(alternative)),
  );
  const isPerson = asksPerson(clauses) && got.hits.some(({ name }) => name >= WHOLE_NAME);
  const marks = isPerson ? [{ kind: "author", text: textOf(positive) }] : [];
  for (const { marks: own, alternatives } of positive)
    if (!isPerson || alternatives[0].kind !== "text") marks.push(...(own ?? alternatives));
  const more = { clauses, also, instead, marks, inAbstracts, isPerson };
  return new Found({ ...told, ...more }, got);
}
