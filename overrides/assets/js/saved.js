// The reader's list: shown, exported, carried to another browser.
import { bibliography, ris } from "./cite.js";
import { harmless } from "./harmless.js";
import { bringIn, everything, forget, recall, toggle } from "./memory.js";
import { download, make, tell } from "./page.js";
import { dayPage } from "./papers.js";
import { say } from "./words.js";

const button = (label, act) => {
  const made = make("button", { type: "button" }, label);
  made.addEventListener("click", () => act(made));
  return made;
};

export function showSaved(place) {
  const fill = () => place.replaceChildren(...parts(fill));
  addEventListener("storage", fill);
  fill();
}

function parts(again) {
  const papers = recall("saved").toReversed();
  const listed = papers.length
    ? [
        make("h2", { id: "list" }, say("count", { n: papers.length })),
        make(
          "p",
          { className: "saved__bar" },
          `${say("export")} `,
          button("BibTeX", () => download("arxiv-daily.bib", "application/x-bibtex", bibliography(recall("saved")))),
          button("RIS", () => download("arxiv-daily.ris", "application/x-research-info-systems", recall("saved").map(ris).join("\r\n"))),
          button("JSON", () => download("arxiv-daily.json", "application/json", JSON.stringify(recall("saved"), null, 1))),
        ),
        make("div", { className: "saved__list" }, ...papers.map(row)),
      ]
    : [make("p", { className: "empty" }, say("empty"))];
  return [...listed, make("h2", { id: "settings" }, say("settings")), backup(again)];
}

function row(paper) {
  const title = make("a", { href: `https://arxiv.org/abs/${paper.id}`, rel: "noopener" });
  title.append(paper.shown ? harmless(paper.shown) : paper.title);
  const score = paper.score === null ? "–" : paper.score.toFixed(1);
  const names = paper.authors.slice(0, 6).join(", ") + (paper.authors.length > 6 ? " …" : "");
  const remove = button(say("remove"), (self) => {
    const back = toggle("saved", paper.id, paper);
    self.textContent = say(back ? "remove" : "save");
    self.closest("article").classList.toggle("paper--gone", !back);
  });
  const at = make("p", { className: "at" });
  at.append(paper.day ? make("a", { href: dayPage(paper.day, paper.id) }, paper.day) : paper.id, " ");
  at.append(make("span", {}, paper.categories.join(" ")), " ", make("a", { href: `https://arxiv.org/pdf/${paper.id}`, rel: "noopener" }, "PDF"));
  const badge = make("p", { className: "score" }, score);
  if (paper.estimate) badge.append(make("small", {}, "≈"));
  const card = make(
    "article",
    { className: "paper" },
    make("h3", {}, title),
    badge,
    make("div", { className: "by" }, names),
    ...(paper.reason ? [make("p", { className: "why" }, paper.reason)] : []),
    at,
    make("div", { className: "act" }, remove),
  );
  card.dataset.score = score;
  return card;
}

function backup(again) {
  const file = make("input", { type: "file", accept: "application/json,.json", id: "import" });
  file.addEventListener("change", async () => {
    try {
      const count = bringIn(await file.files[0].text());
      again();
      tell(say("imported", { n: count }));
    } catch {
      tell(say("importFailed"));
    }
  });
  let sure = false;
  const clear = button(say("clear"), (self) => {
    if (!sure) {
      sure = true;
      self.textContent = say("clearSure");
      return;
    }
    forget();
    again();
    tell(say("cleared"));
  });
  const all = button(say("exportAll"), () =>
    download("arxiv-daily-backup.json", "application/json", JSON.stringify(everything(), null, 1)),
  );
  return make(
    "p",
    { className: "saved__bar" },
    all,
    make("label", { htmlFor: "import" }, say("importAll")),
    file,
    clear,
  );
}
