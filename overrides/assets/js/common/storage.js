// Stores in localStorage what the reader saved, has read and has set. If the browser refuses storage, or it is full or
// damaged, the values live as long as the page, and the reader is told once. All other modules store through this one.
import { say } from "./i18n.js";
import { root } from "./root.js";
import { toast } from "./toast.js";

// Sites on one host, such as OWNER.github.io, keep apart by their path. Values from before that are read, too.
const PREFIX = `arxiv-daily:${root.pathname}:`;
const FORMER_PREFIX = "arxiv-daily.";
const ID = /^(\d{4}\.\d{4,6}|[a-z][a-z-]*(\.[A-Z]{2})?\/\d{7})$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOST_IDS = 5000;
const MOST_SEARCHES = 100;
const VIEWS = ["compact", "full"];
const SORTS = ["field", "score", "newest", "foryou"];

const text = (value, most) => (typeof value === "string" ? value.replace(/\s+/g, " ").trim().slice(0, most) : "");
const texts = (value, most) =>
  Array.isArray(value)
    ? value
        .map((item) => text(item, 300))
        .filter(Boolean)
        .slice(0, most)
    : [];
const list = (value) => {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
};

const ids = (value) => [...new Set(Array.isArray(value) ? value.filter((id) => ID.test(id)) : [])].slice(-MOST_IDS);

// Each function returns a valid value for whatever was stored or imported, or throws TypeError.
const VALID = {
  settings(value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("not settings");
    return {
      min: Number.isFinite(value.min) ? Math.min(10, Math.max(0, value.min)) : 0,
      hidden: texts(value.hidden, 100),
      mute: text(value.mute, 1000),
      watch: text(value.watch, 1000),
      hideRead: value.hideRead === true,
      sort: SORTS.includes(value.sort) ? value.sort : "field",
      keys: value.keys !== false,
      view: VIEWS.includes(value.view) ? value.view : "", // "": as the screen suggests
    };
  },
  read: (value) => ids(list(value)),
  saved: (value) => list(value).map(validPaper).filter(Boolean),
  // Searches that are kept, each with the newest day of the archive when it was last opened.
  searches: (value) => list(value).map(validSearch).filter(Boolean).slice(-MOST_SEARCHES),
  // What the order "for you" learns from, beside what is saved: ids of papers, slugs of fields.
  interests: (value) => ({
    liked: ids(value?.liked),
    dismissed: ids(value?.dismissed),
    fields: texts(value?.fields, 100),
  }),
  // Where the reader stopped within a day; empty when there is nothing to go on with.
  place: (value) =>
    ID.test(value?.id) && DAY.test(value.day) ? { day: value.day, id: value.id, title: text(value.title, 300) } : {},
};
const EMPTY = { settings: {}, read: [], saved: [], searches: [], interests: {}, place: {} };

function validSearch(value) {
  const query = text(value?.id, 200);
  return query ? { id: query, seen: DAY.test(value.seen) ? value.seen : "" } : null;
}

function validPaper(value) {
  if (typeof value !== "object" || value === null || !ID.test(value.id)) return null;
  return {
    id: value.id,
    title: text(value.title, 2000) || value.id,
    shown: text(value.shown, 20000),
    authors: texts(value.authors, 5000),
    categories: texts(value.categories, 20),
    submitted: DAY.test(value.submitted) ? value.submitted : "",
    score: Number.isFinite(value.score) ? value.score : null,
    estimate: value.estimate === true,
    reason: text(value.reason, 6000),
    day: DAY.test(value.day) ? value.day : "",
  };
}

const unstored = {}; // values that could not be stored, by key
let warned = false;

function warn(key) {
  if (!warned) toast(say(key));
  warned = true;
}

// The stored value of KEY: "saved", "read" or "settings".
export function recall(key) {
  let stored;
  try {
    stored = localStorage.getItem(PREFIX + key) ?? localStorage.getItem(FORMER_PREFIX + key);
  } catch {
    warn("storageRefused");
    unstored[key] ??= VALID[key](EMPTY[key]);
    return unstored[key];
  }
  if (unstored[key]) return unstored[key];
  try {
    return VALID[key](stored === null ? EMPTY[key] : JSON.parse(stored));
  } catch {
    warn("storageBroken");
    return VALID[key](EMPTY[key]);
  }
}

// Stores VALUE and returns it as it was stored.
export function keep(key, value) {
  const valid = VALID[key](value);
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(valid));
    delete unstored[key];
  } catch (error) {
    unstored[key] = valid;
    warn(error.name === "QuotaExceededError" ? "storageFull" : "storageRefused");
  }
  return valid;
}

// Adds VALUE, whose id is ID, or removes it; returns whether it was added. The list is read again before the change, because
// another tab may have changed it.
export function toggle(key, id, value) {
  const before = recall(key);
  const without = before.filter((entry) => (entry.id ?? entry) !== id);
  const added = without.length === before.length;
  keep(key, added ? [...without, value] : without);
  return added;
}

export const markRead = (...papers) => keep("read", [...recall("read"), ...papers]);

export const exportAll = () => ({
  format: "arxiv-daily",
  version: 1,
  saved: recall("saved"),
  read: recall("read"),
  settings: recall("settings"),
  searches: recall("searches"),
  interests: recall("interests"),
});

// Adds the content of an export (its JSON text); returns the number of papers in it, or throws if it is no export.
export function importAll(content) {
  const imported = JSON.parse(content);
  if (imported?.format !== "arxiv-daily") throw new TypeError("not an export");
  const saved = VALID.saved(imported.saved);
  const have = new Set(recall("saved").map((paper) => paper.id));
  keep("saved", [...recall("saved"), ...saved.filter((paper) => !have.has(paper.id))]);
  keep("read", [...recall("read"), ...VALID.read(imported.read)]);
  keep("settings", imported.settings);
  const searches = new Map(
    [...recall("searches"), ...VALID.searches(imported.searches ?? [])].map((search) => [search.id, search]),
  );
  keep("searches", [...searches.values()]);
  const interests = recall("interests");
  const more = VALID.interests(imported.interests);
  keep("interests", {
    liked: [...interests.liked, ...more.liked],
    dismissed: [...interests.dismissed, ...more.dismissed],
    fields: [...new Set([...interests.fields, ...more.fields])],
  });
  return saved.length;
}

// The chosen theme is one plain word, because theme-early.js reads it before modules load.
export function keepTheme(theme) {
  try {
    localStorage.setItem(`${PREFIX}theme`, theme);
  } catch {
    // the choice applies to this page only
  }
}

// Whether this browser was here on an earlier day, too; the first one is kept.
export function isBack() {
  const today = new Date().toISOString().slice(0, 10);
  try {
    const first = localStorage.getItem(`${PREFIX}first`);
    if (first === null) localStorage.setItem(`${PREFIX}first`, today);
    return first !== null && first !== today;
  } catch {
    return false;
  }
}

export function clearAll() {
  for (const key of Object.keys(VALID)) keep(key, EMPTY[key]);
}
