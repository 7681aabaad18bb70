// What a reader does with the list of results: walks through it by keys, opens papers, reads them.
import { markRead } from "../common/storage.js";
import { badge, readerHas } from "./render.js";

// The arrow keys lead from INPUT to the titles in LIST and back. LISTED tells whether they are those of what was typed.
export function walkWithArrows(list, input, listed) {
  addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...list.querySelectorAll("h2 a")];
    const here = links.indexOf(document.activeElement);
    if (here < 0 && !(document.activeElement === input && event.key === "ArrowDown")) return;
    event.preventDefault();
    if (here < 0 && (list.hasAttribute("aria-busy") || !listed())) return;
    (links[here + (event.key === "ArrowDown" ? 1 : -1)] ?? (event.key === "ArrowUp" ? input : links.at(-1)))?.focus();
  });
}

// Keeps what LIST shows as read and saved as it is, with the words of ABOUT(); ONOPEN is called when a link is followed.
export function markWhatIsRead(list, about, onOpen) {
  const mark = () => {
    const has = readerHas();
    for (const paper of list.querySelectorAll("article")) badge(paper, about(), has);
  };
  for (const kind of ["click", "auxclick"]) {
    list.addEventListener(kind, (event) => {
      const link = event.target.closest("a");
      if (!link || event.button > 1) return;
      onOpen();
      if (!link.closest(".at")) return;
      markRead(link.closest("article").dataset.id);
      mark();
    });
  }
  addEventListener("storage", mark);
  addEventListener("pageshow", (event) => event.persisted && mark());
}
