// What scripts add to every page. Pages are complete without JavaScript.
import { make, makeButton } from "./common/dom.js";
import { hideHeaderOnScroll } from "./common/header.js";
import { say } from "./common/i18n.js";
import { addButtons } from "./common/theme-button.js";
import { addActions, markAllRead } from "./reader/card-actions.js";
import { cards } from "./reader/cards.js";
import { copyFormulas } from "./reader/copy-formulas.js";
import { addFilter } from "./reader/filter.js";
import { listenToKeys, showKeyHelp } from "./reader/keys.js";
import { offerPlace, rememberPlace } from "./reader/reading-place.js";
import { followScroll } from "./reader/scroll-spy.js";

addButtons(document.querySelector(".top__tools"), showKeyHelp);
hideHeaderOnScroll(document.querySelector(".top"));
listenToKeys();
copyFormulas();
if (cards().length) addActions();
document.documentElement.classList.add("has-actions"); // the space that CSS reserved for them is filled, or not needed
const tools = document.querySelector("[data-tools]");
const lists = [...document.querySelectorAll(".kind--month ul.best")];
const arrange = async () => {
  if (tools && cards().length) await addFilter(tools);
  if (lists.length) (await import("./reader/watched-rows.js")).liftWatched(lists);
};
arrange().finally(() => document.documentElement.classList.remove("filtering"));

const fieldLinks = document.querySelector(".chips:not(.chips--row)");
if (fieldLinks) followScroll(fieldLinks);

const wholeDay = document.querySelector(".kind--home .whole");
if (wholeDay) offerPlace(wholeDay);
const foot = document.querySelector(".kind--day .after");
if (foot && cards().length) {
  rememberPlace();
  foot.prepend(
    make(
      "p",
      { className: "tools" },
      makeButton(say("readAll"), () => markAllRead()),
    ),
  );
}

const menu = document.querySelector(".menu");
const current = menu.querySelector("[aria-current]");
if (current) menu.scrollLeft = current.offsetLeft + current.offsetWidth - menu.offsetLeft - menu.clientWidth + 40; // visible on a phone

const notFound = document.querySelector("[data-lost]");
if (notFound) import("./common/not-found.js").then(({ suggestSearch }) => suggestSearch(notFound));

const saved = document.querySelector("[data-saved]");
if (saved) import("./saved/saved.js").then(({ showSaved }) => showSaved(saved));

const overdue = document.querySelector("[data-late]");
if (overdue) overdue.hidden = Date.now() < Date.parse(overdue.dataset.late);

const notPicked = document.querySelector("[data-rest]");
if (notPicked) import("./reader/not-picked.js").then(({ addNotPicked }) => addNotPicked(notPicked));

if (document.querySelector("[data-copy]")) import("./common/copy-button.js");

const setup = document.getElementById("setup");
if (setup) import("./setup/setup.js").then(({ showSetup }) => showSetup(setup));
