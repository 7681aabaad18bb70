// The other forms of the terms in a query: a clause of one form looks for its group of synonyms too, which the index
// holds as a token of its own.
import { fold, parts, stem, TEXT } from "./tokens.js";

const BETWEEN = "\u0000";

// TEXT as units that are compared: a Latin word by its stem, every other character by itself.
function units(text) {
  return parts(fold(text)).flatMap(({ word, run }) =>
    word ? [{ text: word, unit: stem(word) }] : Array.from(run, (sign) => ({ text: sign, unit: sign, sign: true })),
  );
}

const keyOf = (some) => some.map(({ unit }) => unit).join(BETWEEN);

function initialOf(text) {
  const [sign] = TEXT.exec(text) ?? [""];
  return sign >= "\u4e00" && sign <= "\u9fff" ? sign : fold(sign)[0];
}

export class Synonyms {
  #forms = new Map(); // by their first character, those that are not read yet: [form, its group]
  #groups = new Map();
  #longest = 0;

  constructor(groups) {
    for (const [number, forms] of groups.entries()) {
      const group = { token: `S${number}`, forms };
      for (const form of forms) {
        const initial = initialOf(form);
        if (!this.#forms.has(initial)) this.#forms.set(initial, []);
        this.#forms.get(initial).push([form, group]);
      }
    }
  }

  // Reads the forms that begin as one of UNITS: few of all can stand in a query.
  #read(all) {
    for (const { unit } of all) {
      for (const [form, group] of this.#forms.get(initialOf(unit)) ?? []) {
        const made = units(form);
        this.#groups.set(keyOf(made), [...(this.#groups.get(keyOf(made)) ?? []), group]);
        this.#longest = Math.max(this.#longest, made.length);
      }
      this.#forms.delete(initialOf(unit));
    }
  }

  // CLAUSES with the forms that mean the same; {clauses, also: [{text, forms}]}.
  expand(clauses) {
    const made = [];
    const also = [];
    for (const run of runs(clauses)) {
      if (run.other) made.push(run.other);
      else made.push(...this.#run(run.words, also));
    }
    return { clauses: made, also };
  }

  // The clauses of WORDS (clauses of plain text that follow each other); what was expanded goes to ALSO.
  #run(words, also) {
    const all = words.flatMap((clause, number) =>
      units(clause.alternatives[0].text).map((unit) => ({ ...unit, number })),
    );
    this.#read(all);
    const found = [];
    for (let at = 0; at < all.length; ) {
      const size = this.#longestAt(all, at);
      if (size) found.push([at, at + size]);
      at += size || 1;
    }
    const kept = found.filter(([from, to]) => whole(all, from, to));
    if (!kept.length) return words;
    const made = [];
    let done = 0;
    for (const [from, to] of [...kept, [all.length, all.length]]) {
      made.push(...rest(all.slice(done, from), words, all));
      if (from < to) {
        const text = typedText(all.slice(from, to), words, all);
        const { groups, forms } = this.#others(all.slice(from, to));
        also.push({ text, forms });
        const last = to === all.length && words.at(-1).alternatives[0].last;
        const typed = { kind: "near", text, ...(last && { last }) };
        const concepts = groups.map(({ token }) => ({ kind: "concept", text, token }));
        const marks = [typed, ...forms.map((form) => ({ kind: "near", text: form }))];
        // Its group holds a form in Chinese as it stands; one in Latin letters may be inflected, or not be typed to its end.
        const isWhole = all.slice(from, to).every(({ sign }) => sign);
        made.push({ not: false, alternatives: isWhole ? concepts : [typed, ...concepts], marks });
      }
      done = to;
    }
    return made;
  }

  #longestAt(all, at) {
    for (let size = Math.min(this.#longest, all.length - at); size > 0; size--) {
      if (this.#groups.has(keyOf(all.slice(at, at + size)))) return size;
    }
    return 0;
  }

  // The groups of the term SOME, and their forms but this one.
  #others(some) {
    const key = keyOf(some);
    const groups = this.#groups.get(key);
    const seen = new Set([key]);
    const isNew = (form) => !seen.has(form) && seen.add(form);
    return { groups, forms: groups.flatMap(({ forms }) => forms).filter((form) => isNew(keyOf(units(form)))) };
  }
}

// Runs of plain text among CLAUSES: {words: clauses} or {other: clause}.
function runs(clauses) {
  const found = [];
  for (const clause of clauses) {
    const plain = !clause.not && clause.alternatives.length === 1 && clause.alternatives[0].kind === "text";
    if (!plain) found.push({ other: clause });
    else if (found.at(-1)?.words) found.at(-1).words.push(clause);
    else found.push({ words: [clause] });
  }
  return found;
}

// Whether ALL from FROM to TO cuts no run of characters to a single one, which would be found everywhere.
function whole(all, from, to) {
  const alone = (at, step) =>
    all[at]?.sign &&
    all[at].number === all[at - step]?.number &&
    !(all[at + step]?.sign && all[at + step].number === all[at].number);
  return !(all[to - 1].sign && alone(to, 1)) && !(all[from].sign && alone(from - 1, -1));
}

const written = (some) =>
  some.reduce((text, { text: piece, sign }, at) => text + (at && !(sign && some[at - 1].sign) ? " " : "") + piece, "");

// SOME of ALL units as they were typed in WORDS, where they are all of some of them.
function typedText(some, words, all) {
  const numbers = [...new Set(some.map(({ number }) => number))];
  const size = all.filter(({ number }) => numbers.includes(number)).length;
  return size === some.length ? numbers.map((number) => words[number].alternatives[0].text).join(" ") : written(some);
}

// What is left of WORDS around the terms: SOME of ALL units, as clauses.
function rest(some, words, all) {
  const made = [];
  for (const number of new Set(some.map((unit) => unit.number))) {
    const mine = some.filter((unit) => unit.number === number);
    const untouched = mine.length === all.filter((unit) => unit.number === number).length;
    made.push(untouched ? words[number] : { not: false, alternatives: [{ kind: "text", text: written(mine) }] });
  }
  return made;
}
