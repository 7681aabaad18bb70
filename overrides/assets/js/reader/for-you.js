// Order "for you": loads the terms of the months that count, learns from what the reader saved, liked and dismissed, and says
// on each card why it fits. Loaded only when used. Nothing that is learned leaves the browser.
import { make, makeButton } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { root } from "../common/root.js";
import { keep, recall } from "../common/storage.js";
import { label } from "./filter.js";
import { Corpus, Model, readMonth } from "./model.js";

const HOME = new URL("interests/", root);
const MOST_MONTHS = 4;
const TITLE_LENGTH = 48; // characters of a title within a reason

async function read(name) {
  const response = await fetch(new URL(name, HOME));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  if (!name.endsWith(".gz")) return response.json();
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).json();
}

const monthOf = (id) => (/^\d{4}\./.test(id) ? `20${id.slice(0, 2)}-${id.slice(2, 4)}` : "");

// The corpus of the newest months and of those in which IDS were submitted; the most that count, from the newest on.
const corpora = new Map();
export function loadCorpus(ids, all = false) {
  const key = all ? "all" : [...new Set(ids.map(monthOf))].sort().join(" ");
  if (!corpora.has(key)) {
    const load = async () => {
      const files = await read("index.json");
      const months = Object.keys(files).sort().reverse();
      const near = months.filter((month, place) => all || place < 2 || key.includes(month));
      const wanted = near.slice(0, all ? undefined : MOST_MONTHS);
      const loaded = await Promise.all(wanted.map((month) => read(files[month])));
      return new Corpus(new Map(loaded.flatMap((month) => [...readMonth(month)])));
    };
    const loading = load();
    corpora.set(key, loading);
    loading.catch(() => corpora.delete(key));
  }
  return corpora.get(key);
}

export function choices() {
  const interests = recall("interests");
  const saved = recall("saved").map(({ id }) => id);
  return { ...interests, liked: [...new Set([...saved, ...interests.liked])] };
}

// Sets the `fit` of PAPERS and explains it on their cards; at PLACE it says what is missing. AGAIN: called after a choice.
export async function fitPapers(papers, place, again) {
  const chosen = choices();
  place.querySelector(".tools__begin")?.remove();
  let corpus;
  try {
    corpus = await loadCorpus([...papers.map(({ id }) => id), ...chosen.liked]);
  } catch {
    place.append(make("p", { className: "tools__begin", role: "status" }, say("forYouFailed")));
    return;
  }
  const model = new Model(corpus, chosen);
  if (model.empty) {
    place.append(begin(papers, again));
    return;
  }
  const titles = new Map(recall("saved").map(({ id, title }) => [id, title]));
  const fields = new Map(papers.map(({ field, fieldLabel }) => [field, fieldLabel]));
  for (const paper of papers) paper.fit = model.score(paper.id);
  const mean = papers.reduce((sum, { fit }) => sum + (fit ?? 0), 0) / papers.length;
  for (const { card, id, fit } of papers) {
    label(card, "because", fit !== null && fit > mean ? because(model.reasons(id), titles, fields) : "");
  }
}

const clipped = (title) => (title.length > TITLE_LENGTH ? `${title.slice(0, TITLE_LENGTH).trimEnd()}…` : title);

function because({ terms, field, like }, titles, fields) {
  const parts = [
    like && titles.has(like) ? say("because", { title: clipped(titles.get(like)) }) : "",
    terms.join(", "),
    fields.get(field) ?? "",
  ];
  return parts.filter(Boolean).join(" · ");
}

// For a reader of whom nothing is known: the fields of the page, each one tap.
function begin(papers, again) {
  const fields = [...new Map(papers.map(({ field, fieldLabel }) => [field, fieldLabel]))].filter(([, name]) => name);
  const choose = (slug) => {
    const interests = recall("interests");
    keep("interests", { ...interests, fields: [...interests.fields, slug] });
    again();
  };
  const buttons = fields.map(([slug, name]) => makeButton(name, () => choose(slug)));
  return make("p", { className: "tools__begin", role: "status" }, say("forYouBegin"), " ", ...buttons);
}
