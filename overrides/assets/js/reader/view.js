// The compact view: score, title and one line of the reason; a tap opens the card in place. theme-early.js applies the view
// before the first paint; phones begin with it.
import { make } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { keep, recall } from "../common/storage.js";
import { cards } from "./cards.js";

const COMPACT = "compact";
const isCompact = () => document.documentElement.classList.contains(COMPACT);
const titleOf = (card) => card.querySelector("h3 a");
let button;

function show() {
  button?.setAttribute("aria-pressed", isCompact());
  for (const card of cards()) {
    const title = titleOf(card);
    if (isCompact()) title.setAttribute("aria-expanded", card.matches(".paper--open, :target"));
    else title.removeAttribute("aria-expanded");
  }
}

export function toggleView() {
  const compact = document.documentElement.classList.toggle(COMPACT);
  keep("settings", { ...recall("settings"), view: compact ? COMPACT : "full" });
  show();
}

export function openCard(card) {
  card.classList.add("paper--open");
  if (isCompact()) titleOf(card).setAttribute("aria-expanded", "true");
}

// A plain tap on a closed card opens it; links of an open card work as usual.
function onClick(event) {
  if (!isCompact() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const card = event.target.closest?.("article.paper");
  if (!card || !cards().includes(card)) return;
  if (!card.matches(".paper--open, :target")) {
    event.preventDefault();
    openCard(card);
  } else if (
    card.matches(".paper--open") &&
    !event.target.closest("a, button, summary, .abstract") &&
    String(getSelection()) === ""
  ) {
    card.classList.remove("paper--open");
    titleOf(card).setAttribute("aria-expanded", "false");
  }
}

export function addView(bar) {
  button = make("button", { type: "button", className: "tools__view" }, say("compact"));
  button.addEventListener("click", toggleView);
  bar.prepend(button);
  document.addEventListener("click", onClick, { capture: true });
  show();
}
