// Results below the field in the header, while one types: arrows, Enter, Escape.
import { describe, search } from "./search-index.js";
import { say } from "./words.js";
import { address, fill, make, marked, readerHas, root, snippet } from "./search-show.js";

const SHOWN = 6;
const WAIT_MS = 80;

export function searchHeader(form) {
  const input = form.querySelector("input");
  const drop = form.querySelector(".find__drop");
  const status = make("p", { role: "status" });
  const list = make("ul", { role: "listbox", id: "find-list" });
  drop.append(status, list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "find-list", "aria-expanded": "false" }))
    input.setAttribute(name, value);
  let asked = 0;
  let timer;
  let chosen = -1;
  list.setAttribute("aria-label", input.getAttribute("aria-label"));

  const options = () => [...list.querySelectorAll("[role=option]")];
  const whole = () => new URL(`search/?${new URLSearchParams({ q: input.value.trim() })}`, root).href;

  function show(open) {
    drop.hidden = !open;
    input.setAttribute("aria-expanded", String(open && list.childElementCount > 0));
    if (!open) choose(-1);
  }

  function choose(place) {
    const rows = options();
    chosen = place < rows.length ? place : -1;
    rows.forEach((row, number) => row.setAttribute("aria-selected", String(number === chosen)));
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
      show(false);
      return;
    }
    try {
      const about = await describe();
      if (mine !== asked) return;
      if (!list.childElementCount) status.textContent = about.words.loading;
      show(true);
      const found = await search(typed, { sort: "relevance" });
      const papers = await found.next(SHOWN);
      if (mine !== asked) return;
      const has = readerHas();
      const rows = papers.map((paper, number) =>
        row(number, address(paper), make("b", {}, paper.s), make("span", {}, ...marked(paper.t, found.terms)), why(paper, found.terms),
          make("small", {}, [paper.d, about.fields[paper.f] ?? "", ...["saved", "read"].filter((key) => has[key].has(paper.i)).map((key) => about.words[key])].join(" · "))),
      );
      if (papers.length) rows.push(row(papers.length, whole(), make("span", { class: "find__all" }, fill(about.words.all, { n: found.count }))));
      list.replaceChildren(...rows);
      status.textContent = found.failed?.length ? fill(about.words.failed, { parts: found.failed.join(", ") }) : papers.length ? fill(about.words.found, { n: found.count }) : found.nothing ? about.words.nothing : about.words.empty;
      choose(-1);
      show(true);
    } catch {
      if (mine !== asked) return;
      list.replaceChildren();
      status.textContent = say("find_broken");
      show(true);
    }
  }

  // Of a paper whose title does not hold what was typed: where its reason does.
  function why(paper, terms) {
    const piece = snippet(paper.t, terms) ? null : snippet(paper.r, terms);
    return piece && make("span", { class: "find__why" }, ...piece);
  }

  const row = (number, href, ...children) =>
    make("li", { role: "none" }, make("a", { role: "option", id: `find-${number}`, "aria-selected": "false", href, tabindex: "-1" }, ...children));

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(look, WAIT_MS);
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (drop.hidden) return;
      event.preventDefault();
      const rows = list.childElementCount;
      if (event.key === "ArrowDown") choose(chosen + 1 >= rows ? -1 : chosen + 1);
      else choose(chosen < 0 ? rows - 1 : chosen - 1);
    } else if (event.key === "Escape") {
      if (drop.hidden) input.blur();
      else {
        event.preventDefault();
        asked++;
        show(false);
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
  input.addEventListener("focus", () => input.value.trim() && list.childElementCount && show(true));
  document.addEventListener("pointerdown", (event) => form.contains(event.target) || show(false));
  form.addEventListener("focusout", (event) => event.relatedTarget && !form.contains(event.relatedTarget) && show(false));
  if (input.value.trim()) look();
}
