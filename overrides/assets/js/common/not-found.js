// On the 404 page: if the address contains an arXiv id, offers to search for that paper.
import { decoded, make } from "./dom.js";
import { root } from "./root.js";

const PAPER_ID = /\d{4}\.\d{4,6}|[a-z][a-z-]*(?:\.[A-Z]{2})?\/\d{7}/;

export function suggestSearch(place) {
  const id = PAPER_ID.exec(decoded(location.pathname + location.hash))?.[0];
  if (!id) return;
  const search = new URL(`search/?q=${encodeURIComponent(id)}`, root);
  place.append(" · ", make("a", { href: search.href }, `${id} →`));
}
