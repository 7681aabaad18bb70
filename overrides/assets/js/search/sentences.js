// Shows, of results whose abstract alone holds what was looked for, the sentence that does: when they come into view.

import { make } from "../common/dom.js";
import { abstractText } from "../reader/abstracts.js";
import { sentence } from "./marks.js";
import { marked } from "./render.js";

async function show(article, found) {
  const { id } = article.dataset;
  const day = article.querySelector("time").dateTime;
  const text = await abstractText(day, id).catch(() => null); // the result stands without it
  if (!text || article.querySelector(".from")) return;
  const piece = sentence(text, found.clauses);
  if (piece)
    article.querySelector(".at").before(make("p", { class: "from", lang: "en" }, ...marked(piece, found.marks)));
}

// Watches the results in LIST that FOUND by their abstracts.
export function sentences(list, found) {
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      show(target, found);
    }
  });
  for (const article of list.querySelectorAll("article[data-from=abstract]")) seen.observe(article);
  return seen;
}
