// Single keys, where nobody is typing; they can be switched off in their own list.
import { actions } from "./actions.js";
import { keep, recall } from "./memory.js";
import { make } from "./page.js";
import { say } from "./words.js";

const LIST = [
  ["j / k", "keyNext"],
  ["o", "keyOpen"],
  ["a", "keyAbstract"],
  ["s", "keySave"],
  ["m", "keyRead"],
  ["c", "keyBibtex"],
  ["/", "keySearch"],
  ["?", "keyHelp"],
];
const OF_WHOLE_CARDS = "asmc"; // what was found and what was saved has no tools
const TYPING = "input:not([type=checkbox], [type=range], [type=button], [type=file]), textarea, select, [contenteditable], dialog";

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

const here = () => document.activeElement.closest?.("article.paper") ?? (current?.isConnected && !current.hidden ? current : null);

const able = () => here()?.querySelector(".act [data-do]") && here();

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => here()?.querySelector(":is(h2, h3) a").click(),
  a: () => able() && actions.abstract(able()),
  s: () => able() && actions.save(able()),
  m: () => able() && actions.read(able()),
  c: () => able() && actions.bibtex(able()),
  "/": search,
  "?": help,
};

export function help() {
  if (document.querySelector("dialog.sheet")) return;
  const bare = document.querySelector("[data-find-page], [data-saved]");
  const works = ([key]) => (key === "/" ? document.querySelector("[data-search]") : !bare || !OF_WHOLE_CARDS.includes(key));
  const rows = LIST.filter(works).map(([key, words]) =>
    make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(words))),
  );
  const on = make("input", { type: "checkbox", checked: recall("settings").keys });
  on.addEventListener("change", () => keep("settings", { ...recall("settings"), keys: on.checked }));
  const close = make("button", { type: "button" }, say("close"));
  const dialog = make(
    "dialog",
    { className: "sheet", "aria-label": say("help") },
    make("h2", {}, say("help")),
    make("dl", {}, ...rows),
    make("p", {}, make("label", {}, on, ` ${say("keysOn")}`)),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function listen() {
  document.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(TYPING) || (!recall("settings").keys && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
}
