// The search page: everything that is asked stands in its address, so that a search can be linked and gone back to.
import { describe, search } from "./search-index.js";
import { card, fill, make, readerHas, spans } from "./search-show.js";

const PAGE = 10;
const WAIT_MS = 120;
const KEYS = ["q", "field", "period", "score", "sort"];

export async function searchPage(form) {
  const status = document.querySelector("[data-find-status]");
  const list = document.querySelector("[data-find-results]");
  const more = document.querySelector("[data-find-more]");
  const input = form.elements.q;
  let asked = 0;
  let timer;
  let about;

  const wanted = () => Object.fromEntries(KEYS.map((key) => [key, form.elements[key].value]));

  function fromAddress() {
    const query = new URLSearchParams(location.search);
    for (const key of KEYS) {
      const control = form.elements[key];
      const value = query.get(key) ?? "";
      if (key === "q") control.value = value;
      else control.value = [...control.options].some((option) => option.value === value) ? value : control.options[0].value;
    }
  }

  function toAddress(add) {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(wanted())) if (value && !(key === "sort" && value === "relevance")) query.set(key, value);
    const next = query.size ? `?${query}` : location.pathname;
    if (next !== location.search) history[add ? "pushState" : "replaceState"](null, "", next);
  }

  function say(text, ...elements) {
    status.replaceChildren(text, ...elements);
  }

  const button = (text, act) => {
    const element = make("button", { type: "button" }, text);
    element.addEventListener("click", act);
    return element;
  };

  async function look({ all = false } = {}) {
    const mine = ++asked;
    list.setAttribute("aria-busy", "true");
    try {
      if (!about) {
        say(status.dataset.loading);
        await prepare();
      }
      const { words } = about;
      const { q, ...filters } = wanted();
      const late = setTimeout(() => mine === asked && say(words.loading), 300);
      const found = await search(q, { ...filters, all });
      const papers = await found.next(PAGE);
      clearTimeout(late);
      if (mine !== asked) return;
      const has = readerHas();
      const show = (some) => some.map((paper) => make("li", {}, card(paper, found.terms, about, has)));
      list.replaceChildren(...show(papers));
      more.replaceChildren();
      list.removeAttribute("aria-busy");
      let line = words.hint;
      if (papers.length) line = fill(words.found, { n: found.count.toLocaleString() });
      else if (found.nothing) line = words.nothing;
      else if (found.terms.length || filters.field || filters.period || filters.score) line = words.empty;
      const notes = [line];
      if (found.years?.length) notes.push(fill(words.years, { years: spans(found.years) }));
      if (found.cut) notes.push(words.cut);
      if (found.instead) notes.push(fill(words.instead, { text: found.instead }));
      say(notes.join(" "));
      if (found.failed.length) {
        const retry = button(words.retry, () => look({ all }));
        status.append(make("span", { class: "notice" }, fill(words.failed, { parts: found.failed.join(", ") }), " ", retry));
      }
      let shown = papers.length;
      const offer = () => {
        const next = [];
        if (shown < found.count && shown >= PAGE) {
          next.push(
            button(words.more, async () => {
              const before = list.childElementCount;
              const batch = await found.next(PAGE);
              if (mine !== asked) return;
              shown = batch.length < PAGE ? Infinity : shown + batch.length;
              list.append(...show(batch));
              list.children[before]?.querySelector("a").focus();
              offer();
            }),
          );
        }
        if (found.later.length) next.push(button(fill(words.earlier, { years: spans([...found.later].reverse()) }), () => look({ all: true })));
        more.replaceChildren(...next);
      };
      offer();
    } catch {
      if (mine !== asked) return;
      list.replaceChildren();
      list.removeAttribute("aria-busy");
      say("", make("span", { class: "notice" }, status.dataset.broken, " ", button(status.dataset.retry, () => look({ all }))));
    }
  }

  async function prepare() {
    about = await describe();
    const period = form.elements.period;
    for (const { year, months } of about.years) {
      const group = make("optgroup", { label: year }, make("option", { value: year }, year));
      for (const month of [...months].reverse()) group.append(make("option", { value: month }, month));
      period.append(group);
    }
    for (const [slug, label] of Object.entries(about.fields)) form.elements.field.append(make("option", { value: slug }, label));
    fromAddress();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    toAddress(true);
    look();
  });
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      toAddress(false);
      look();
    }, WAIT_MS);
  };
  input.addEventListener("input", (event) => event.isComposing || soon());
  input.addEventListener("compositionend", soon); // no input event follows it in Chromium
  form.addEventListener("change", (event) => {
    if (event.target === input) return;
    toAddress(true);
    look();
  });
  addEventListener("popstate", () => {
    fromAddress();
    look();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...list.querySelectorAll("h2 a")];
    const here = links.indexOf(document.activeElement);
    if (here < 0 && !(document.activeElement === input && event.key === "ArrowDown")) return;
    event.preventDefault();
    (links[here + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? input : links.at(-1)))?.focus();
  });
  input.value = new URLSearchParams(location.search).get("q") ?? input.value;
  if (!input.value) input.focus({ preventScroll: true });
  await look();
}
