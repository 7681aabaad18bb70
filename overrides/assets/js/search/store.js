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
const before = SIGNS.map((_, place) => SIGNS.slice(0, place).reduce((sum, [from, to]) => sum + to - from + 1, 0));

async function unpacked(name) {
  const answer = await fetch(new URL(name, home));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).json();
}

// What there is: {segments: [{year, folder, papers, months}], fields: {slug: label}, words, synonyms}, from the newest on.
export async function readAbout() {
  const answer = await fetch(new URL("search.json", home), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`search.json: ${answer.status}`);
  return answer.json();
}

export const readSynonyms = (name) => unpacked(name);

// The numbers in TEXT, a sign each.
function numbers(text) {
  return Array.from(text, (sign) => {
    const code = sign.codePointAt(0);
    const place = SIGNS.findIndex(([, to]) => code <= to);
    return before[place] + code - SIGNS[place][0];
  });
}

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
      places = [];
      found.set(paper, places);
    }
    places.push(all[size + at]);
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

  // Of every paper, by number: field, score (in tenths) and day.
  async open() {
    if (this.#table) return this.#table;
    const { days, fields, field, score } = await this.#file("table");
    const scores = numbers(score);
    const day = new Uint16Array(scores.length);
    let paper = 0;
    for (const [number, [, papers]] of days.entries()) {
      day.fill(number, paper, paper + papers);
      paper += papers;
    }
    this.#table = {
      size: scores.length,
      dates: days.map(([date]) => date),
      day,
      field: numbers(field).map((place) => fields[place]),
      score: scores,
    };
    return this.#table;
  }

  // The first tokens of the shards of KIND: "words" or "abstracts".
  async #firsts(kind) {
    return kind === "words" ? (await this.#file("table")).words : this.#file("abstracts");
  }

  // The entries [token, postings] of the tokens from FIRST up to LAST.
  async #between(kind, first, last) {
    const firsts = await this.#firsts(kind);
    const from = Math.max(0, firsts.filter((word) => word <= first).length - 1);
    const names = firsts.flatMap((word, number) => (number >= from && word <= last ? [`${kind}/${number}`] : []));
    const shards = await Promise.all(names.map((name) => this.#file(name)));
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
        found.set(paper, before ? [...before, ...places] : places);
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
    const { dates, day, field, score } = await this.open();
    const cards = await this.#file(`cards/${Math.floor(number / CARDS)}`);
    return { ...cards[number % CARDS], d: dates[day[number]], f: field[number], s: (score[number] / 10).toFixed(1) };
  }
}
