// Shows results below the search field in the header while the reader types; arrows, Enter and Escape work.
import { make } from "../common/dom.js";
import { fill, say } from "../common/i18n.js";
import { dayPage, searchPage } from "../common/root.js";
import { answers } from "./answers.js";
import { describe, prepare } from "./engine.js";
import { marked, readerHas, snippet, spans } from "./render.js";
import { summary } from "./told.js";

const SHOWN = 6;
const WAIT_MS = 80;

export function searchHeader(form) {
  const input = form.querySelector("input");
  const drop = form.querySelector(".find__drop");
  const status = make("p", { role: "status" });
  const list = make("ul", { role: "listbox", id: "find-list" });
  drop.append(status, list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": "find-list",
    "aria-expanded": "false",
  }))
    input.setAttribute(name, value);
  let asked = 0;
  let timer;
  let chosen = -1;
  let listed = ""; // what was typed for that which is listed
  list.setAttribute("aria-label", input.getAttribute("aria-label"));

  const options = () => [...list.querySelectorAll("[role=option]")];
  const whole = (query = input.value.trim()) => searchPage(query);

  function show(open) {
    drop.hidden = !open;
    input.setAttribute("aria-expanded", String(open && list.childElementCount > 0));
    if (!open) choose(-1);
  }

  function close() {
    clearTimeout(timer);
    asked++;
    show(false);
  }

  function choose(place) {
    const rows = options();
    chosen = place < rows.length ? place : -1;
    for (const [number, row] of rows.entries()) row.setAttribute("aria-selected", String(number === chosen));
    if (chosen >= 0) {
      input.setAttribute("aria-activedescendant", rows[chosen].id);
      rows[chosen].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  async function look() {
    const mine = ++asked;
    const typed = input.value;
    if (!typed.trim()) {
      list.replaceChildren();
      listed = typed;
      show(false);
      return;
    }
    try {
      const about = await describe();
      if (mine !== asked) return;
      if (!list.childElementCount) status.textContent = about.words.loading;
      show(true);
      for await (const found of answers(typed, { sort: "relevance" })) {
        const papers = await found.next(SHOWN);
        if (mine !== asked) return;
        put(papers, found, about);
        listed = typed;
        if (found.count >= SHOWN) return; // as many as are shown: the page searches the abstracts too
      }
    } catch {
      if (mine !== asked) return;
      list.replaceChildren();
      status.textContent = say("find_broken");
      show(true);
    }
  }

  function put(papers, found, about) {
    const has = readerHas();
    const rows = papers.map((paper, number) => result(paper, number, found, about, has));
    const mine = found.corrected ?? found.suggestion;
    if (mine) rows.unshift(row("suggestion", whole(mine), make("span", { class: "find__all" }, meant(found, about))));
    if (found.count) rows.push(row("all", whole(), make("span", { class: "find__all" }, every(found, about))));
    list.replaceChildren(...rows);
    const failed = found.failed.length ? fill(about.words.failed, { parts: found.failed.join(", ") }) : "";
    status.textContent = `${summary(found, about)} ${failed}`.trim();
    choose(-1);
    show(true);
  }

  function result(paper, number, { marks }, { words, fields }, has) {
    const known = ["saved", "read"].filter((key) => has[key].has(paper.i)).map((key) => words[key]);
    return row(
      number,
      dayPage(paper.d, paper.i),
      make("b", {}, paper.s),
      make("span", {}, ...marked(paper.t, marks)),
      why(paper, marks, words),
      make("small", {}, [paper.d, fields[paper.f] ?? "", ...known].join(" · ")),
    );
  }

  const meant = ({ corrected, suggestion }, { words }) =>
    corrected ? fill(words.corrected, { text: corrected }) : `${words.suggested} ${suggestion}`;

  // How many papers the page of the search lists, and of which years, where it can be asked for earlier ones.
  function every({ count, later, years }, { words }) {
    return fill(later.length ? words.these : words.all, { n: count.toLocaleString(), years: spans(years) });
  }

  // Of a paper whose title does not hold what was typed: where its reason or its authors do.
  function why(paper, marks, words) {
    if (snippet(paper.t, marks)) return null;
    const piece =
      snippet(paper.r, marks) ?? snippet(paper.a, marks) ?? (paper.fromAbstract ? [words.in_abstract] : null);
    return piece && make("span", { class: "find__why" }, ...piece);
  }

  const row = (number, href, ...children) =>
    make(
      "li",
      { role: "none" },
      make("a", { role: "option", id: `find-${number}`, "aria-selected": "false", href, tabindex: "-1" }, ...children),
    );

  input.addEventListener("input", (event) => {
    choose(-1);
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (drop.hidden && (event.key === "ArrowUp" || !input.value.trim())) return;
      event.preventDefault();
      if (listed !== input.value) {
        if (drop.hidden) look();
        return;
      }
      show(true);
      const rows = list.childElementCount;
      if (event.key === "ArrowDown") choose(chosen + 1 >= rows ? -1 : chosen + 1);
      else choose(chosen < 0 ? rows - 1 : chosen - 1);
    } else if (event.key === "Escape") {
      if (drop.hidden) input.blur();
      else {
        event.preventDefault();
        close();
      }
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      options()[chosen].click();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) location.href = whole();
  });
  input.addEventListener("focus", () => input.value.trim() && (listed === input.value ? show(true) : look()));
  list.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    close(); // it may lead to a paper of this very page
    input.blur();
  });
  document.addEventListener("pointerdown", (event) => form.contains(event.target) || close());
  form.addEventListener("focusout", (event) => event.relatedTarget && !form.contains(event.relatedTarget) && close());
  if (input.value.trim()) look();
  else prepare().catch(() => {});
}
