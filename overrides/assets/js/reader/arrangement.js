// The papers of a page and their order: by field as the page was made, or all in one list; watched ones on top of either.
import { make } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { cards, rankOf, scoreOf } from "./cards.js";

const newest = (a, b) => b.age.localeCompare(a.age) || b.id.localeCompare(a.id, "en", { numeric: true });
const better = (a, b) => a.rank - b.rank || b.score - a.score;
const fitter = (a, b) => (b.fit ?? -Infinity) - (a.fit ?? -Infinity) || better(a, b);
const COMPARE = { score: better, newest, foryou: fitter };

const paperOfCard = (card) => ({
  card,
  id: card.id,
  score: scoreOf(card),
  rank: rankOf(card),
  field: null, // the slug and name of the field whose heading precedes the card
  fieldLabel: "",
  age: card.querySelector(".at time")?.textContent ?? "",
  text: null, // in lower case, once it is needed
  watched: [], // the watched words that it holds
  fit: null, // how well it fits the reader, once that is known
});

export class Arrangement {
  #order; // the elements of the page below PLACE, as it was made
  #headings;
  #place;
  #arranged = "field";

  constructor(place) {
    this.#place = place;
    this.papers = cards().map(paperOfCard);
    const elements = [...place.parentElement.children];
    this.#order = elements.slice(elements.indexOf(place) + 1);
    const end = this.#order.indexOf(this.papers.at(-1).card);
    this.#headings = this.#order.filter(
      (element, index) =>
        element.matches("h2, .more, .empty") && (index <= end || (index === end + 1 && element.matches(".more"))),
    );
    const byCard = new Map(this.papers.map((paper) => [paper.card, paper]));
    let heading = null;
    for (const element of this.#order) {
      if (element.matches("h2")) heading = element;
      const paper = byCard.get(element);
      if (paper && heading)
        Object.assign(paper, { field: heading.id, fieldLabel: heading.firstChild.textContent.trim() });
    }
    this.yours = make("section", { className: "yours", hidden: true });
    (document.getElementById("best-of-day") ?? place).before(this.yours);
  }

  // Puts the papers in the order SORT; their `hidden`, `watched` and `fit` are as they should be.
  arrange(sort) {
    const watched = this.papers.filter((paper) => paper.watched.length).sort(better);
    const others = sort === "field" ? [] : this.papers.filter((paper) => !paper.watched.length).sort(COMPARE[sort]);
    const key = [sort, ...watched, "", ...others].map((item) => item.id ?? item).join(" ");
    if (key !== this.#arranged) {
      this.#arranged = key;
      for (const paper of sort === "field" ? watched : this.papers) labelField(paper);
      document.documentElement.classList.toggle("mixed-fields", sort !== "field");
      const moved = new Set([...watched, ...others].map(({ card }) => card));
      this.#place.after(...others.map(({ card }) => card), ...this.#order.filter((element) => !moved.has(element)));
      this.yours.replaceChildren(make("h2", { id: "yours" }), ...watched.map(({ card }) => card));
    }
    const shown = watched.filter(({ card }) => !card.hidden).length;
    this.yours.hidden = shown === 0;
    if (shown) this.yours.firstChild.textContent = say("yours", { n: shown });
    for (const heading of this.#headings) heading.hidden = sort !== "field" || this.#emptied(heading);
  }

  // Whether all papers below HEADING are hidden or on top; a heading that never had papers stays.
  #emptied(heading) {
    if (!heading.matches("h2")) return false;
    const below = this.#order.slice(this.#order.indexOf(heading) + 1);
    const next = below.findIndex((element) => element.matches("h2"));
    const own = below.slice(0, next < 0 ? undefined : next).filter((element) => element.matches("article.paper"));
    return own.length > 0 && own.every((card) => card.hidden || this.yours.contains(card));
  }
}

// Names the field of a paper on its card, for orders in which no heading does.
function labelField({ card, fieldLabel }) {
  const line = card.querySelector(".at");
  if (fieldLabel && !line.querySelector(".of")) line.prepend(make("b", { className: "of" }, fieldLabel));
}
