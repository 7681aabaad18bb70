// Searches that the reader keeps, in the browser alone: each tells how many papers are new since it was last opened.
import { make, makeButton } from "../common/dom.js";
import { fill } from "../common/i18n.js";
import { keep, recall, toggle } from "../common/storage.js";
import { search } from "./engine.js";

const MOST_COUNTED = 20; // kept searches whose new papers are counted when the page opens

const later = (hits, seen) => hits.filter(({ date }) => date > seen).length;

// What was new in the kept search QUERY, FOUND now, as a text; from now on all of it is seen.
function news(query, found, words) {
  const kept = recall("searches");
  const entry = kept.find(({ id }) => id === query);
  if (!entry || !found.newest || entry.seen >= found.newest) return "";
  const fresh = later(found.hits, entry.seen);
  keep(
    "searches",
    kept.map((other) => (other === entry ? { id: query, seen: found.newest } : other)),
  );
  return fill(fresh ? words.kept_news : words.kept_no_news, { n: fresh, date: entry.seen });
}

// A line with which QUERY is kept or forgotten, and what is new in it.
export function keepLine(query, found, { words }) {
  const line = make("p", {}, news(query, found, words), " ");
  const button = makeButton("", () => {
    toggle("searches", query, { id: query, seen: found.newest });
    label();
  });
  const label = () => {
    const isKept = recall("searches").some(({ id }) => id === query);
    button.textContent = isKept ? words.kept_forget : words.kept_keep;
    button.setAttribute("aria-pressed", String(isKept));
  };
  label();
  line.append(button);
  return line;
}

// The kept searches as links, each with the number of its new papers once they are counted; null where there are none.
export function keptList({ words }) {
  const kept = recall("searches");
  if (!kept.length) return null;
  const row = ({ id, seen }, place) => {
    const count = make("small", {});
    if (place < MOST_COUNTED)
      search(id, { sort: "date", deep: true }).then(
        (found) => {
          const fresh = later(found.hits, seen);
          if (fresh) count.textContent = fill(words.kept_new, { n: fresh });
        },
        () => {}, // it is not counted, and can be opened all the same
      );
    return make("li", {}, make("a", { href: `?${new URLSearchParams({ q: id })}` }, id), " ", count);
  };
  return make("section", { class: "kept" }, make("h2", {}, words.kept), make("ul", {}, ...kept.map(row)));
}
