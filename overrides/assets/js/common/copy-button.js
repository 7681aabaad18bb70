// Adds a button to each address in a table marked with data-copy. The button copies the address; without JavaScript the
// address is still a link.
import { make } from "./dom.js";

const CONFIRMED_MS = 2000;

for (const table of document.querySelectorAll("[data-copy]")) {
  for (const link of table.querySelectorAll("td a")) link.after(copyButton(link, table.dataset));
}

function copyButton(link, labels) {
  const label = `${labels.copy}: ${link.closest("tr").cells[0].textContent}`;
  const button = make("button", { type: "button", className: "copy", "aria-label": label }, labels.copy);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
      button.textContent = labels.copied;
    } catch {
      select(link); // the clipboard is not available: the reader presses the copy shortcut
    }
    setTimeout(() => {
      button.textContent = labels.copy;
    }, CONFIRMED_MS);
  });
  return button;
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
