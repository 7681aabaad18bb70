// Remembers where the reader stopped within a day, and offers to go on there from the first page.
import { make } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { dayPage } from "../common/root.js";
import { keep, recall } from "../common/storage.js";
import { cards, dayOf } from "./cards.js";

// On the page of a day: the card at the top of the screen when the page is left, unless it is the first or the last one.
export function rememberPlace() {
  addEventListener("pagehide", () => {
    const shown = cards().filter((card) => card.offsetParent);
    const at = shown.findIndex((card) => card.getBoundingClientRect().bottom > innerHeight / 3);
    const card = shown[at];
    if (at < 0) keep("place", {});
    else if (at > 0) keep("place", { day: dayOf(card), id: card.id, title: card.querySelector("h3 a").textContent });
  });
}

// LINE: the line of the first page that leads to the whole day.
export function offerPlace(line) {
  const { day, id, title } = recall("place");
  if (id) line.append(" · ", make("a", { href: dayPage(day, id) }, say("goOn", { title })));
}
