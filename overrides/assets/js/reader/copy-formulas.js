// Copying text that holds formulas gives readable lines: each formula as its author's signs, not a line for every sign.
// A double click on a formula copies its TeX.
import { say } from "../common/i18n.js";
import { toast } from "../common/toast.js";

const BLOCKS = new Set(
  "address article blockquote br dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table tr ul".split(
    " ",
  ),
);

// A formula on one line.
const textOf = (formula) =>
  formula.dataset.text ??
  formula.textContent.replaceAll("−", "-").replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim();

// The TeX of a formula, as its author wrote it.
const texOf = (formula) => formula.getAttribute("alttext") ?? textOf(formula);

// The readable text below NODE; blocks are lines of their own.
function linesOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.localName === "math") return textOf(node);
  const inner = [...node.childNodes].map(linesOf).join("");
  return BLOCKS.has(node.localName) ? `\n${inner}\n` : inner;
}

function copied(selection) {
  const holder = document.createElement("div");
  for (let number = 0; number < selection.rangeCount; number += 1) {
    const range = selection.getRangeAt(number);
    const within = range.commonAncestorContainer;
    const formula = (within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement)?.closest("math");
    holder.append(formula ? formula.cloneNode(true) : range.cloneContents());
  }
  return holder;
}

const tidy = (text) =>
  text
    .split(/\n+/)
    .map((line) => line.replace(/ {2,}/g, " ").trim())
    .filter(Boolean)
    .join("\n");

export function copyFormulas() {
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
    const holder = copied(selection);
    if (!holder.querySelector("math")) return;
    event.clipboardData.setData("text/plain", tidy(linesOf(holder)));
    event.clipboardData.setData("text/html", holder.innerHTML);
    event.preventDefault();
  });
  document.addEventListener("dblclick", async (event) => {
    const formula = event.target.closest?.("math");
    if (!formula) return;
    try {
      await navigator.clipboard.writeText(texOf(formula));
      toast(say("copiedTex"));
    } catch {
      toast(texOf(formula)); // no right to the clipboard: it can be read, at least
    }
  });
}
