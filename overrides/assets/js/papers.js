// The papers of a page, as their cards tell them.
import { root } from "./words.js";

const DAY_PATH = /days\/\d{4}\/(\d{4}-\d\d-\d\d)\/(?:#|$)/;

// Not those of the search: what can be done with a paper needs its whole card.
export const cards = () => [...document.querySelectorAll("article.paper:not(.search__results *)")];

export const dayPage = (day, id) => new URL(`days/${day.slice(0, 4)}/${day}/#${id}`, root).href;

export function dayOf(card) {
  const link = card.querySelector(".at a");
  return link ? (DAY_PATH.exec(link.href)?.[1] ?? "") : "";
}

export const scoreOf = (card) => Number.parseFloat(card.querySelector(".score i").nextSibling.data);

// All that is worth keeping of a paper.
export function paperOf(card) {
  const title = card.querySelector("h3 a");
  return {
    id: card.id,
    title: card.dataset.tex ?? title.textContent,
    shown: title.querySelector("math") ? title.innerHTML : "",
    authors: authorsOf(card),
    categories: card.querySelector(".at span").textContent.split(" "),
    submitted: card.querySelector(".at time")?.textContent ?? "",
    score: scoreOf(card),
    estimate: card.querySelector(".score small") !== null,
    reason: card.querySelector(".why")?.textContent ?? "",
    day: dayOf(card),
  };
}

function authorsOf(card) {
  if (card.dataset.authors) return card.dataset.authors.split("|");
  const names = [];
  for (const node of card.querySelector(".by").childNodes) {
    const shown = node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].slice(1).map((one) => one.textContent).join("");
    names.push(...shown.split(",").map((name) => name.trim()).filter(Boolean));
  }
  return names;
}

// What mute words are looked for in.
export function wordsOf(card) {
  const parts = card.querySelectorAll("h3, .by, .why, .at span");
  return [...parts].map((one) => one.textContent).concat(card.dataset.tex ?? "").join("\n").toLowerCase();
}
