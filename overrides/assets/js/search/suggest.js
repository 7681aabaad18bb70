// "Did you mean": the nearest words of the archive to those that it hardly holds.
import { segmentOf } from "./engine.js";
import { fold, parts, stem } from "./tokens.js";

const SHORTEST = 4; // letters of a word that may be a typo
const TWO_FROM = 7; // letters from which two slips are forgiven
const FEW = 10; // papers: a word that so few hold may be a typo of one that more hold
const MORE = 8; // times as many
const QUOTED = /("[^"]*"|“[^”]*”|「[^」]*」|『[^』]*』)/; // what is quoted is meant as it stands
const LATIN_WORD = /(?<![-\p{L}\p{N}:])[\p{Script=Latin}\p{M}]+(?![\p{L}\p{N}:])/gu;

// How many letters must be changed, added, left out or swapped to make OTHER of WORD; more than MOST counts as MOST + 1.
export function slips(word, other, most) {
  if (Math.abs(word.length - other.length) > most) return most + 1;
  let before = [];
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= word.length; at++) {
    const row = [at];
    for (let there = 1; there <= other.length; there++) {
      const same = word[at - 1] === other[there - 1];
      row[there] = Math.min(above[there] + 1, row[there - 1] + 1, above[there - 1] + (same ? 0 : 1));
      const swapped = at > 1 && there > 1 && word[at - 1] === other[there - 2] && word[at - 2] === other[there - 1];
      if (swapped) row[there] = Math.min(row[there], before[there - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, above] = [above, row];
  }
  return above[other.length];
}

// The word of VOCABULARY (a map to the number of papers) that WORD was meant to be; null where it is fine or nothing is near.
export function nearest(word, vocabulary) {
  if (word.length < SHORTEST || /\d/.test(word)) return null;
  const held = vocabulary.get(word) ?? 0;
  if (held >= FEW) return null;
  const most = word.length < TWO_FROM ? 1 : 2;
  let best = null;
  for (const [other, papers] of vocabulary) {
    if (other === word || papers <= held * MORE || stem(other) === stem(word)) continue;
    const far = slips(word, other, most);
    if (far > most) continue;
    const value = Math.log(papers) - 3 * far - (other[0] === word[0] ? 0 : 2);
    if (!best || value > best.value) best = { other, value };
  }
  return best?.other ?? null;
}

// What was TYPED with each word that hardly any paper of ROWS holds replaced by the nearest one; null where that changes nothing.
export async function corrected(typed, rows) {
  const vocabulary = new Map();
  for (const some of await Promise.all(rows.map((row) => segmentOf(row).vocabulary()))) {
    for (const [word, papers] of Object.entries(some)) vocabulary.set(word, (vocabulary.get(word) ?? 0) + papers);
  }
  const meant = (word) => {
    const [part] = parts(fold(word));
    return (part?.word && word !== "OR" && nearest(part.word, vocabulary)) || word;
  };
  const text = typed
    .split(QUOTED)
    .map((piece, place) => (place % 2 ? piece : piece.replace(LATIN_WORD, meant)))
    .join("");
  return text === typed ? null : text;
}
