// The search page. Its state is in its address, so that a search can be shared and Back works.
import { make, makeButton } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { answers } from "./answers.js";
import { offerChoices, showChoices } from "./choices.js";
import { describe, prepare as prepareSearch } from "./engine.js";
import { keepLine, keptList } from "./kept-searches.js";
import { person } from "./person.js";
import { card, readerHas, spans } from "./render.js";
import { markWhatIsRead, walkWithArrows } from "./results.js";
import { sentences } from "./sentences.js";
import { summary, told } from "./told.js";
import { offerUnpicked } from "./unpicked.js";
import { fromAddress, keepPlace, place, toAddress } from "./url.js";

const PAGE = 10;
const WAIT_MS = 120;

export async function searchPage(form) {
  const status = document.querySelector("[data-find-status]");
  const above = document.querySelector("[data-find-told]");
  const list = document.querySelector("[data-find-results]");
  const more = document.querySelector("[data-find-more]");
  const others = make("section", { class: "unpicked" });
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

  async function prepare() {
    const described = await describe();
    prepareSearch();
    offerChoices(form, described);
    about = described;
    showChoices(form, wish, true);
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
        if (!found.awaited) offerUnpicked(others, found, about, wish, set);
        if (top && !found.awaited) scrollTo({ top, behavior: "instant" });
      }
    } catch {
      if (mine !== asked) return;
      if (!about) prepared = undefined;
      for (const part of [above, list, more, others]) part.replaceChildren();
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
    showChoices(form, wish, Boolean(about));
    look(place().top);
  });
  walkWithArrows(list, input, () => listed === input.value);
  markWhatIsRead(
    list,
    () => about,
    () => toAddress(wish),
  );
  const stay = () => list.hasAttribute("aria-busy") || keepPlace({ top: scrollY });
  addEventListener("scrollend", stay);
  addEventListener("pagehide", stay); // where there is no scrollend; too late for a reload

  more.after(others);
  showChoices(form, wish, Boolean(about));
  if (input.value !== wish.q) typed(); // while this script was loading
  await look(place().top);
}
