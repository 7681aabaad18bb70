// What the reader saved, has read and has set: kept in localStorage. If that is refused, full or damaged, the page goes
// on with what it has in hand, and says so once.
import { tell } from "./page.js";
import { say } from "./words.js";

const PREFIX = "arxiv-daily.";
const ID = /^(\d{4}\.\d{4,6}|[a-z][a-z-]*(\.[A-Z]{2})?\/\d{7})$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOST_READ = 5000;
const SORTS = ["field", "score", "newest"];

const text = (value, most) => (typeof value === "string" ? value.replace(/\s+/g, " ").trim().slice(0, most) : "");
const texts = (value, most) => (Array.isArray(value) ? value.map((one) => text(one, 300)).filter(Boolean).slice(0, most) : []);
const list = (value) => {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return value;
};

// Each makes something sound of whatever it is given, or throws where nothing is to be made of it.
const SOUND = {
  settings(value) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no settings");
    return {
      min: Number.isFinite(value.min) ? Math.min(10, Math.max(0, value.min)) : 0,
      hidden: texts(value.hidden, 100),
      mute: text(value.mute, 1000),
      hideRead: value.hideRead === true,
      sort: SORTS.includes(value.sort) ? value.sort : "field",
      keys: value.keys !== false,
    };
  },
  read: (value) => [...new Set(list(value).filter((one) => ID.test(one)))].slice(-MOST_READ),
  saved: (value) => list(value).map(soundPaper).filter(Boolean),
};
const EMPTY = { settings: {}, read: [], saved: [] };

function soundPaper(value) {
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

const inHand = {};
let told = false;

function trouble(key) {
  if (!told) tell(say(key));
  told = true;
}

export function recall(key) {
  let kept;
  try {
    kept = localStorage.getItem(PREFIX + key);
  } catch {
    trouble("storageRefused");
    return (inHand[key] ??= SOUND[key](EMPTY[key]));
  }
  if (inHand[key]) return inHand[key];
  try {
    return SOUND[key](kept === null ? EMPTY[key] : JSON.parse(kept));
  } catch {
    trouble("storageBroken");
    return SOUND[key](EMPTY[key]);
  }
}

export function keep(key, value) {
  const sound = SOUND[key](value);
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(sound));
    delete inHand[key];
  } catch (error) {
    inHand[key] = sound;
    trouble(error.name === "QuotaExceededError" ? "storageFull" : "storageRefused");
  }
  return sound;
}

// Read again before every change: another tab may have saved something meanwhile.
export function toggle(key, id, value) {
  const before = recall(key);
  const of = (one) => (typeof one === "string" ? one : one.id);
  const without = before.filter((one) => of(one) !== id);
  const added = without.length === before.length;
  keep(key, added ? [...without, value] : without);
  return added;
}

export function markRead(id) {
  const before = recall("read");
  if (!before.includes(id)) keep("read", [...before, id]);
}

export const everything = () => ({
  format: "arxiv-daily",
  version: 1,
  saved: recall("saved"),
  read: recall("read"),
  settings: recall("settings"),
});

// Adds what TEXT, an export of everything, holds; returns the number of papers in it or throws.
export function bringIn(content) {
  const brought = JSON.parse(content);
  if (brought?.format !== "arxiv-daily") throw new TypeError("no export");
  const saved = SOUND.saved(brought.saved);
  const have = new Set(recall("saved").map((one) => one.id));
  keep("saved", [...recall("saved"), ...saved.filter((one) => !have.has(one.id))]);
  keep("read", [...recall("read"), ...SOUND.read(brought.read)]);
  keep("settings", brought.settings);
  return saved.length;
}

export function forget() {
  for (const key of Object.keys(SOUND)) keep(key, EMPTY[key]);
}
