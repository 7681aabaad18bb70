// Which papers of a segment hold what an alternative of a clause looks for, and where.
import { orders } from "./names.js";
import { beginning, fold, HAN, idToken, isStopWord, parts, single, stem, tokens } from "./tokens.js";

const STEP = 6; // tokens that are looked up at once: where they are nowhere, the others are not asked for
const WORD = /^[a-z0-9]+$/;
const SHORTEST_BEGINNING = 4; // letters of a word in an abstract that is not yet typed to its end
const NAME = 8; // names begin at places that are multiples of it
export const TITLE = 0;
export const AUTHOR = 1;
export const REASON = 2;
const LAST_OF_NAME = 3;
const SYNONYM = 0.9; // what another form counts for, of the one that was typed
const weightOf = ({ kind }) => (kind === "concept" ? SYNONYM : 1);
export const ABSTRACT = 4;

// A place among the words of a paper: how far it is, and in which part. That in an abstract is how far it is.
export const IN_WORDS = 2; // bits of a part
const distance = (place) => place >> IN_WORDS;
export const partOf = (place) => (place % 4 === LAST_OF_NAME ? AUTHOR : place % 4);

// The slots of an alternative, one behind the other: each a token, or all tokens with a beginning that fit.
export function slotsOf({ kind, text, last, token }) {
  if (kind === "id") return [{ token: idToken(text) }];
  if (kind === "concept") return [{ token }];
  if (kind === "cat")
    return [
      text.includes(".") || text.includes("-")
        ? { token: `C${text}` }
        : { prefix: `C${text}`, fits: (other) => other === `C${text}` || other.startsWith(`C${text}.`) },
    ];
  const only = single(text);
  if (only) return [{ prefix: only, fits: () => true, or: `L${only}` }]; // pairs that begin with it; its last
  const all = tokens(text, true);
  if (kind === "phrase" || kind === "author") return all.map((word) => ({ token: word }));
  return all.map((word, place) => {
    if (!WORD.test(word) || word.length < 3) return { token: word }; // nothing so short is an inflected word's stem
    const root = stem(word);
    const typing = last && place === all.length - 1;
    const whole = (other) => stem(other) === root;
    const fits = (other) => WORD.test(other) && ((typing && other.startsWith(word)) || whole(other));
    return { prefix: beginning(root), fits, whole, token: word, typing };
  });
}

// The same for abstracts, which hold no stop words, and none of whose words are looked up by a few first letters; null
// where nothing is looked up there: of a term with synonyms its group alone is.
export function abstractSlots(alternative) {
  if (alternative.kind === "concept") return slotsOf(alternative);
  const isText = ["text", "phrase", "words"].includes(alternative.kind);
  if (!isText || HAN.test(alternative.text)) return null;
  const slots = slotsOf(alternative).map((slot) => {
    if (isStopWord(slot.token)) return { any: true };
    return slot.typing && slot.token.length < SHORTEST_BEGINNING ? { ...slot, fits: slot.whole } : slot;
  });
  return slots.every(({ any }) => any) ? null : slots;
}

// LIST in pieces of STEP tokens each, more if one has more.
export function* steps(list, tokensOf = () => 1) {
  let some = [];
  let sum = 0;
  for (const item of list) {
    some.push(item);
    sum += tokensOf(item);
    if (sum < STEP) continue;
    yield some;
    [some, sum] = [[], 0];
  }
  if (some.length) yield some;
}

// Of the papers KEPT, with the places where they hold what is looked for, those that hold FOUND so much BEHIND it.
function followed(kept, found, behind, bits) {
  const next = new Map();
  for (const [paper, places] of kept) {
    const here = found.get(paper);
    if (!here) continue;
    const there = places.filter((place) => here.some((other) => other >> bits === (place >> bits) + behind));
    if (there.length) next.set(paper, there);
  }
  return next;
}

// The papers that hold SLOTS one behind the other: {found: map from paper to the first one's places, whole, ends: the
// papers that hold the last one}.
async function sequence(segment, kind, slots) {
  const bits = kind === "words" ? IN_WORDS : 0;
  const wholes = [];
  let kept;
  let ends;
  let first = 0;
  const asked = slots.map((slot, place) => ({ ...slot, place })).filter(({ any }) => !any);
  for (const some of steps(asked)) {
    const all = await Promise.all(some.map((slot) => segment.postings(kind, slot)));
    all.forEach(({ found, whole }, number) => {
      if (whole) wholes.push(whole);
      if (!kept) [kept, first] = [found, some[number].place];
      else kept = followed(kept, found, some[number].place - first, bits);
      ends = found;
    });
    if (!kept.size) break;
  }
  return { found: kept ?? new Map(), whole: (paper) => wholes.every((papers) => papers.has(paper)), ends };
}

// How well a name is met: in the order in which it was typed, in another one, in part.
const AS_TYPED = 3;
export const WHOLE_NAME = 2;
const PART_OF_NAME = 1;

// Whether SIZE words of which the first stand at AT, of authors, are all of a name or a part of one; the last at ENDS.
function named(at, ends, size) {
  if (!at.length) return 0;
  const isEnd = (far) => ends.some((end) => end % 4 === LAST_OF_NAME && distance(end) === far);
  return at.some((place) => distance(place) % NAME === 0 && isEnd(distance(place) + size - 1))
    ? WHOLE_NAME
    : PART_OF_NAME;
}

const NOWHERE = [];

// How a paper fits a clause: the places in its WORDS and in its ABSTRACT; whether all words are WHOLE; how well a NAME is
// met; the places in words where it stands EXACT as it was typed, neither inflected nor completed; the WEIGHT of the form.
const fit = ({ words = NOWHERE, abstract = NOWHERE, whole, name = 0, exact = NOWHERE, weight = 1 }) => ({
  ...{ words, abstract, whole, name, exact, weight },
});

