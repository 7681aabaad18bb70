// The indexes: loaded when they are asked, each by itself, so that one that fails does not take the others with it.
import { readQuery, simplified } from "./search-query.js";
import { escaped, fold, idToken, parts, single, stem, tokens } from "./search-text.js";

const home = new URL("../../pagefind/", import.meta.url);
const FIRST_YEARS = 2;
const ENOUGH = 10;
let library;
let about;
const open = new Map();
const failed = new Set();
let started = Promise.resolve();
let running = false;

// Pagefind swallows the failure of a file and finds nothing instead; and it would load its program once an index.
const load = globalThis.fetch.bind(globalThis);
async function watched(address, options) {
  const url = typeof address === "string" || address instanceof URL ? new URL(address, location.href) : null;
  if (!url?.pathname.startsWith(home.pathname)) return load(address, options);
  const [part, name] = url.pathname.slice(home.pathname.length).split("/");
  try {
    const answer = await load(name?.endsWith(".pagefind") ? new URL(name, home) : address, options);
    if (!answer.ok) failed.add(part);
    return answer;
  } catch (error) {
    failed.add(part);
    throw error;
  }
}

async function json(name) {
  const answer = await load(new URL(name, home));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

// What there is: {parts: [{part, papers, months}], fields: {slug: label}, words: {...}}, parts from the newest on.
export async function describe() {
  about ??= json("search.json");
  try {
    return await about;
  } catch (error) {
    about = undefined;
    throw error;
  }
}

async function index(part) {
  if (!open.has(part)) open.set(part, openIndex(part));
  try {
    return await open.get(part);
  } catch (error) {
    open.delete(part);
    failed.add(part);
    throw error;
  }
}

async function openIndex(part) {
  if (!library) {
    globalThis.fetch = watched;
    library = import(new URL("pagefind.js", home).href);
    library.catch(() => (library = undefined));
  }
  const { createInstance } = await library;
  const chunks = json(`${part}/chunks.json`);
  const make = async () => {
    const made = createInstance({ basePath: new URL(`${part}/`, home).pathname, baseUrl: "/", noWorker: true });
    await made.init();
    await made.search(`"${(await chunks)[0]}"`); // waits until it is ready, and fails where it is not
    return made;
  };
  // All share one program: two that started at once would each load it, and one's memory would be gone.
  const before = started;
  const mine = before.then(make, make);
  if (!running) started = mine.then(() => (running = true), () => undefined);
  const instance = await mine;
  if (failed.has(part)) throw new Error(part);
  return { part, chunks: await chunks, instance };
}

// All chunks of an index whose words may begin with PREFIX: Pagefind itself would load one of them.
async function loadBeginning({ chunks, instance }, prefix) {
  const end = `${prefix}{`; // behind z
  const needed = chunks.filter((start, place) => start < end && (chunks[place + 1] ?? "~") >= prefix);
  await Promise.all(needed.map((start) => instance.preload(start)));
}

// The results of one term in one index: a map from Pagefind's name of a paper to {score, data}.
async function lookUp(one, term, options) {
  const found = new Map();
  const ask = async (words) => {
    const { results } = await one.instance.search(words, options);
    const rare = Math.log(1 + one.chunks.length * 30 / (results.length + 1)) + 0.1;
    for (const result of results) {
      const before = found.get(result.id);
      const weight = /^"/.test(words) ? rare : result.score;
      if (!before || before.score < weight) found.set(result.id, { score: weight, data: result.data });
    }
  };
  const only = term.kind === "id" ? null : single(term.text);
  if (term.kind === "id") await ask(idToken(term.text));
  else if (only) {
    await loadBeginning(one, only.pairs);
    await ask(only.pairs);
    await ask(only.last);
  } else {
    const all = tokens(term.text, true);
    await ask(all.length > 1 ? `"${all.join(" ")}"` : all[0]);
    const word = parts(fold(term.text));
    if (term.last && word.length === 1 && word[0].word?.length > 1) {
      await loadBeginning(one, escaped(word[0].word));
      await ask(escaped(word[0].word));
    }
  }
  return found;
}

function filtersOf({ field, period, score }) {
  const scores = ["10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0"];
  return {
    ...(field ? { field: { any: [field] } } : {}),
    ...(period?.length === 7 ? { month: { any: [period] } } : {}),
    ...(score ? { score: { any: scores.slice(0, 11 - Number(score)) } } : {}),
  };
}

async function searchPart(part, terms, wanted) {
  failed.delete(part);
  try {
    const one = await index(part);
    const filters = filtersOf(wanted);
    const sort = wanted.sort === "relevance" ? {} : { [wanted.sort]: "desc" };
    let kept = null;
    if (!terms.length) {
      const { results } = await one.instance.search(null, { filters, sort: sort.date || sort.score ? sort : { date: "desc" } });
      kept = new Map(results.map((result) => [result.id, { score: 0, data: result.data }]));
    }
    for (const term of terms) {
      const found = await lookUp(one, term, { filters, sort });
      kept = kept
        ? new Map([...kept].filter(([id]) => found.has(id)).map(([id, was]) => [id, { ...was, score: was.score + found.get(id).score }]))
        : found;
      if (!kept.size) break;
    }
    if (failed.has(part)) {
      open.delete(part); // it remembers as loaded what failed
      return { part, failed: true, hits: [] };
    }
    return { part, hits: [...kept.values()] };
  } catch {
    open.delete(part);
    return { part, failed: true, hits: [] };
  }
}

const yearOf = (part) => part.slice(0, 4);

// Which indexes a search asks first, and which only later: of the period that is wanted, of the years of an id.
function choose(all, terms, { period }) {
  const fitting = all.filter(({ part, months }) => !period || months.some((month) => month.startsWith(period)) || part.startsWith(`${period}-`));
  const names = fitting.filter(({ months }) => !period || months.some((month) => month.startsWith(period))).map(({ part }) => part);
  if (period) return { first: names, later: [] };
  const id = terms.find(({ kind }) => kind === "id");
  const century = id && /^\d\d/.test(id.text) ? `20${id.text.slice(0, 2)}` : null;
  const near = (part) => (century ? [Number(century), Number(century) + 1].includes(Number(yearOf(part))) : false);
  const years = [...new Set(names.map(yearOf))].slice(0, FIRST_YEARS);
  const first = names.filter((part) => (century && names.some(near) ? near(part) : years.includes(yearOf(part))));
  return { first, later: names.filter((part) => !first.includes(part)) };
}

// Papers in their order, a few at a time: each index has its own order already.
function merged(searched, sort) {
  const queues = searched.map(({ part, hits }) => ({ part, hits, at: 0 }));
  if (sort === "relevance") {
    const all = queues.flatMap(({ hits }) => hits);
    all.sort((one, other) => other.score - one.score);
    return { next: async () => read(all.shift()) };
  }
  if (sort === "date") {
    const all = queues.toSorted((one, other) => (one.part < other.part ? 1 : -1)).flatMap(({ hits }) => hits);
    return { next: async () => read(all.shift()) };
  }
  const heads = queues.map(async (queue) => ({ queue, paper: await read(queue.hits[queue.at++]) }));
  let waiting = null;
  return {
    async next() {
      waiting ??= await Promise.all(heads);
      const best = waiting.reduce((one, other) => (better(other.paper, one.paper) ? other : one), { paper: null });
      const { paper } = best;
      if (paper) best.paper = await read(best.queue.hits[best.queue.at++]);
      return paper;
    },
  };
}

const better = (one, other) => one && (!other || Number(one.s) > Number(other.s) || (one.s === other.s && one.d > other.d));

async function read(hit) {
  if (!hit) return null;
  try {
    return JSON.parse((await hit.data()).raw_url);
  } catch {
    return { lost: true };
  }
}

// Whether PAPER holds the phrase as it was typed: the index knows its words without their endings.
function holds(paper, { kind, text }) {
  const flat = (value) => ` ${parts(fold(value)).map(({ word, run }) => word ?? run).join(" ")} `;
  if (kind === "author") return flat(paper.a).includes(flat(text).trimEnd()) || paper.a.includes("…");
  if (kind !== "phrase" || !/^[\x00-\x7f]+$/.test(fold(text))) return true;
  return [paper.t, paper.r, paper.a].some((value) => flat(value).includes(flat(text)));
}

// Looks for what was TYPED; {count, next(n), later, failed, cut, instead}. WANTED: {field, period, score, sort, all}.
export async function search(typed, wanted) {
  const { parts: all } = await describe();
  const { terms, cut } = readQuery(typed);
  const empty = !terms.length && !(wanted.field || wanted.period || wanted.score);
  if (empty) return { count: 0, next: async () => [], later: [], failed: [], cut, terms, nothing: typed.trim() !== "" };
  let { first, later } = choose(all, terms, wanted);
  if (wanted.all) [first, later] = [[...first, ...later], []];
  const run = (names, what) => Promise.all(names.map((part) => searchPart(part, what, wanted)));
  const size = (list) => list.reduce((sum, { hits }) => sum + hits.length, 0);
  let searched = await run(first, terms);
  const isId = terms.some(({ kind }) => kind === "id");
  while (later.length && size(searched) < (isId ? 1 : wanted.enough ?? ENOUGH)) {
    const year = yearOf(later[0]);
    searched.push(...(await run(later.filter((part) => yearOf(part) === year), terms)));
    later = later.filter((part) => yearOf(part) !== year);
  }
  let instead = null;
  const simple = terms.map((term) => ({ ...term, text: simplified(term.text) }));
  if (!size(searched) && simple.some(({ text }, place) => text !== terms[place].text)) {
    const again = await run(all.map(({ part }) => part), simple);
    if (size(again)) [searched, later, instead] = [again, [], simple.map(({ text }) => text).join(" ")];
  }
  const order = merged(searched, wanted.sort);
  const shown = instead ? simple : terms;
  return {
    count: size(searched),
    cut,
    instead,
    terms: shown,
    years: [...new Set(searched.map(({ part }) => yearOf(part)))].sort().reverse(),
    later: [...new Set(later.map(yearOf))],
    failed: [...new Set(searched.filter((one) => one.failed).map(({ part }) => part))],
    async next(number) {
      const papers = [];
      while (papers.length < number) {
        const batch = wanted.sort === "score" ? [await order.next()] : await Promise.all(Array.from({ length: number - papers.length }, () => order.next()));
        const there = batch.filter(Boolean);
        papers.push(...there.filter((paper) => !paper.lost && shown.every((term) => holds(paper, term))));
        if (there.length < batch.length) break;
      }
      return papers;
    },
  };
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
  for (const { kind, text: said, last } of terms) {
    if (kind === "id") continue;
    const words = parts(fold(said)).map(({ word, run }) =>
      word ? `(?<![a-z0-9])${last ? word : stem(word).replace(/i$/, "[iy]")}[a-z]*(?![a-z0-9])` : run.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
    );
    if (!words.length) continue;
    for (const match of whole.matchAll(new RegExp(words.join("[^\\p{L}\\p{N}]*"), "gu"))) {
      const from = Array.from(whole.slice(0, match.index)).length;
      const to = from + Array.from(match[0]).length - 1;
      if (to >= from) found.push([origin[from][0], origin[to][1]]);
    }
  }
  return found.sort((one, other) => one[0] - other[0]);
}
