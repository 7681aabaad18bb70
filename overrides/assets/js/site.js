// What scripts add to every page. Pages are whole without it.
import { addActions } from "./actions.js";
import { addFilter } from "./filter.js";
import { follow } from "./here.js";
import { help, listen } from "./keys.js";
import { cards } from "./papers.js";
import { addButtons } from "./theme-button.js";

addButtons(document.querySelector(".top__tools"), help);
listen();
if (cards().length) addActions();
document.documentElement.classList.add("has-actions"); // the room that was kept for them is filled, or not needed
const tools = document.querySelector("[data-tools]");
if (tools && cards().length) addFilter(tools);
document.documentElement.classList.remove("filtering");
const row = document.querySelector(".chips:not(.chips--row)");
if (row) follow(row);
const menu = document.querySelector(".menu");
const now = menu.querySelector("[aria-current]");
if (now) menu.scrollLeft = now.offsetLeft + now.offsetWidth - menu.offsetLeft - menu.clientWidth + 40; // in sight on a phone
const lost = document.querySelector("[data-lost]");
if (lost) import("./lost.js").then(({ guide }) => guide(lost));
const saved = document.querySelector("[data-saved]");
if (saved) import("./saved.js").then(({ showSaved }) => showSaved(saved));
const late = document.querySelector("[data-late]");
if (late) late.hidden = Date.now() < Date.parse(late.dataset.late);
if (document.querySelector("[data-copy]")) import("./copy.js");
