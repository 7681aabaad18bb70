// Parses what a reader typed into search terms.
import { fold, parts } from "./tokens.js";

export const LONGEST = 200;
const MOST_TERMS = 12;
const NEW_ID = /(?:^|[^a-z0-9.]|arxiv\.)(\d{4}\.\d{4,6})(?:v\d+)?(?:\.pdf)?(?![a-z0-9]|\.\d)/i;
const OLD_ID = /(?:^|[^a-z0-9.-]|arxiv\.)([a-z][a-z-]*(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?![a-z0-9])/i;
const CITED = /\barxiv:?\s+(?=\d{4}\.\d{4}|[a-z.-]+\/\d{7})/gi; // "arXiv: 2601.00001"
const STAMP =
  /(\d{4}\.\d{4,6}(?:v\d+)?|\/\d{7}(?:v\d+)?)\s+\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+\d{1,2}\s+[a-z]{3}\s+\d{4})?/gi; // at a PDF's edge
const TERM =
  /(?:(author|作者):\s*)?(?:"([^"]+)"|“([^”]+)”|「([^」]+)」|『([^』]+)』|["“「『]?((?:[^\s"“「『]|(?<=[\p{L}\p{N}])")+))/giu;

// Punctuation that touches what is not written with Latin letters stands beside it in the index: there a term ends.
const PUNCTUATION = "[^\\p{L}\\p{M}\\p{N}\\s]+";
const OTHER = "(?![\\p{Script=Latin}0-9])[\\p{L}\\p{N}]";
const BORDER = new RegExp(`(?<=${OTHER})${PUNCTUATION}|${PUNCTUATION}(?=${OTHER})`, "u");
const ENDS = new RegExp(`^${PUNCTUATION}|${PUNCTUATION}$`, "gu");

// {terms, cut}: terms are {kind: "id" | "author" | "phrase" | "text", text, last}; cut: whether something was left out.
export function readQuery(typed) {
  const text = typed
    .slice(0, LONGEST)
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(CITED, "")
    .replace(STAMP, "$1");
  const terms = [...text.matchAll(TERM)].flatMap(read).filter(({ text: said }) => parts(fold(said)).length);
  const last = terms.at(-1);
  if (last && last.kind === "text" && !/\s$/.test(text)) last.last = true;
  return { terms: terms.slice(0, MOST_TERMS), cut: typed.length > LONGEST || terms.length > MOST_TERMS };
}

// The terms of a MATCH of TERM.
function read([whole, author, ...ways]) {
  const plain = ways.pop();
  const said = plain ?? ways.find(Boolean);
  if (author) return [{ kind: "author", text: said.replace(ENDS, "") }];
  if (/^(author|作者):$/i.test(whole)) return []; // nothing follows yet
  const id = (NEW_ID.exec(said) ?? OLD_ID.exec(said))?.[1];
  if (id && !/\s/.test(said.trim())) return [{ kind: "id", text: id }];
  return plain === undefined
    ? [{ kind: "phrase", text: said.replace(ENDS, "") }]
    : plain.split(BORDER).map((piece) => ({ kind: "text", text: piece }));
}

// A name in the orders in which it may be written: "Zhang, Wei" and "Zhang Wei" are Wei Zhang too.
export function orders(name) {
  const [family, given] = name.split(/,(.*)/s);
  const words = name.split(/[\s,]+/).filter(Boolean);
  const turned = given
    ? [`${given} ${family}`]
    : [[...words.slice(1), words[0]].join(" "), [words.at(-1), ...words.slice(0, -1)].join(" ")];
  return [...new Set([words.join(" "), ...turned.map((order) => order.trim())])];
}
