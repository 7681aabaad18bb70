// Makes links of the authors of a card, to the search for what else they wrote: when the pointer comes near or the abstract
// is opened. As links from the start, they would be some hundred stops on the way of the Tab key through a day.
import { make } from "../common/dom.js";
import { authorPage } from "../common/root.js";
import { authorsOf } from "./cards.js";

// The text nodes that hold names, not the summary of those that are folded.
function textsIn(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("summary")) found.push(walker.currentNode);
  return found;
}

export function linkAuthors(card) {
  const by = card.querySelector(".by");
  if (by.querySelector("a")) return;
  const names = authorsOf(card);
  for (const text of textsIn(by)) {
    const pieces = [];
    let rest = text.data;
    for (const name of names) {
      const at = rest.indexOf(name);
      const [before, after] = [rest.slice(0, at), rest.slice(at + name.length)];
      if (at < 0 || !/^,?\s*$/.test(before) || !/^(?:,|\s*$)/.test(after)) continue;
      pieces.push(before, make("a", { href: authorPage(name) }, name));
      rest = after;
    }
    text.replaceWith(...pieces, rest);
  }
}
