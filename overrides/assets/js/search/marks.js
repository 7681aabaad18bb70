// Where a text holds what a query looks for: what is marked, and which sentence of an abstract is shown.
import { orders } from "./names.js";
import { beginning, fold, parts, stem } from "./tokens.js";

const SENTENCE = /[^.!?。！？]+(?:[.!?。！？]+(?!\s|$)[^.!?。！？]*)*[.!?。！？]*\s*/gu; // a point within 3.5 or e.g. ends none
const LONGEST = 320;

// The forms of WORD that a search finds too, as an expression; BEGUN: and all words that begin so.
function forms(word, begun) {
  const root = stem(word);
  const cut = beginning(root);
  const more = /i$/.test(root) && cut !== root ? "[iy]" : "";
  const endings = /e$/.test(root) && cut !== root ? "(?:e{1,2}[sd]?|e{0,2}ings?)" : "(?:e|es|s|d|ed|ing|ings)?";
  const inflected = /^[a-z]{3,}$/.test(root) ? `|${cut}${more || `${cut.at(-1)}?`}${endings}` : "";
  return `${word}${begun && word.length > 2 ? "[a-z0-9]*" : ""}${inflected}`;
}

const LITERAL = /[.*+?^${}()|[\]\\]/g;

// What an ALTERNATIVE of a clause looks for, as expressions.
function expressions({ kind, text, last, family, initials }) {
  if (["id", "cat", "concept"].includes(kind)) return [];
  if (kind === "initials") return [`(?<![a-z0-9])${initials[0]}[\\p{L}.' -]*[ -]${family}(?![a-z0-9])`];
  if (kind === "author") return orders(text).map(nameExpression);
  const sayings = kind === "words" ? text.split(/\s+/) : [text];
  return sayings.map((said) => {
    const all = parts(fold(said));
    const words = all.map(({ word, run }, place) =>
      run
        ? run.replace(LITERAL, "\\$&")
        : `(?<![a-z0-9])(?:${kind === "phrase" ? word : forms(word, last && place === all.length - 1)})(?![a-z0-9])`,
    );
    return words.join("[^\\p{L}\\p{N}]*");
  });
}

// A NAME, whose given names may be written as one or as several: Xiao-Ming Li and Xiaoming Li.
function nameExpression(name) {
  const words = parts(fold(name)).map(({ word, run }) =>
    word ? [...word].join("[- ]?") : run.replace(LITERAL, "\\$&"),
  );
  return words.length ? `(?<![a-z0-9])${words.join("[^\\p{L}\\p{N},]*")}(?![a-z0-9])` : "";
}

// What of a text is to be marked for ALTERNATIVES: pairs of places.
export function places(text, alternatives) {
  const folded = [];
  const origin = [];
  let at = 0;
  for (const sign of Array.from(text)) {
    for (const part of fold(sign)) {
      folded.push(part);
      origin.push([at, at + sign.length]);
    }
    at += sign.length;
  }
  const whole = folded.join("");
  const found = [];
  for (const expression of alternatives.flatMap(expressions).filter(Boolean)) {
    for (const match of whole.matchAll(new RegExp(expression, "gu"))) {
      const from = Array.from(whole.slice(0, match.index)).length;
      const to = from + Array.from(match[0]).length - 1;
      if (to >= from) found.push([origin[from][0], origin[to][1]]);
    }
  }
  return found.sort(([from], [other]) => from - other);
}

// Whether a text, folded, holds what one of ALTERNATIVES looks for: a function that tells it.
export function holds(alternatives) {
  const all = alternatives.map((alternative) =>
    expressions(alternative)
      .filter(Boolean)
      .map((expression) => new RegExp(expression, "u")),
  );
  return (folded) => all.some((patterns) => patterns.length > 0 && patterns.every((pattern) => pattern.test(folded)));
}

export const marksOf = ({ marks, alternatives }) => marks ?? alternatives;

// The sentence of TEXT that holds most of what CLAUSES look for; cut around the first of it where it is long.
export function sentence(text, clauses) {
  const wanted = clauses.filter(({ not }) => !not);
  const all = (text.match(SENTENCE) ?? [text]).map((piece) => piece.trim());
  const held = all.map((piece) => wanted.filter((clause) => places(piece, marksOf(clause)).length).length);
  const best = all[held.indexOf(Math.max(...held))] ?? "";
  if (best.length <= LONGEST) return best;
  const [first] = places(best, wanted.flatMap(marksOf));
  const from = Math.max(0, (first?.[0] ?? 0) - LONGEST / 2);
  return `${from ? "…" : ""}${best.slice(from, from + LONGEST)}…`;
}
