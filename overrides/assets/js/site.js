// What scripts add to every page. Pages are whole without it.
import { themeButton } from "./theme-button.js";

themeButton(document.querySelector(".top__tools"));
