// Splits text into the tokens of the search index. A Python module does the same when it builds the index and explains why;
// a test compares the two.
const LETTERS = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };
const PART = /[a-z0-9]+|[^\sa-z0-9]+/g;
export const TEXT = /[\p{L}\p{M}\p{N}]/u;

export const HAN = /\p{Script=Han}/u;

// The words that no abstract's index holds.
const STOP =
  "a an and are as at be by can for from has have in is it its not of on or our that the their these this to we which with";
const STOP_WORDS = new Set(STOP.split(" "));
export const isStopWord = (token) => STOP_WORDS.has(token);

const ASCII = /^[\0-\x7f]*$/;

export function fold(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  const small = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[øłđðħıßæœþ]/g, (sign) => LETTERS[sign]);
  return small
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .normalize("NFKC");
}

const WHOLE = new Set(["alias", "atlas", "bias", "canvas", "chaos", "embed", "lens"]); // their s or ed is no ending
const SHORT = /^[^aeiou]+[aeiou][^aeiouwxy]$/; // hop: with e another word, hope, and with ing hopping
const sounds = (word) => word.replace(/(?<=[^aeiou])y/g, "i");

// WORD (a-z) without the endings of plural, past and progressive: Porter's stemmer, of whose steps 2 to 4 there is nothing.
export function stem(word) {
  if (word.length < 4 || WHOLE.has(word) || !/^[a-z]+$/.test(word)) return word;
  if (/s$/.test(word) && !/(ss|...[iu]s)$/.test(word)) return stem(word.slice(0, /sses$/.test(word) ? -2 : -1));
  const root = infinitive(word);
  const base = sounds(root.slice(0, -1));
  const mute = root.length > 3 && /e$/.test(root) && /[aeiou][^aeiou]/.test(base) && !SHORT.test(base);
  return settled(mute ? root.slice(0, -1) : root);
}

// tuned, tuning: tune; fitting: fit; using: use.
function infinitive(word) {
  if (/..[rt]eed$/.test(word)) return word.slice(0, -1); // agreed, guaranteed
  const ending = /(eed|ed|ing)$/.exec(word)?.[0] ?? "eed";
  const base = word.slice(0, -ending.length);
  if (ending === "eed" || !/[aeiouy]/.test(base)) return word;
  if (base.length < 3) return /^[aeiou][^aeiouwxy]$/.test(base) ? `${base}e` : word;
  if (base.length > 3 && base.at(-1) === base.at(-2) && !"lsz".includes(base.at(-1))) return base.slice(0, -1);
  return SHORT.test(sounds(base)) ? `${base}e` : base;
}

// controll: control, but not cal of call; query: queri, as of queries.
function settled(root) {
  if (/[aeiou][^aeiou]+[aeiou]+ll$/.test(root)) return root.slice(0, -1);
  return root.length > 3 && /y$/.test(root) ? `${root.slice(0, -1)}i` : root;
}

// What all words of which ROOT is the stem begin with.
export function beginning(root) {
  return root.length > 3 || /^[aeiou][^aeiouwxy]e$/.test(root) ? root.replace(/[ei]$/, "") : root;
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
