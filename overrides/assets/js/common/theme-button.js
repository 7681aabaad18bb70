// The header's buttons: keyboard help, and the theme (as the system, light, dark).
import { make } from "./dom.js";
import { say } from "./i18n.js";
import { keepTheme } from "./storage.js";

const CHOICES = ["system", "light", "dark"];
const ICONS = {
  system: "M12 3a9 9 0 1 0 0 18V3Z M12 3a9 9 0 0 1 0 18",
  light:
    "M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10Z M12 1v3M12 20v3M1 12h3M20 12h3M4.2 4.2l2.1 2.1M17.7 17.7l2.1 2.1M4.2 19.8l2.1-2.1M17.7 6.3l2.1-2.1",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
};
const KEYBOARD = "M2 6h20v12H2Z M6 10h.01M10 10h.01M14 10h.01M18 10h.01M7 14h10";
const SVG = "http://www.w3.org/2000/svg";

export function addButtons(place, showHelp) {
  const keys = make("button", {
    type: "button",
    className: "icon icon--keys",
    title: say("help"),
    "aria-label": say("help"),
  });
  keys.append(icon(KEYBOARD));
  keys.addEventListener("click", showHelp);
  const button = make("button", { type: "button", className: "icon" });
  place.append(keys, button);
  let choice = document.documentElement.dataset.theme || "system";
  const show = () => {
    button.replaceChildren(icon(ICONS[choice]));
    button.title = `${say("theme")}: ${say(choice)}`;
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
    if (choice === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    keepTheme(choice);
    show();
  });
  show();
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
