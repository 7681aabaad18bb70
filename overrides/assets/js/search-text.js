// From text to the tokens of the index: the twin of generator/search_text.py, which says why. A test holds the two together.
const LETTERS = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };
const PART = /[a-z0-9]+|[^\sa-z0-9]+/g;
const TEXT = /[\p{L}\p{M}\p{N}]/u;

export function fold(text) {
  const small = text.normalize("NFKC").toLowerCase().replace(/[øłđðħıßæœþ]/g, (sign) => LETTERS[sign]);
  return small.normalize("NFD").replace(/\p{Mn}/gu, "").normalize("NFKC");
}

// WORD (a-z) without the endings of plural, past and progressive: the first steps of Porter's stemmer.
export function stem(word) {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  if (/s$/.test(word) && !/(ss|us|is)$/.test(word)) word = word.slice(0, /sses$/.test(word) ? -2 : -1);
  const ending = /(eed|ed|ing)$/.exec(word)?.[0];
  if (ending && ending !== "eed") {
    const base = word.slice(0, -ending.length);
    if (base.length > 2 && /[aeiouy]/.test(base)) {
      const doubled = base.at(-1) === base.at(-2) && !"lsz".includes(base.at(-1));
      word = doubled ? base.slice(0, -1) : base;
    }
  }
  if (word.length > 4 && word.endsWith("e")) word = word.slice(0, -1);
  return word.length > 3 && /[yi]$/.test(word) ? `${word.slice(0, -1)}i` : word;
}

export const idToken = (id) => `I${id.toLowerCase()}`;

// The parts of folded TEXT: {word} or {run}; punctuation by itself is no part.
export function parts(folded) {
  const found = folded.match(PART) ?? [];
  return found
    .map((part) => (/^[a-z0-9]/.test(part) ? { word: part } : { run: part }))
    .filter(({ word, run }) => word || TEXT.test(run));
}

// The tokens of a text, as the index holds them; OPEN: of a piece cut out of one, whose ends may be in midst of a run.
export function tokens(text, open = false) {
  const found = parts(fold(text));
  return found.flatMap(({ word, run }, place) => {
    if (word) return [word];
    const signs = Array.from(run);
    const pairs = signs.slice(1).map((sign, before) => signs[before] + sign);
    const first = open && place === 0 ? [] : [`F${signs[0]}`];
    const last = open && place === found.length - 1 ? [] : [`L${signs.at(-1)}`];
    return [...first, ...pairs, ...last];
  });
}

// The single character that TEXT is; null if it is more or less than that.
export function single(text) {
  const [only, ...more] = parts(fold(text));
  return !more.length && only?.run && Array.from(only.run).length === 1 ? only.run : null;
}
