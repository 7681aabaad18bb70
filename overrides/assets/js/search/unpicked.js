// Also what was not picked: titles and scores, read week by week from the newest on, when the reader asks for them.
import { make, makeButton } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { languageOf } from "../common/language.js";
import { dayPage } from "../common/root.js";
import { planned } from "./engine.js";
import { filterOf, span } from "./filters.js";
import { holds, marksOf } from "./marks.js";
import { marked } from "./render.js";
import { readWeek, readWeeks } from "./store.js";
import { fold } from "./tokens.js";

const ENOUGH = 10; // papers, or
const AT_ONCE = 4; // weeks, some 100 KB each

// Whether a paper {i, t, c} is what CLAUSES look for, which for most of them its title tells.
function asked(clauses) {
  const { required, excluded } = planned(clauses, true);
  const fits = (clause) => {
    const inTitle = holds(marksOf(clause));
    const isOther = ({ kind, text }, { i, c }) =>
      kind === "id"
        ? i.toLowerCase() === text.toLowerCase()
        : kind === "cat" && (c === text || c.startsWith(`${text}.`));
    return (paper, title) => inTitle(title) || clause.alternatives.some((alternative) => isOther(alternative, paper));
  };
  const [all, none] = [required.map(fits), excluded.map(fits)];
  return (paper) => {
    const title = fold(paper.t);
    return all.every((test) => test(paper, title)) && !none.some((test) => test(paper, title));
  };
}

// The papers of a WEEK that pass IS_ASKED and the filters: {date, i, t, s}.
function found(week, isAsked, { filters }, wanted, fields) {
  return week.flatMap(([date, papers]) => {
    const table = { dateOf: () => date, scoreOf: (paper) => paper.s, fieldOf: () => "" };
    const passes = filterOf(table, { filters }, wanted, fields);
    return papers.filter((paper) => passes(paper) && isAsked(paper)).map((paper) => ({ ...paper, date }));
  });
}

// Shows in PLACE what was not picked of what QUERY {clauses, filters, marks} asks for, where it is WANTED; else offers it.
export function offerUnpicked(place, query, { words, fields }, wanted, set) {
  const mine = {};
  place.shows = mine;
  place.replaceChildren();
  if (!query.clauses.some(({ not }) => !not) && !query.filters.length) return;
  if (!wanted.unpicked) {
    place.append(
      make(
        "p",
        {},
        makeButton(words.unpicked_show, () => set("unpicked", "1")),
      ),
    );
    return;
  }
  const status = make("p", { role: "status" }, words.loading);
  const list = make("ul", {});
  const more = make("p", {});
  const hide = makeButton(words.unpicked_hide, () => set("unpicked", ""));
  place.append(make("h2", {}, words.unpicked), make("p", {}, hide), list, status, more);
  const isAsked = asked(query.clauses);
  let weeks;
  let titles = 0;

  async function goOn() {
    more.replaceChildren();
    status.textContent = words.loading;
    try {
      weeks ??= within(await readWeeks(), span(query.filters), wanted);
      let [shown, read] = [0, 0];
      while (weeks.length && shown < ENOUGH && read < AT_ONCE) {
        const papers = found(await readWeek(weeks[0]), isAsked, query, wanted, fields);
        if (place.shows !== mine) return;
        const { from, papers: number } = weeks.shift();
        titles += number;
        read += 1;
        shown += papers.length;
        list.append(...papers.map((paper) => row(paper, query.marks)));
        status.textContent = fill(words.unpicked_searched, { n: titles.toLocaleString(), date: from });
      }
      if (!titles) status.textContent = words.unpicked_none;
      if (weeks.length) more.append(makeButton(words.unpicked_more, goOn));
    } catch {
      if (place.shows !== mine) return;
      status.textContent = words.unpicked_failed;
      more.append(makeButton(words.retry, goOn));
    }
  }
  goOn();
}

const within = (weeks, { after, before }, { period }) =>
  weeks.filter(
    ({ from, to }) =>
      (!before || from < before) &&
      (!after || to >= after) &&
      (!period || (to >= period && from.slice(0, period.length) <= period)),
  );

const row = ({ i, t, s, date }, marks) =>
  make(
    "li",
    {},
    make("b", {}, (s / 10).toFixed(1)),
    make("a", { href: `https://arxiv.org/abs/${i}`, rel: "noopener", ...languageOf(t) }, ...marked(t, marks)),
    make("a", { href: dayPage(date, i).replace(/#.*/, "") }, make("time", { dateTime: date }, date)),
  );
