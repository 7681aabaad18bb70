// The search page. Its state is in its address, so that a search can be shared and Back works.
import { make, makeButton } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { markRead } from "../common/storage.js";
import { answers } from "./answers.js";
import { describe } from "./engine.js";
import { keepLine, keptList } from "./kept-searches.js";
import { person } from "./person.js";
import { badge, card, readerHas, spans } from "./render.js";
import { sentences } from "./sentences.js";
import { summary, told } from "./told.js";
import { fromAddress, keepPlace, place, toAddress } from "./url.js";

const PAGE = 10;
const WAIT_MS = 120;
const FILTERS = ["field", "period", "score", "sort"];

// The months of SEGMENTS by year, the newest first.
function monthsByYear(segments) {
  const found = new Map();
  for (const { year, months } of segments) found.set(year, [...(found.get(year) ?? []), ...[...months].reverse()]);
  return found;
}

export async function searchPage(form) {
  const status = document.querySelector("[data-find-status]");
  const above = document.querySelector("[data-find-told]");
  const list = document.querySelector("[data-find-results]");
  const more = document.querySelector("[data-find-more]");
  const input = form.elements.q;
  let wish = fromAddress();
  let asked = 0;
  let timer;
  let about;
  let prepared;
  let seen; // observes which results come into view
  let listed; // the words by which was found what is listed

  function say(text, ...elements) {
    status.replaceChildren(text, ...elements);
  }

  // The filters as they are wished; what is no choice is no wish, once all choices are there.
  function showFilters() {
    for (const key of FILTERS) {
      const control = form.elements[key];
      const known = [...control.options].some(({ value }) => value === wish[key]);
      control.value = known ? wish[key] : control.options[0].value;
      if (!known && about) wish[key] = "";
    }
  }

  async function prepare() {
    const described = await describe();
    for (const [year, months] of monthsByYear(described.segments)) {
      const group = make("optgroup", { label: year }, make("option", { value: year }, year));
      for (const month of months) group.append(make("option", { value: month }, month));
      form.elements.period.append(group);
    }
    for (const [slug, label] of Object.entries(described.fields))
      form.elements.field.append(make("option", { value: slug }, label));
    about = described;
    showFilters();
  }

  async function look(top = 0) {
    const mine = ++asked;
    const byButton = [status, more].some((part) => part.contains(document.activeElement));
    list.setAttribute("aria-busy", "true");
    if (!about) say(status.dataset.loading);
    const late = setTimeout(() => mine === asked && say(status.dataset.loading), 300);
    try {
      prepared ??= prepare();
      await prepared;
      if (mine !== asked) return;
      const { q } = wish;
      for await (const found of answers(q, wanted())) {
        const shown = Math.max(PAGE, place().shown);
        const papers = await found.next(shown);
        if (mine !== asked) return;
        put(papers, found);
        clearTimeout(late);
        list.removeAttribute("aria-busy");
        listed = q;
        offer(found, shown);
        if (top && !found.awaited) scrollTo({ top, behavior: "instant" });
      }
    } catch {
      if (mine !== asked) return;
      if (!about) prepared = undefined;
      for (const part of [above, list, more]) part.replaceChildren();
      say("", trouble(status.dataset.broken));
    } finally {
      clearTimeout(late);
      if (mine === asked) list.removeAttribute("aria-busy");
    }
    if (byButton) land(list.querySelector("h2 a"));
  }

  const wanted = () => ({
    ...wish,
    all: wish.years === "all",
    exact: wish.exact === "1",
    abstracts: wish.abstracts === "1",
  });

  const rows = (papers, found) => {
    const has = readerHas();
    return papers.map((paper) => make("li", {}, card(paper, found, about, has)));
  };

  // Shows PAPERS, the first of what was FOUND; whoever is on one of those that are shown stays there.
  function put(papers, found) {
    const focused = document.activeElement?.closest?.("article")?.dataset.id;
    list.replaceChildren(...rows(papers, found));
    if (focused) list.querySelector(`[data-id="${focused}"] h2 a`)?.focus({ preventScroll: true });
    seen?.disconnect();
    seen = sentences(list, found);
    tell(found);
  }

  function ask(query) {
    input.value = query;
    wish = { ...wish, q: query, years: "", abstracts: "" };
    toAddress(wish, { add: true });
    look();
  }

  function set(key, value) {
    wish[key] = value;
    toAddress(wish, { add: true });
    look();
  }

  const trouble = (text) =>
    make(
      "span",
      { class: "notice" },
      text,
      " ",
      makeButton(status.dataset.retry, () => look()),
    );

  function tell(found) {
    say(summary(found, about));
    if (found.waiting)
      status.append(
        " ",
        makeButton(about.words.search_abstracts, () => set("abstracts", "1")),
      );
    if (found.failed.length) status.append(trouble(fill(about.words.failed, { parts: found.failed.join(", ") })));
    above.replaceChildren(...told(found, about, { ask, set, exact: wish.exact === "1" }));
    if (found.awaited) return;
    const last = wish.q.trim() ? keepLine(wish.q.trim(), found, about) : keptList(about);
    if (last) above.append(last);
    const mine = asked;
    person(found, about).then(
      (section) => section && mine === asked && above.prepend(section),
      () => {}, // its cards did not load: the results say so
    );
  }

  // The focus of a button that is gone: where trying again is possible, else to what it brought.
  function land(result) {
    if (document.activeElement === document.body) (status.querySelector("button") ?? result ?? input).focus();
  }

  // What goes on below the first SHOWN of what was FOUND, whether or not all of them could be read.
  function offer(found, shown) {
    const mine = asked;
    const next = [];
    const goOn = async () => {
      if (list.hasAttribute("aria-busy")) return;
      list.setAttribute("aria-busy", "true");
      const before = list.childElementCount;
      const papers = await found.next(PAGE);
      if (mine !== asked) return;
      list.removeAttribute("aria-busy");
      list.append(...rows(papers, found));
      for (const article of list.querySelectorAll("article[data-from=abstract]")) seen.observe(article);
      offer(found, shown + PAGE);
      if (found.failed.length) tell(found);
      land(list.children[before]?.querySelector("a"));
      keepPlace({ shown: shown + PAGE, top: scrollY });
    };
    if (shown < found.count) next.push(makeButton(about.words.more, goOn));
    if (found.later.length)
      next.push(
        makeButton(fill(about.words.earlier, { years: spans([...found.later].reverse()) }), () => set("years", "all")),
      );
    more.replaceChildren(...next);
  }

  form.addEventListener("submit", () => {
    clearTimeout(timer);
    wish.q = input.value;
    toAddress(wish);
    look();
  });
  const typed = () => {
    if (input.value !== wish.q) wish = { ...wish, q: input.value, years: "", abstracts: "" };
    clearTimeout(timer);
    timer = setTimeout(() => {
      toAddress(wish, { draft: true });
      look();
    }, WAIT_MS);
  };
  input.addEventListener("input", (event) => event.isComposing || typed());
  input.addEventListener("compositionend", typed); // no input event follows it in Chromium
  form.addEventListener("change", (event) => {
    if (event.target === input) return;
    clearTimeout(timer);
    toAddress(wish, { draft: true });
    wish[event.target.name] = event.target.value;
    toAddress(wish, { add: true });
    look();
  });
  addEventListener("popstate", () => {
    clearTimeout(timer);
    wish = fromAddress(); // search.js shows its words
    showFilters();
    look(place().top);
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...list.querySelectorAll("h2 a")];
    const here = links.indexOf(document.activeElement);
    if (here < 0 && !(document.activeElement === input && event.key === "ArrowDown")) return;
    event.preventDefault();
    if (here < 0 && (list.hasAttribute("aria-busy") || listed !== input.value)) return;
    (links[here + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? input : links.at(-1)))?.focus();
  });
  const mark = () => {
    const has = readerHas();
    for (const paper of list.querySelectorAll("article")) badge(paper, about, has);
  };
  for (const kind of ["click", "auxclick"]) {
    list.addEventListener(kind, (event) => {
      const link = event.target.closest("a");
      if (!link || event.button > 1) return;
      toAddress(wish);
      if (!link.closest(".at")) return;
      markRead(link.closest("article").dataset.id);
      mark();
    });
  }
  addEventListener("storage", mark);
  addEventListener("pageshow", (event) => event.persisted && mark());
  const stay = () => list.hasAttribute("aria-busy") || keepPlace({ top: scrollY });
  addEventListener("scrollend", stay);
  addEventListener("pagehide", stay); // where there is no scrollend; too late for a reload

  showFilters();
  if (input.value !== wish.q) typed(); // while this script was loading
  await look(place().top);
}
