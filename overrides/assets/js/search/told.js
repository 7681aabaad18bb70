// What a search tells above its results: operators as chips, other forms that were looked for, what may have been meant.
import { make, makeButton } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { spans } from "./render.js";

// What there is to say of a search in one line: how many it FOUND and where, what was looked for otherwise than typed.
export function summary(found, { words, fields }) {
  const notes = [];
  const whole = found.count - (found.partly ?? 0);
  if (whole) notes.push(fill(words.found, { n: whole.toLocaleString() }));
  else if (found.partly) notes.push(words.none_whole);
  else if (found.nothing) notes.push(words.nothing);
  else if (!found.clauses.length && !found.filtered) notes.push(words.hint);
  else if (!found.failed.length && !found.awaited) notes.push(words.empty); // also where no year is within its dates
  if (found.partly) notes.push(fill(words.partly, { n: found.partly.toLocaleString() }));
  if (found.years.length) notes.push(fill(words.years, { years: spans(found.years) }));
  if (found.deep && !found.missed.size && found.years.length) notes.push(words.with_abstracts);
  if (found.missed.size) notes.push(fill(words.abstracts_failed, { years: spans([...found.missed].sort()) }));
  if (found.cut) notes.push(words.cut);
  if (found.instead) notes.push(fill(words.instead, { text: found.instead }));
  if (found.notes.unknown.length) notes.push(fill(words.unknown, { operators: found.notes.unknown.join(", ") }));
  if (found.notes.wrong.length)
    notes.push(fill(words.wrong, { values: found.notes.wrong.join(", "), fields: Object.keys(fields).join(", ") }));
  return notes.join(" ");
}

// The lines of FOUND. ASK(query) asks something else, SET(key, value) changes how it is asked.
export function told(found, { words }, { ask, set, exact }) {
  const lines = [];
  if (found.corrected) lines.push(line(fill(words.corrected, { text: found.corrected })));
  else if (found.suggestion)
    lines.push(
      line(
        words.suggested,
        makeButton(found.suggestion, () => ask(found.suggestion)),
      ),
    );
  if (found.chips.length) lines.push(chips(found.chips, words, ask));
  if (found.also.length) {
    const forms = found.also.map(({ text, forms }) => `${text} = ${forms.join(" · ")}`).join("; ");
    const only = makeButton(words.exactly, () => set("exact", "1"));
    lines.push(line(fill(words.also, { forms }), only));
  } else if (exact)
    lines.push(
      line(
        words.exact,
        makeButton(words.with_forms, () => set("exact", "")),
      ),
    );
  return lines;
}

const line = (text, button = null) => make("p", {}, text, button && " ", button);

const chips = (all, words, ask) =>
  make(
    "ul",
    { class: "chips", "aria-label": words.operators },
    ...all.map(({ text, without }) => {
      const remove = makeButton("×", () => ask(without));
      remove.setAttribute("aria-label", fill(words.remove, { text }));
      return make("li", {}, text, remove);
    }),
  );