// The papers with an author TEXT, in any of its orders.
async function authored(segment, { text }) {
  const found = new Map();
  const joined = text.replace(/(?<=\p{L})-(?=\p{L})/gu, ""); // Xiao-Ming is Xiaoming
  const turns = [...new Set([text, joined])].flatMap((form) => [...orders(form).entries()]);
  const spelt = turns.map(([number, order]) => [number, tokens(order, true)]).filter(([, words]) => words.length);
  const asOne = spelt
    .filter(([, words]) => words.length > 2 && words.every((word) => word.length > 1))
    .map(([number, words]) => [number, [words.slice(0, -1).join(""), words.at(-1)]]); // Xiao Ming Li is Xiaoming Li
  const seen = new Set();
  for (const [number, words] of [...spelt, ...asOne]) {
    if (seen.has(words.join(" "))) continue;
    seen.add(words.join(" "));
    const slots = words.map((token) => ({ token }));
    const { found: papers, ends } = await sequence(segment, "words", slots);
    for (const [paper, places] of papers) {
      const at = places.filter((place) => partOf(place) === AUTHOR);
      const met = named(at, ends.get(paper), slots.length);
      const name = met === WHOLE_NAME && number === 0 ? AS_TYPED : met;
      if (name && (found.get(paper)?.name ?? 0) < name) found.set(paper, fit({ words: at, name, whole: true }));
    }
  }
  return found;
}

async function byInitials(segment, { family, initials }) {
  const first = `A${family},${initials}`;
  const { found } = await segment.postings("words", { prefix: first, fits: () => true });
  return changed(found, (words) => fit({ words, name: WHOLE_NAME, whole: true }));
}

// The papers that hold all words of TEXT, wherever.
async function allWords(segment, { text, last }) {
  const pieces = text.split(/\s+/).filter((piece) => parts(fold(piece)).length);
  const all = await Promise.all(
    pieces.map((piece, at) => lookUp(segment, { kind: "text", text: piece, last: last && at === pieces.length - 1 })),
  );
  const [first, ...others] = all;
  return changed(first, (met, paper) =>
    others.every((found) => found.has(paper))
      ? { ...met, words: all.flatMap((found) => found.get(paper).words) }
      : null,
  );
}

// FOUND with each value as CHANGE(value, paper) makes it; those are left out of which it makes nothing.
function changed(found, change) {
  const made = new Map();
  for (const [paper, value] of found) {
    const next = change(value, paper);
    if (next) made.set(paper, next);
  }
  return made;
}

// The papers of SEGMENT that hold ALTERNATIVE in title, authors or reason: a map from paper to how it fits.
export async function lookUp(segment, alternative) {
  if (alternative.kind === "author") return authored(segment, alternative);
  if (alternative.kind === "initials") return byInitials(segment, alternative);
  if (alternative.kind === "words") return allWords(segment, alternative);
  const slots = slotsOf(alternative);
  const { found, whole } = await sequence(segment, "words", slots);
  const asIs = slots.length === 1 && slots[0].whole ? await segment.postings("words", { token: slots[0].token }) : null;
  const weight = weightOf(alternative);
  return changed(found, (places, paper) => {
    const words = alternative.kind === "title" ? places.filter((place) => partOf(place) === TITLE) : places;
    const exact = asIs ? asIs.found.get(paper) : words;
    return words.length ? fit({ words, whole: whole(paper), exact, weight }) : null;
  });
}

// The same in their abstracts.
export async function lookUpAbstracts(segment, alternative) {
  const slots = abstractSlots(alternative);
  if (!slots) return new Map();
  const { found, whole } = await sequence(segment, "abstracts", slots);
  const weight = weightOf(alternative);
  return changed(found, (abstract, paper) => fit({ abstract, whole: whole(paper), weight }));
}

// FOUND and MORE, maps from paper to how it fits, in one: papers of both fit in both ways.
export function united(found, more) {
  for (const [paper, other] of more) {
    const fits = found.get(paper);
    if (!fits) found.set(paper, other);
    else {
      fits.words = joined(fits.words, other.words);
      fits.abstract = joined(fits.abstract, other.abstract);
      fits.whole ||= other.whole;
      fits.name = Math.max(fits.name, other.name);
      if (!fits.exact.length) fits.exact = other.exact;
      fits.weight = Math.max(fits.weight, other.weight);
    }
  }
  return found;
}

function joined(places, more) {
  if (!places.length || !more.length) return places.length ? places : more;
  return [...new Set([...places, ...more])];
}

// How a paper's authors meet WORDS (of plain clauses, whose places are PLACES_OF) as a whole name: AS_TYPED, WHOLE_NAME in
// another order, 0 not at all. After a comma the given name stands.
export function metName(placesOf, words) {
  const at = placesOf.map(
    (places) =>
      new Map(places.filter((place) => partOf(place) === AUTHOR).map((place) => [distance(place), place % 4])),
  );
  const comma = words.findIndex((word) => word.endsWith(","));
  const turns = comma < 0 ? words.map((_, turn) => turn) : [(comma + 1) % words.length];
  const fits = (turn) => {
    const order = words.map((_, number) => at[(number + turn) % words.length]);
    return [...order[0].keys()].some(
      (begin) =>
        begin % NAME === 0 &&
        order.every((places, number) => places.has(begin + number)) &&
        order.at(-1).get(begin + words.length - 1) === LAST_OF_NAME,
    );
  };
  const turn = turns.find(fits);
  return turn === undefined ? 0 : turn === turns[0] ? AS_TYPED : WHOLE_NAME;
}
