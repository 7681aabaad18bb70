// A button beside every address of the page that copies it. Without it the address is a link all the same.
for (const table of document.querySelectorAll("[data-copy]")) {
  for (const link of table.querySelectorAll("td a")) link.after(copyButton(link.href, link, table.dataset));
}

function copyButton(address, link, words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = words.copy;
  button.setAttribute("aria-label", `${words.copy}: ${link.closest("tr").cells[0].textContent}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = words.copied;
    } catch {
      select(link); // no right to the clipboard: one key is left to press
    }
    setTimeout(() => { button.textContent = words.copy; }, 2000);
  });
  return button;
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
