// Reads the search index that Python writes for each year, shard by shard, when a token in a shard is needed.
import { root } from "../common/root.js";

const home = new URL("search-index/", root);
const CARDS = 10;

async function read(name) {
  const response = await fetch(new URL(name, home));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).json();
}

// What there is: {years: [{year, folder, papers, months}], fields: {slug: label}, words: {...}}, years from the newest on.
export async function readAbout() {
  const response = await fetch(new URL("search.json", home), { cache: "no-cache" });
  if (!response.ok) throw new Error(`search.json: ${response.status}`);
  return response.json();
}

export class Year {
  #files = new Map();
  #folder;
  #table;

  constructor({ year, folder }) {
    this.year = year;
    this.#folder = folder;
  }

  // Each file once; one that failed is asked for again the next time.
  #file(name) {
    if (!this.#files.has(name)) {
      const file = read(`${this.#folder}/${name}.gz`);
      this.#files.set(name, file);
      file.catch(() => this.#files.delete(name));
    }
    return this.#files.get(name);
  }

  // Of every paper, by number: field, score and day; the tokens with which the shards begin.
  async open() {
    if (this.#table) return this.#table;
    const { words, days, fields, f, s } = await this.#file("table");
    const day = new Uint16Array(s.length);
    let paper = 0;
    for (const [number, [, papers]] of days.entries()) {
      day.fill(number, paper, paper + papers);
      paper += papers;
    }
    this.#table = {
      words,
      size: s.length,
      dates: days.map(([date]) => date),
      day,
      field: f.map((place) => fields[place]),
      score: s,
    };
    return this.#table;
  }

  // The entries [token, [papers, places]] of the tokens from FIRST up to LAST.
  async #between(first, last) {
    const { words } = await this.open();
    const from = Math.max(0, words.filter((word) => word <= first).length - 1);
    const names = words.flatMap((word, number) => (number >= from && word <= last ? [`words/${number}`] : []));
    const shards = await Promise.all(names.map((name) => this.#file(name)));
    return shards.flatMap((shard) => Object.entries(shard).filter(([token]) => token >= first && token <= last));
  }

  // Where the tokens stand that a slot of a query stands for, {token} or {prefix, fits, whole, or}: a map from paper to
  // places; and the papers in which one of them is WHOLE and does not only begin so.
  async postings({ token, prefix, fits, whole, or }) {
    const entries =
      prefix === undefined ? await this.#between(token, token) : await this.#between(prefix, `${prefix}\uffff`);
    if (or) entries.push(...(await this.#between(or.token, or.token)));
    const found = new Map();
    const wholes = whole && new Set();
    for (const [word, [papers, places]] of entries) {
      if (prefix !== undefined && word !== or?.token && !fits(word)) continue;
      const isWhole = whole?.(word);
      let paper = 0;
      for (let at = 0; at < papers.length; at++) {
        paper += papers[at];
        const here = typeof places[at] === "number" ? [places[at]] : places[at];
        const before = found.get(paper);
        found.set(paper, before ? [...before, ...here] : here);
        if (isWhole) wholes.add(paper);
      }
    }
    return { found, whole: wholes };
  }

  // What is shown of paper NUMBER: {i, t, a, r, e, d, f, s}.
  async card(number) {
    const { dates, day, field, score } = await this.open();
    const cards = await this.#file(`cards/${Math.floor(number / CARDS)}`);
    return { ...cards[number % CARDS], d: dates[day[number]], f: field[number], s: (score[number] / 10).toFixed(1) };
  }
}
