// There is no such page: if the address names a paper, its search is one click away.
import { make } from "./page.js";
import { root } from "./words.js";

const PAPER = /\d{4}\.\d{4,6}|[a-z][a-z-]*(?:\.[A-Z]{2})?\/\d{7}/;

export function guide(place) {
  const id = PAPER.exec(decodeURI(location.pathname + location.hash))?.[0];
  if (id) place.append(" · ", make("a", { href: new URL(`search/?q=${encodeURIComponent(id)}`, root).href }, `${id} →`));
}
