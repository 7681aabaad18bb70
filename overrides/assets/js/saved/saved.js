// The page of saved papers: the list, its exports, and a backup for another browser.
import { download, make, makeButton } from "../common/dom.js";
import { say } from "../common/i18n.js";
import { languageOf } from "../common/language.js";
import { dayPage } from "../common/root.js";
import { sanitizeMathml } from "../common/sanitize-mathml.js";
import { clearAll, exportAll, importAll, keep, recall, toggle } from "../common/storage.js";
import { toast } from "../common/toast.js";
import { bibliography } from "../reader/cite.js";
import { loadCorpus } from "../reader/for-you.js";

const PAPER_IDS = /(?<![\d.])\d{4}\.\d{4,6}(?!\d)|[a-z][a-z-]*(?:\.[A-Z]{2})?\/\d{7}(?!\d)/g;

export function showSaved(place) {
  const show = () => place.replaceChildren(...parts(show));
  addEventListener("storage", show);
  show();
}

function parts(showAgain) {
  const papers = recall("saved").toReversed();
  const listed = papers.length
    ? [
        make("h2", { id: "list" }, say("count", { n: papers.length })),
        make(
          "p",
          { className: "saved__bar" },
          `${say("export")} `,
          makeButton("BibTeX", () => exportAs("bibtex", "arxiv-daily.bib", "application/x-bibtex")),
          makeButton("RIS", () => exportAs("ris", "arxiv-daily.ris", "application/x-research-info-systems")),
          makeButton("CSL-JSON", () => exportAs("csl", "arxiv-daily.csl.json", "application/json")),
          makeButton("JSON", () =>
            download("arxiv-daily.json", "application/json", JSON.stringify(recall("saved"), null, 1)),
          ),
        ),
        make("div", { className: "saved__list" }, ...papers.map(row)),
      ]
    : [make("p", { className: "empty" }, say("empty"))];
  return [
    ...listed,
    make("h2", { id: "for-you" }, say("forYou")),
    ...forYou(showAgain),
    make("h2", { id: "settings" }, say("settings")),
    backup(showAgain),
  ];
}

async function exportAs(form, name, type) {
  const { text, missing } = await bibliography(recall("saved"), form);
  if (text) download(name, type, text);
  if (missing.length) toast(say("citationsMissing", { ids: missing.join(", ") }));
}

function row(paper) {
  const title = make("a", { href: `https://arxiv.org/abs/${paper.id}`, rel: "noopener", ...languageOf(paper.title) });
  title.append(paper.shown ? sanitizeMathml(paper.shown) : paper.title);
  const score = paper.score === null ? "–" : paper.score.toFixed(1);
  const names = paper.authors.slice(0, 6).join(", ") + (paper.authors.length > 6 ? " …" : "");
  const remove = makeButton(say("remove"), (self) => {
    const back = toggle("saved", paper.id, paper);
    self.textContent = say(back ? "remove" : "save");
    self.closest("article").classList.toggle("paper--gone", !back);
  });
  const at = make("p", { className: "at" });
  at.append(paper.day ? make("a", { href: dayPage(paper.day, paper.id) }, paper.day) : paper.id, " ");
  at.append(
    make("span", {}, paper.categories.join(" ")),
    " ",
    make("a", { href: `https://arxiv.org/pdf/${paper.id}`, rel: "noopener" }, "PDF"),
  );
  const badge = make("p", { className: "score" }, score);
  if (paper.estimate) badge.append(make("small", {}, "≈"));
  const card = make(
    "article",
    { className: "paper" },
    make("h3", {}, title),
    badge,
    make("div", { className: "by", ...languageOf(names) }, names),
    ...(paper.reason ? [make("p", { className: "why", ...languageOf(paper.reason) }, paper.reason)] : []),
    at,
    make("div", { className: "act" }, remove),
  );
  card.dataset.score = score;
  return card;
}

// What the order "for you" learns from: its state, a reset, and ids of the reader's own papers as a start.
function forYou(showAgain) {
  const { liked, dismissed, fields } = recall("interests");
  const state = say("forYouState", { liked: liked.length, dismissed: dismissed.length, fields: fields.length });
  const area = make("textarea", { id: "seeds", rows: 3, spellcheck: false });
  const add = makeButton(say("seedsAdd"), async () => {
    const ids = [...new Set(area.value.match(PAPER_IDS) ?? [])];
    try {
      const { papers } = await loadCorpus([], true);
      const known = ids.filter((id) => papers.has(id));
      const interests = recall("interests");
      keep("interests", { ...interests, liked: [...interests.liked, ...known] });
      showAgain();
      toast(say("seedsFound", { n: ids.length, known: known.length }));
    } catch {
      toast(say("forYouFailed"));
    }
  });
  const reset = makeButton(say("forYouReset"), () => {
    keep("interests", {});
    showAgain();
  });
  return [
    make("p", {}, `${say("forYouAbout")} ${state}`),
    make("p", { className: "saved__seeds" }, make("label", { htmlFor: "seeds" }, say("seeds")), area),
    make("p", { className: "saved__bar" }, add, reset),
  ];
}

function backup(showAgain) {
  const file = make("input", { type: "file", accept: "application/json,.json", id: "import" });
  file.addEventListener("change", async () => {
    try {
      const count = importAll(await file.files[0].text());
      showAgain();
      toast(say("imported", { n: count }));
    } catch {
      toast(say("importFailed"));
    }
  });
  let sure = false;
  const clear = makeButton(say("clear"), (self) => {
    if (!sure) {
      sure = true;
      self.textContent = say("clearSure");
      return;
    }
    clearAll();
    showAgain();
    toast(say("cleared"));
  });
  const exportButton = makeButton(say("exportAll"), () =>
    download("arxiv-daily-backup.json", "application/json", JSON.stringify(exportAll(), null, 1)),
  );
  return make(
    "p",
    { className: "saved__bar" },
    exportButton,
    make("label", { htmlFor: "import" }, say("importAll")),
    file,
    clear,
  );
}
