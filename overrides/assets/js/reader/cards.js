// Reads papers from the cards of a page.

const DAY_PATH = /days\/\d{4}\/(\d{4}-\d\d-\d\d)\/(?:#|$)/;

// All whole cards; a search result shows a part of a card and has no actions.
export const cards = () => [...document.querySelectorAll("article.paper:not(.search__results *)")];

// The date (YYYY-MM-DD) of the day page that shows CARD; "" if it is unknown.
export function dayOf(card) {
  const link = card.querySelector(".at a");
  return link ? (DAY_PATH.exec(link.href)?.[1] ?? "") : "";
}

export const scoreOf = (card) => Number.parseFloat(card.querySelector(".score i").nextSibling.data);

// The rank of CARD within its day; Infinity where the page shows none.
export const rankOf = (card) =>
  Number(card.querySelector(".score b")?.textContent.slice(1).replaceAll(",", "") ?? Infinity);

// What is stored of a saved paper.
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

export function authorsOf(card) {
  if (card.dataset.authors) return card.dataset.authors.split("|");
  const names = [];
  for (const node of card.querySelector(".by").childNodes) {
    const shown =
      node.nodeName === "DETAILS" // behind its summary
        ? [...node.childNodes]
            .slice(1)
            .map((child) => child.textContent)
            .join("")
        : node.textContent;
    names.push(
      ...shown
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean),
    );
  }
  return names;
}

// The text of a card in which muted words are looked for, in lower case.
export function wordsOf(card) {
  const parts = card.querySelectorAll("h3, .by, .why, .at span");
  return [...parts]
    .map((part) => part.textContent)
    .concat(card.dataset.tex ?? "")
    .join("\n")
    .toLowerCase();
}
