// Keeps the state of the search page in its address; history entries also hold how far the reader had scrolled.
const KEYS = ["q", "field", "period", "score", "sort", "years", "exact", "abstracts", "unpicked"];

export function fromAddress() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(KEYS.map((key) => [key, query.get(key) ?? ""]));
}

function queryOf(wish) {
  const told = KEYS.filter((key) => wish[key] && !(key === "sort" && wish[key] === "relevance"));
  return String(new URLSearchParams(told.map((key) => [key, wish[key]])));
}

// Typing (a draft) goes on in the entry that it began. Enter and opening a result make an entry of the draft; a filter adds one.
export function toAddress(wish, { draft = false, add = location.search !== "" && !history.state?.draft } = {}) {
  const query = queryOf(wish);
  if (query === queryOf(fromAddress())) {
    if (!draft) keepPlace({ draft });
    return;
  }
  if (add) keepPlace({ top: scrollY });
  history[add ? "pushState" : "replaceState"]({ draft }, "", query ? `?${query}` : location.pathname);
}

// How many results were shown, and how far down.
export const place = () => ({ shown: history.state?.shown ?? 0, top: history.state?.top ?? 0 });
export const keepPlace = (what) => history.replaceState({ ...history.state, ...what }, "");
