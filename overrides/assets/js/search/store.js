// The index as generator/publish/search/index.py writes it, segment by segment: each file is read when a token in it is asked for.
const home = new URL("../../../search-index/", import.meta.url);
const CARDS = 10;

// The codes of the signs that stand for 0, 1, ...: from each first one up to the next one's last.
const SIGNS = [
  [0x28, 0x3b],
  [0x3f, 0x5b],
  [0x5d, 0x5f],
  [0x61, 0x7e],
  [0xc0, 0x2af],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];
const SHORT = 0x10000; // codes below it are one unit of a text, others two
const numberOf = new Uint16Array(SHORT); // of each such code that is a sign
const beyond = []; // the others: [first code, its number]
let signs = 0;
for (const [from, to] of SIGNS) {
  if (from >= SHORT) beyond.unshift([from, signs]);
  else for (let code = from; code <= to; code++) numberOf[code] = signs + code - from;
  signs += to - from + 1;
}

async function unpacked(name) {
  const answer = await fetch(new URL(name, home));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).json();
}

// What there is: {segments: [{year, folder, papers, months}], fields: {slug: label}, words, synonyms}, from the newest on.
export const readAbout = () => readJson("search.json");

async function readJson(name) {
  const answer = await fetch(new URL(name, home), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

export const readSynonyms = (name) => unpacked(name);

// What was not picked, as generator/publish/search/unpicked.py writes it: the weeks, newest first; the papers of one.
export const readWeeks = () => readJson("unpicked.json");
export const readWeek = ({ file }) => unpacked(file);

// The numbers in TEXT, a sign each.
function numbers(text) {
  const found = new Uint32Array(text.length);
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.codePointAt(at);
    if (code < SHORT) found[size++] = numberOf[code];
    else {
      const [first, number] = beyond.find(([from]) => code >= from);
      found[size++] = number + code - first;
      at++;
    }
  }
  return found.subarray(0, size);
}

// The number at PLACE in TEXT, where all are small.
const smallAt = (text, place) => numberOf[text.charCodeAt(place)];

// The postings in TEXT: a map from paper to the places where it holds the token.
function postings(text) {
  const all = numbers(text);
  const size = all.length / 2;
  const found = new Map();
  let paper = 0;
  let places;
  for (let at = 0; at < size; at++) {
    if (at === 0 || all[at]) {
      paper += all[at];
      places = [all[size + at]];
      found.set(paper, places);
    } else places.push(all[size + at]);
  }
  return found;
}

export class Segment {
  #files = new Map();
  #folder;
  #table;

  constructor({ year, folder }) {
    this.year = year;
    this.name = folder;
    this.#folder = folder;
  }

  // Each file once; one that failed is asked for again the next time.
  #file(name) {
    if (!this.#files.has(name)) {
      const file = unpacked(`${this.#folder}/${name}.gz`);
      this.#files.set(name, file);
      file.catch(() => this.#files.delete(name));
    }
    return this.#files.get(name);
  }

  // Begins to load what every query needs; what fails is told when it is needed.
  prepare() {
    this.#file("table").catch(() => {});
  }

  // How many papers there are, the dates of their days and, of each by its number: field, score (in tenths) and day.
  open() {
    if (!this.#table) {
      this.#table = this.#opened();
      this.#table.catch(() => (this.#table = undefined));
    }
    return this.#table;
  }

  async #opened() {
    const { days, fields, field, score } = await this.#file("table");
    const day = new Uint16Array(score.length);
    let paper = 0;
    for (const [number, [, papers]] of days.entries()) {
      day.fill(number, paper, paper + papers);
      paper += papers;
    }
    return {
      size: score.length,
      dates: days.map(([date]) => date),
      dateOf: (number) => days[day[number]][0],
      fieldOf: (number) => fields[smallAt(field, number)],
      scoreOf: (number) => smallAt(score, number),
    };
  }

  // The first tokens of the shards of KIND: "words" or "abstracts".
  async #firsts(kind) {
    return kind === "words" ? (await this.#file("table")).words : this.#file("abstracts");
  }

  // The entries [token, postings] of the tokens from FIRST up to LAST.
  async #between(kind, first, last) {
    const firsts = await this.#firsts(kind);
    const from = Math.max(
      0,
      firsts.findLastIndex((word) => word <= first),
    );
    const names = firsts.flatMap((word, number) => (number >= from && word <= last ? [`${kind}/${number}`] : []));
    const shards = await Promise.all(names.map((name) => this.#file(name)));
    if (first === last) return shards.flatMap((shard) => (Object.hasOwn(shard, first) ? [[first, shard[first]]] : []));
    return shards.flatMap((shard) => Object.entries(shard).filter(([token]) => token >= first && token <= last));
  }

  // Where the tokens of KIND stand that a slot of a query stands for, {token} or {prefix, fits, whole, or}: a map from
  // paper to places; and the papers in which one of them is WHOLE and does not only begin so.
  async postings(kind, { token, prefix, fits, whole, or }) {
    const entries =
      prefix === undefined
        ? await this.#between(kind, token, token)
        : await this.#between(kind, prefix, `${prefix}\uffff`);
    if (or) entries.push(...(await this.#between(kind, or, or)));
    const chosen = prefix === undefined ? entries : entries.filter(([word]) => word === or || fits(word));
    if (chosen.length === 1 && !whole) return { found: postings(chosen[0][1]), whole: null };
    const found = new Map();
    const wholes = whole && new Set();
    for (const [word, text] of chosen) {
      const isWhole = whole?.(word);
      for (const [paper, places] of postings(text)) {
        const before = found.get(paper);
        if (before) before.push(...places);
        else found.set(paper, places);
        if (isWhole) wholes.add(paper);
      }
    }
    return { found, whole: wholes };
  }

  // The words of the segment that more than a few papers hold: {word: papers}.
  vocabulary() {
    return this.#file("vocabulary");
  }

  // What is shown of paper NUMBER: {i, t, a, r, e, d, f, s}.
  async card(number) {
    const { dateOf, fieldOf, scoreOf } = await this.open();
    const cards = await this.#file(`cards/${Math.floor(number / CARDS)}`);
    return { ...cards[number % CARDS], d: dateOf(number), f: fieldOf(number), s: (scoreOf(number) / 10).toFixed(1) };
  }
}
