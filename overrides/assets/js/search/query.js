// What a reader typed, as clauses (what is looked for) and filters (which papers count).
import { testOf } from "./filters.js";
import { initialsName, isInitials } from "./names.js";
import { fold, parts } from "./tokens.js";

export const LONGEST = 200;
const MOST_CLAUSES = 12;
const NEW_ID = /(?:^|[^a-z0-9.]|arxiv\.)(\d{4}\.\d{4,6})(?:v\d+)?(?:\.pdf)?(?![a-z0-9]|\.\d)/i;
const OLD_ID = /(?:^|[^a-z0-9.-]|arxiv\.)([a-z][a-z-]*(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?![a-z0-9])/i;
const CITED = /\barxiv:?\s+(?=\d{4}\.\d{4}|[a-z.-]+\/\d{7})/gi; // "arXiv: 2601.00001"
const STAMP =
  /(\d{4}\.\d{4,6}(?:v\d+)?|\/\d{7}(?:v\d+)?)\s+\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+\d{1,2}\s+[a-z]{3}\s+\d{4})?/gi; // at a PDF's edge

const OPERATORS = {
  author: ["author", "作者"],
  title: ["title", "标题"],
  cat: ["cat", "分类", "类别"],
  field: ["field", "方向"],
  before: ["before", "早于"],
  after: ["after", "晚于"],
  year: ["year", "年份"],
  score: ["score", "评分"],
};
const NAMED = new Map(Object.entries(OPERATORS).flatMap(([name, all]) => all.map((word) => [word, name])));
const QUOTED = '"([^"]+)"|“([^”]+)”|「([^」]+)」|『([^』]+)』';
const BARE = '["“「『]?((?:[^\\s"“「『]|(?<=[\\p{L}\\p{N}])")+)';
const TERM = new RegExp(
  `(?<![^\\s])(-)?(?:(${[...NAMED.keys()].join("|")}):\\s*)?(?:${QUOTED}|${BARE})|(?:${QUOTED}|${BARE})`,
  "giu",
);
const OTHER_OPERATOR = /^([a-z]{2,12}):(?=[^\s/])/i;

// Punctuation that touches what is not written with Latin letters stands beside it in the index: there a clause ends.
const PUNCTUATION = "[^\\p{L}\\p{M}\\p{N}\\s]+";
const OTHER = "(?![\\p{Script=Latin}0-9])[\\p{L}\\p{N}]";
const BORDER = new RegExp(`(?<=${OTHER})${PUNCTUATION}|${PUNCTUATION}(?=${OTHER})`, "u");
const ENDS = new RegExp(`^${PUNCTUATION}|${PUNCTUATION}$`, "gu");
const COMPARISON = /([<>≥≤]=?|=)\s+(?=\d)/g; // score: >= 8

// {clauses, filters, chips, notes, cut}
//   clauses  {alternatives: [{kind: "id" | "author" | "title" | "cat" | "phrase" | "text" | ..., text, last}], not}
//   filters  those that filters.js explains
//   chips    the operators as they were typed, each with the query that is left without it
//   notes    {unknown: operators that do not exist, wrong: values that an operator does not take}
//   cut      whether something was left out
export function readQuery(typed) {
  const text = typed
    .slice(0, LONGEST)
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(CITED, "")
    .replace(STAMP, "$1")
    .replace(COMPARISON, "$1");
  const reader = new Reader(text);
  for (const match of text.matchAll(TERM)) reader.take(match);
  return reader.whole(typed.length > LONGEST);
}

class Reader {
  #clauses = [];
  #chips = [];
  #notes = { unknown: [], wrong: [] };
  #filters = [];
  #text;
  #author; // the clause of an author: whose name may go on
  #or = false;
  #last; // what OR joins to: a list of alternatives, of a clause or a filter

  constructor(text) {
    this.#text = text;
  }

  take(match) {
    const [whole, minus, named, ...ways] = match;
    const bare = ways[4] ?? ways[9];
    const said = bare ?? ways.find((way) => way !== undefined) ?? "";
    const operator = named && NAMED.get(named.toLowerCase());
    const span = [match.index, match.index + whole.length];
    if (!operator && !minus && bare !== undefined && /^(OR|\|)$/.test(bare) && this.#last) {
      this.#or = true;
      this.#author = undefined;
    } else if (this.#author && !operator && !minus && bare !== undefined && !OTHER_OPERATOR.test(bare)) {
      this.#author.said += ` ${said}`;
      this.#author.chip[1] = span[1];
    } else this.#begin({ operator, not: Boolean(minus), said, bare, span });
  }

