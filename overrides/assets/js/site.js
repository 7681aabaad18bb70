// What scripts add to every page. Pages are whole without it.
import { addActions } from "./actions.js";
import { addFilter } from "./filter.js";
import { help, listen } from "./keys.js";
import { cards } from "./papers.js";
import { addButtons } from "./theme-button.js";

addButtons(document.querySelector(".top__tools"), help);
listen();
if (cards().length) addActions();
const tools = document.querySelector("[data-tools]");
if (tools && cards().length) addFilter(tools);
document.documentElement.classList.remove("filtering");
const saved = document.querySelector("[data-saved]");
if (saved) import("./saved.js").then(({ showSaved }) => showSaved(saved));
const late = document.querySelector("[data-late]");
if (late) late.hidden = Date.now() < Date.parse(late.dataset.late);
if (document.querySelector("[data-copy]")) import("./copy.js");
