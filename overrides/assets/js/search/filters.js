// The filters of a query: dates, scores, fields. A filter is {any: [test, ...], not}; a test one of {after, before},
// {sign, value}, {least, most} (scores) and {field}.
import { fold } from "./tokens.js";

const [MONTH, DAY] = ["(0?[1-9]|1[0-2])", "(0?[1-9]|[12]\\d|3[01])"];
const DATE = new RegExp(`^(\\d{4})(?:年|年${MONTH}月|年${MONTH}月${DAY}日|[-/.]${MONTH}|[-/.]${MONTH}[-/.]${DAY})?$`);
const YEARS = /^(\d{4})(?:\.\.|-)(\d{4})$/;
const SCORE = /^(>=|<=|≥|≤|>|<|=)?(10(?:\.0)?|\d(?:\.\d)?)$/;
const SCORES = /^(10(?:\.0)?|\d(?:\.\d)?)(?:\.\.|-)(10(?:\.0)?|\d(?:\.\d)?)$/;
const COMPARED = {
  ">=": (score, value) => score >= value,
  "<=": (score, value) => score <= value,
  ">": (score, value) => score > value,
  "<": (score, value) => score < value,
  "=": (score, value) => score === value,
};
const SAME = { "≥": ">=", "≤": "<=" };

// 2026-1-5, 2026/01/05 and 2026年1月5日 as 2026-01-05; month and day may be left out; null where it is no date.
function dateOf(text) {
  const [, year, ...rest] = DATE.exec(text) ?? [];
  return year ? [year, ...rest.filter(Boolean)].map((part, at) => (at ? part.padStart(2, "0") : part)).join("-") : null;
}

const yearBehind = (year) => String(Number(year) + 1);

// The test that OPERATOR makes of VALUE; null where it takes no such value.
export function testOf(operator, value) {
  if (operator === "field") return { field: value };
  if (operator === "score") {
    const scores = SCORES.exec(value)?.slice(1).map(Number);
    if (scores) return { least: Math.min(...scores), most: Math.max(...scores) };
    const [, sign = ">=", number] = SCORE.exec(value) ?? [];
    return number ? { sign: SAME[sign] ?? sign, value: Number(number) } : null;
  }
  if (operator === "year") {
    const [first, last] = YEARS.exec(value)?.slice(1).sort() ?? [];
    if (first) return { after: first, before: yearBehind(last) };
    const year = dateOf(value);
    return year?.length === 4 ? { after: year, before: yearBehind(year) } : null;
  }
  const date = dateOf(value);
  return date && { [operator]: date };
}

// The first and the day behind the last date that FILTERS let through, as {after, before}, each where there is one.
export function span(filters) {
  const dated = filters.filter(({ any, not }) => !not && any.every(({ after, before }) => after || before));
  const all = (key) => dated.map(({ any }) => any.map((test) => test[key])).filter((dates) => dates.every(Boolean));
  const after = all("after").map((dates) => dates.sort()[0]);
  const before = all("before").map((dates) => dates.sort().at(-1));
  return { after: after.sort().at(-1), before: before.sort()[0] };
}

// Which papers of a TABLE the filters of a QUERY and those that are WANTED let through.
export function filterOf(table, { filters }, { field, period, score }, fields) {
  const least = score ? Number(score) * 10 : 0;
  const known = filters
    .map(({ any, not }) => ({
      not,
      any: any
        .map((test) => (test.field === undefined ? test : { slugs: slugsOf(test.field, fields) }))
        .filter(({ slugs }) => slugs?.length !== 0),
    }))
    .filter(({ any }) => any.length);
  if (!least && !field && !period && !known.length) return () => true;
  return (paper) => {
    const [date, value, slug] = [table.dateOf(paper), table.scoreOf(paper), table.fieldOf(paper)];
    const passes = (test) => {
      if (test.slugs) return test.slugs.includes(slug);
      if (test.most !== undefined) return value >= test.least * 10 && value <= test.most * 10;
      if (test.sign) return COMPARED[test.sign](value, Math.round(test.value * 10));
      return (!test.before || date < test.before) && (!test.after || date >= test.after);
    };
    return (
      value >= least &&
      (!field || slug === field) &&
      (!period || date.startsWith(period)) &&
      known.every(({ any, not }) => any.some(passes) !== not)
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