  #begin({ operator, not, said, bare, span }) {
    this.#author = undefined;
    if (
      bare !== undefined &&
      operator === undefined &&
      NAMED.has(bare.replace(/:$/, "").toLowerCase()) &&
      bare.endsWith(":")
    )
      return; // nothing follows yet
    if (operator || not) this.#chips.push(span);
    if (operator === "author") {
      const clause = this.#add([], not);
      this.#author = { clause, said, chip: this.#chips.at(-1) };
      clause.authors = [...(clause.authors ?? []), this.#author];
      if (bare === undefined) this.#author = undefined;
    } else if (operator) this.#operate(operator, said, not);
    else this.#words(said, bare, not, span);
  }

  #operate(operator, said, not) {
    if (operator === "title") this.#add([{ kind: "title", text: said.replace(ENDS, "") }], not);
    else if (operator === "cat") this.#add([{ kind: "cat", text: said.toLowerCase() }], not);
    else this.#filter(operator, said.replace(operator === "field" ? ENDS : /[,;，。；、)]+$/, ""), not);
  }

  // Several filters of which one has to let a paper through are one; OR joins no filter to a word.
  #filter(operator, value, not) {
    const test = testOf(operator, value);
    const or = this.#or;
    const before = this.#filters.at(-1);
    this.#or = false;
    if (!test) this.#notes.wrong.push(`${operator}:${value}`);
    else if (or && before && before === this.#last && before.not === not) before.any.push(test);
    else {
      if (or) this.#notes.wrong.push(`OR ${operator}:${value}`);
      this.#filters.push({ any: [test], not });
      this.#last = this.#filters.at(-1);
    }
  }

  #words(said, bare, not, span) {
    const id = (NEW_ID.exec(said) ?? OLD_ID.exec(said))?.[1];
    if (id && !/\s/.test(said.trim())) return this.#add([{ kind: "id", text: id }], not);
    if (bare === undefined) return this.#add([{ kind: "phrase", text: said.replace(ENDS, "") }], not);
    const other = OTHER_OPERATOR.exec(bare)?.[1];
    if (other && !/^(https?|arxiv|doi)$/i.test(other)) this.#notes.unknown.push(`${other}:`);
    const pieces = bare.split(BORDER).filter((piece) => parts(fold(piece)).length);
    if (not && pieces.length > 1) return this.#add([{ kind: "phrase", text: bare.replace(ENDS, "") }], not);
    for (const piece of pieces) {
      const ends = span[1] === this.#text.length && piece === pieces.at(-1);
      this.#add([{ kind: "text", text: piece, ...(ends && !not && { last: true }) }], not);
    }
  }

  #add(alternatives, not) {
    const before = this.#clauses.at(-1);
    const joined = this.#or && before && before === this.#last && before.not === not;
    this.#or = false;
    if (joined) before.alternatives.push(...alternatives);
    else this.#clauses.push({ alternatives, not });
    this.#last = this.#clauses.at(-1);
    return this.#last;
  }

  whole(long) {
    for (const clause of this.#clauses) {
      for (const { said } of clause.authors ?? [])
        clause.alternatives.push(...authorAlternatives(said.replace(ENDS, (end) => (/\.$/.test(end) ? "." : ""))));
      delete clause.authors;
    }
    const clauses = withInitials(this.#clauses.filter(({ alternatives }) => alternatives.some(isSought)));
    const chips = this.#chips.map(([from, to]) => ({
      text: this.#text.slice(from, to).trim(),
      without: `${this.#text.slice(0, from)} ${this.#text.slice(to)}`.replace(/\s+/g, " ").trim(),
    }));
    return {
      clauses: clauses.slice(0, MOST_CLAUSES),
      filters: this.#filters,
      chips,
      notes: this.#notes,
      cut: long || clauses.length > MOST_CLAUSES,
    };
  }
}

const isSought = ({ kind, text }) => kind === "id" || kind === "cat" || parts(fold(text)).length > 0;

function authorAlternatives(name) {
  const short = initialsName(name);
  return [{ kind: "author", text: name }, ...(short ? [{ kind: "initials", ...short, text: name }] : [])];
}

const isWord = ({ alternatives: [first, ...more], not }) => !not && !more.length && first.kind === "text";

// CLAUSES in which W. Zhang and Zhang, W. is one clause: by the initials too. Without its dot only where nothing else is asked.
function withInitials(clauses) {
  const made = [];
  for (let at = 0; at < clauses.length; at++) {
    const run = [2, 3]
      .map((size) => clauses.slice(at, at + size))
      .filter((some) => some.length > 1 && some.every(isWord));
    const found = run.reverse().find((some) => {
      const words = some.map(({ alternatives: [{ text }] }) => text);
      return (
        initialsName(words.join(" ")) &&
        (some.length === clauses.length || words.some((word) => isInitials(word) && word.includes(".")))
      );
    });
    if (found) {
      const text = found.map(({ alternatives: [alternative] }) => alternative.text).join(" ");
      made.push({
        not: false,
        alternatives: [
          { kind: "initials", ...initialsName(text), text },
          { kind: "words", text },
        ],
      });
      at += found.length - 1;
    } else made.push(clauses[at]);
  }
  return made;
}
