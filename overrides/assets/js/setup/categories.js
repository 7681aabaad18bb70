// The choice of categories: those chosen, and a search by id or by a name in Chinese or English.
import { make, makeButton } from "../common/dom.js";

const MOST_FOUND = 8;

// NAMES: {id: [english, chinese]}. Calls ONCHANGE when a person has changed the choice.
export function categoryChoice(names, words, language, onChange) {
  let chosen = [];
  const label = (id) => `${id} ${names[id][language === "zh" ? 1 : 0]}`;
  const chips = make("div", { className: "setup__chips" });
  const found = make("div", { className: "setup__chips", "aria-live": "polite" });
  const search = make("input", { type: "search", placeholder: words.search, "aria-label": words.search });

  const show = () => {
    chips.replaceChildren(
      ...chosen.map((id) => {
        const chip = makeButton(`${label(id)} ×`, () => change(chosen.filter((other) => other !== id)));
        chip.setAttribute("aria-label", `${words.remove}: ${label(id)}`);
        return chip;
      }),
    );
    const wanted = search.value.trim().toLowerCase();
    const fits = (id) => [id, ...names[id]].some((text) => text.toLowerCase().includes(wanted));
    const fitting = wanted ? Object.keys(names).filter(fits) : [];
    const ids = fitting.filter((id) => !chosen.includes(id));
    ids.sort((a, b) => b.toLowerCase().startsWith(wanted) - a.toLowerCase().startsWith(wanted));
    const offers = ids.slice(0, MOST_FOUND).map((id) => makeButton(`+ ${label(id)}`, () => add(id)));
    found.replaceChildren(...(wanted && !fitting.length ? [words.noCategory] : offers));
  };
  const change = (ids) => {
    chosen = ids;
    show();
    onChange();
  };
  const add = (id) => {
    search.value = "";
    change([...chosen, id]);
    search.focus();
  };
  search.addEventListener("input", show);
  for (const kind of ["input", "change"]) search.addEventListener(kind, (event) => event.stopPropagation()); // no answer yet
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    found.querySelector("button")?.click();
  });
  return {
    parts: [chips, search, found],
    chosen: () => chosen,
    choose(ids) {
      chosen = ids;
      show();
    },
  };
}
