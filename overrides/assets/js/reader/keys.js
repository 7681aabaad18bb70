// Keyboard shortcuts: single keys, ignored while the reader types. The help dialog lists them and can switch them off.
import { make, makeButton } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { keep, recall } from "../common/storage.js";
import { actions, markAllRead } from "./card-actions.js";
import { openCard, toggleView } from "./view.js";

const SHORTCUTS = [
  ["j / k", "keyNext"],
  ["o", "keyOpen"],
  ["a", "keyAbstract"],
  ["s", "keySave"],
  ["m", "keyRead"],
  ["M", "keyReadAbove"],
  ["n / p", "keyDay"],
  ["c", "keyBibtex"],
  ["v", "keyView"],
  ["/", "keySearch"],
  ["?", "keyHelp"],
];
const CARD_KEYS = "asmc"; // search results and saved papers have no actions
const TYPING =
  "input:not([type=checkbox], [type=range], [type=button], [type=file]), textarea, select, [contenteditable], dialog";

let current = null;

function go(step) {
  const shown = [...document.querySelectorAll("article.paper")].filter((card) => !card.hidden);
  if (!shown.length) return;
  const edge = document.querySelector(".top").getBoundingClientRect().bottom + 60;
  const from = shown.indexOf(current);
  const below = shown.findIndex((card) => card.getBoundingClientRect().bottom > edge);
  const next = from >= 0 ? from + step : below < 0 ? shown.length - 1 : below + (step > 0 ? 0 : -1);
  current = shown[Math.min(shown.length - 1, Math.max(0, next))];
  current.tabIndex = -1;
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "center" });
}

function search() {
  const input = document.querySelector("[data-search]");
  if (input?.offsetParent) {
    input.focus();
    input.select();
  } else document.querySelector(".find__go")?.click();
}

// The card that has the focus, else the one that j or k went to.
const focused = () =>
  document.activeElement.closest?.("article.paper") ?? (current?.isConnected && !current.hidden ? current : null);

function act(action) {
  const card = focused();
  if (!card?.querySelector(".act [data-do]")) return;
  openCard(card);
  actions[action](card);
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => focused()?.querySelector(":is(h2, h3) a").click(),
  a: () => act("abstract"),
  s: () => act("save"),
  m: () => act("read"),
  M: () => focused() && markAllRead(focused()),
  n: () => document.querySelector("a[rel=next]")?.click(),
  p: () => document.querySelector("a[rel=prev]")?.click(),
  c: () => act("bibtex"),
  v: () => document.querySelector(".tools__view") && toggleView(),
  "/": search,
  "?": showKeyHelp,
};

export function showKeyHelp() {
  if (document.querySelector("dialog.sheet")) return;
  const bare = document.querySelector("[data-find-page], [data-saved]");
  const needs = { v: ".tools__view", "/": "[data-search]", "n / p": "a[rel=next], a[rel=prev]", M: ".act" };
  const works = ([key]) => (needs[key] ? document.querySelector(needs[key]) : !bare || !CARD_KEYS.includes(key));
  const rows = SHORTCUTS.filter(works).map(([key, words]) =>
    make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(words))),
  );
  const on = make("input", { type: "checkbox", checked: recall("settings").keys });
  on.addEventListener("change", () => keep("settings", { ...recall("settings"), keys: on.checked }));
  const dialog = make(
    "dialog",
    { className: "sheet", "aria-label": say("help") },
    make("h2", {}, say("help")),
    make("dl", {}, ...rows),
    make("p", {}, make("label", {}, on, ` ${say("keysOn")}`)),
    makeButton(say("close"), () => dialog.close()),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const run = KEYS[event.key];
    if (!run || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || (!recall("settings").keys && event.key !== "?")) return;
    event.preventDefault();
    run();
  });
}
