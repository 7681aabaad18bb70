// The filters of a query: dates, scores, fields.
import { fold } from "./tokens.js";

const SIGNS = {
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  "=": (a, b) => a === b,
};

// Which papers of a TABLE the filters of a QUERY and those that are WANTED let through.
export function filterOf(table, { filters }, { field, period, score }, fields) {
  const slugs = filters.fields
    .map(({ said, not }) => ({ slugs: slugsOf(said, fields), not }))
    .filter((one) => one.slugs.length);
  const least = score ? Number(score) * 10 : 0;
  return (paper) => {
    const date = table.dates[table.day[paper]];
    const [value, slug] = [table.score[paper], table.field[paper]];
    return (
      value >= least &&
      (!field || slug === field) &&
      (!period || date.startsWith(period)) &&
      (!filters.before || date < filters.before) &&
      (!filters.after || date >= filters.after) &&
      (!filters.score || SIGNS[filters.score.sign](value, Math.round(filters.score.value * 10))) &&
      slugs.every((one) => one.slugs.includes(slug) !== one.not)
    );
  };
}

// The slugs of the FIELDS that are named or begin so: "llm" and "大模型" may be several.
export function slugsOf(said, fields) {
  const wanted = fold(said);
  return Object.entries(fields)
    .filter(([slug, label]) => slug.startsWith(wanted) || fold(label).includes(wanted))
    .map(([slug]) => slug);
}
