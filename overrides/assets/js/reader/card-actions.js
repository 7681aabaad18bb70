// The actions of a card: show the abstract, save, copy the citation or the link, mark as read.
import { make, makeButton } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { languageOf } from "../common/language.js";
import { dayPage } from "../common/root.js";
import { keep, markRead, recall, toggle } from "../common/storage.js";
import { toast } from "../common/toast.js";
import { abstractOf } from "./abstracts.js";
import { cards, dayOf, paperOf } from "./cards.js";
import { cite } from "./cite.js";
import { addCoins } from "./coins.js";

const NAMES = ["abstract", "save", "more", "less", "bibtex", "link", "read"];
const PRESSED = { save: "saved", read: "unread" }; // other words for a button that is on
const KINDS = { more: "liked", less: "dismissed" };

export const actions = {
  async abstract(card) {
    const button = buttonOf(card, "abstract");
    let place = card.querySelector(".abstract");
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    button.textContent = say(open ? "hideAbstract" : "abstract");
    if (place) place.hidden = !open;
    if (!open || place?.dataset.loaded) return;
    place ??= make("div", { className: "abstract", id: `abstract-${card.id}` });
    place.textContent = say("loading");
    card.querySelector(".at").before(place);
    button.setAttribute("aria-controls", place.id);
    linkAuthors(card);
    try {
      place.replaceChildren(...(await abstractOf(dayOf(card), card.id)));
      Object.assign(place, languageOf(place.textContent));
      place.dataset.loaded = "yes";
      markRead(card.id); // the title keeps its colour until the next visit of the page
    } catch {
      place.textContent = say("noAbstract");
    }
  },
  save(card) {
    toggle("saved", card.id, paperOf(card));
    show(card);
  },
  more: (card) => toggleInterest(card, "more", "less"),
  less: (card) => toggleInterest(card, "less", "more"),
  read(card) {
    toggle("read", card.id, card.id);
    show(card);
  },
  async bibtex(card) {
    try {
      await copy(await cite({ id: card.id, day: dayOf(card) }, "bibtex"));
    } catch {
      toast(say("noCitation"));
    }
  },
  async link(card) {
    const { title, reason, day, id } = paperOf(card);
    const url = dayPage(day, id);
    const lines = [title, reason].filter(Boolean).map((text) => text.replace(/\s+/g, " ").trim());
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      await navigator.share({ title, text: lines.join("\n"), url }).catch(() => {}); // given up
    } else copy([...lines, url].join("\n"));
  },
};

const buttonOf = (card, name) => card.querySelector(`.act [data-do="${name}"]`);

const linkAuthors = (card) => import("./author-links.js").then((module) => module.linkAuthors(card)).catch(() => {});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(say("copied"));
  } catch {
    const area = make("textarea", { value: text, readOnly: true, rows: 9, "aria-label": say("copyFailed") });
    const close = makeButton(say("close"), () => dialog.close());
    const dialog = make("dialog", { className: "sheet" }, make("p", {}, say("copyFailed")), area, close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    area.select();
  }
}

// A paper is liked, dismissed, or neither.
function toggleInterest(card, name, opposite) {
  const interests = recall("interests");
  const has = interests[KINDS[name]].includes(card.id);
  const without = (kind) => interests[kind].filter((id) => id !== card.id);
  keep("interests", {
    ...interests,
    [KINDS[name]]: has ? without(KINDS[name]) : [...interests[KINDS[name]], card.id],
    [KINDS[opposite]]: without(KINDS[opposite]),
  });
  show(card);
}

// What the reader decided about papers, as sets of ids.
function decisions() {
  const { liked, dismissed } = recall("interests");
  const saved = recall("saved").map((paper) => paper.id);
  return { save: new Set(saved), more: new Set(liked), less: new Set(dismissed), read: new Set(recall("read")) };
}

function show(card, decided = decisions()) {
  for (const [name, ids] of Object.entries(decided)) {
    const button = buttonOf(card, name);
    button.setAttribute("aria-pressed", ids.has(card.id));
    button.textContent = say((ids.has(card.id) && PRESSED[name]) || name);
  }
  card.classList.toggle("paper--read", decided.read.has(card.id));
  card.classList.toggle("paper--dismissed", decided.less.has(card.id));
}

function showAll() {
  const decided = decisions();
  for (const card of cards()) show(card, decided);
}

// Marks all shown cards as read, or those above and with CARD; it can be undone.
export function markAllRead(card = null) {
  const shown = cards().filter((other) => other.offsetParent);
  const before = recall("read");
  markRead(...shown.slice(0, card ? shown.indexOf(card) + 1 : undefined).map(({ id }) => id));
  showAll();
  const n = recall("read").length - before.length;
  const undo = () => {
    keep("read", before);
    showAll();
  };
  toast(say("markedRead", { n }), { label: say("undo"), run: undo });
}

export function addActions() {
  for (const card of cards()) {
    const row = make("div", { className: "act", role: "group", "aria-label": card.id });
    for (const name of NAMES) {
      const button = make("button", { type: "button" }, say(name));
      button.dataset.do = name;
      if (KINDS[name]) button.title = say(`${name}Title`);
      if (name === "abstract") button.setAttribute("aria-expanded", "false");
      row.append(button);
    }
    card.append(row);
    addCoins(card);
    card.querySelector("h3").lang = "en"; // for voices; in the page itself it would weigh too much
  }
  showAll();
  for (const kind of ["click", "auxclick"]) {
    document.addEventListener(kind, (event) => {
      const card = event.target.closest?.("article.paper");
      if (!card) return;
      const name = event.target.closest(".act button")?.dataset.do;
      if (name && kind === "click") actions[name](card);
      if (!event.defaultPrevented && event.target.closest('a[href^="https://arxiv.org/"]')) {
        markRead(card.id);
        show(card);
      }
    });
  }
  document.addEventListener("pointerover", (event) => {
    const card = event.target.closest?.(".by")?.closest("article.paper[id]");
    if (card) linkAuthors(card);
  });
  addEventListener("storage", showAll);
  addEventListener("pageshow", (event) => event.persisted && showAll());
}
