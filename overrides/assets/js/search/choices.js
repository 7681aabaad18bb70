// The choices of the search page: field, period, score, order.
import { make } from "../common/dom.js";

const FILTERS = ["field", "period", "score", "sort"];

// The months of SEGMENTS by year, the newest first.
function monthsByYear(segments) {
  const found = new Map();
  for (const { year, months } of segments) found.set(year, [...(found.get(year) ?? []), ...[...months].reverse()]);
  return found;
}

// Offers in FORM what there is to be searched, as `describe` tells it.
export function offerChoices(form, { segments, fields }) {
  for (const [year, months] of monthsByYear(segments)) {
    const group = make("optgroup", { label: year }, make("option", { value: year }, year));
    for (const month of months) group.append(make("option", { value: month }, month));
    form.elements.period.append(group);
  }
  for (const [slug, label] of Object.entries(fields))
    form.elements.field.append(make("option", { value: slug }, label));
}

// Shows in FORM what is wished in WISH; what is no choice is no wish, once ALL choices are there.
export function showChoices(form, wish, all) {
  for (const key of FILTERS) {
    const control = form.elements[key];
    const known = [...control.options].some(({ value }) => value === wish[key]);
    control.value = known ? wish[key] : control.options[0].value;
    if (!known && all) wish[key] = "";
  }
}
