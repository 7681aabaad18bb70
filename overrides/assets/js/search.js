// The search in the header and on its page; the indexes are loaded when somebody searches.
const header = document.querySelector("[data-find]");
const page = document.querySelector("[data-find-page]");

if (page) import("./search-page.js").then(({ searchPage }) => searchPage(page));
if (header) {
  const wake = () => import("./search-header.js").then(({ searchHeader }) => searchHeader(header));
  header.addEventListener("focusin", wake, { once: true });
}

addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
  const input = document.querySelector("[data-search]");
  if (!input) return;
  event.preventDefault();
  if (input.offsetParent) {
    input.focus();
    input.select();
  } else document.querySelector(".find__go")?.click();
});
