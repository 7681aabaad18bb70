// Watched words on a page of lists of titles, such as that of a month: rows that hold one come first in their list. They are
// not counted: a list holds the best of its day only.
import { recall } from "../common/storage.js";
import { highlight } from "./highlight.js";
import { found, patternsOf } from "./words-in-text.js";

export function liftWatched(lists) {
  const patterns = patternsOf(recall("settings").watch);
  if (!patterns.length) return;
  const isWatched = (row) => found(patterns, row.querySelector("a").textContent.toLowerCase()).length > 0;
  const rows = lists.map((list) => [...list.children].filter(isWatched));
  lists.forEach((list, place) => {
    list.prepend(...rows[place]);
  });
  highlight(rows.flat(), patterns, "a");
}
