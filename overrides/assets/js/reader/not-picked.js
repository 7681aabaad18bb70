// Below a day: the papers that were not picked. They load from the day's record when the reader opens the list.
import { make } from "../common/dom.js";
import { say } from "../common/i18n.js";

const row = ({ id, title, primary, score }) =>
  make(
    "li",
    {},
    make("b", {}, score === undefined ? "–" : score.toFixed(1)),
    make(
      "span",
      {},
      make("a", { href: `https://arxiv.org/abs/${id}`, rel: "noopener" }, title),
      " ",
      make("small", {}, primary),
    ),
  );

const list = (papers) => make("ul", { className: "best" }, ...papers.map(row));

async function load(details) {
  const place = make("div", {}, say("loading"));
  details.append(place);
  try {
    const response = await fetch(details.parentElement.querySelector('a[href$=".json"]').href);
    if (!response.ok) throw new Error(`${response.status}`);
    const day = await response.json();
    const dropped = new Set((day.corrections ?? []).filter(({ drop }) => drop).map(({ id }) => id));
    const rest = day.rest.filter(({ id }) => !dropped.has(id)).toSorted((paper, other) => other.score - paper.score);
    const setAside = day.spared.filter(({ why }) => !why); // the others are what the operator never shows
    const spared = setAside.length ? [make("h3", {}, say("spared")), list(setAside)] : [];
    place.replaceChildren(list(rest), ...spared);
  } catch {
    place.replaceChildren(say("noRecord"));
    details.addEventListener("toggle", () => place.remove(), { once: true });
    listen(details);
  }
}

function listen(details) {
  const onToggle = () => {
    if (!details.open) return;
    details.removeEventListener("toggle", onToggle);
    load(details);
  };
  details.addEventListener("toggle", onToggle);
}

export { listen as addNotPicked };
