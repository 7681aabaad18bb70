// Copying text that holds formulas gives readable lines: each formula as its author's signs, not a line for every sign.
// The same selection copied again at once gives the TeX.
import { say } from "../common/i18n.js";
import { toast } from "../common/toast.js";

const AGAIN_MS = 4000;
const BLOCKS = new Set(
  "address article blockquote br dd details div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table tr ul".split(
    " ",
  ),
);

// A formula on one line.
const textOf = (formula) =>
  formula.dataset.text ??
  formula.textContent.replaceAll("−", "-").replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim();

// A formula as its author wrote it.
const texOf = (formula) => `$${formula.getAttribute("alttext") ?? textOf(formula)}$`;

// The text below NODE, formulas as WRITE gives them; blocks are lines of their own.
function linesOf(node, write) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.localName === "math") return write(node);
  const inner = [...node.childNodes].map((child) => linesOf(child, write)).join("");
  return BLOCKS.has(node.localName) ? `\n${inner}\n` : inner;
}

const tidy = (text) =>
  text
    .split(/\n+/)
    .map((line) => line.replace(/ {2,}/g, " ").trim())
    .filter(Boolean)
    .join("\n");

// What SELECTION holds; a formula of which a part is selected is there as a whole.
function copied(selection) {
  const holder = document.createElement("div");
  for (let number = 0; number < selection.rangeCount; number += 1) {
    const range = selection.getRangeAt(number);
    const within = range.commonAncestorContainer;
    const formula = (within.nodeType === Node.ELEMENT_NODE ? within : within.parentElement)?.closest("math");
    holder.append(formula ? formula.cloneNode(true) : range.cloneContents());
  }
  for (const code of holder.querySelectorAll("script, style, template")) code.remove();
  return holder;
}

export function copyFormulas() {
  let last = { text: "", at: Number.NEGATIVE_INFINITY };
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
    const holder = copied(selection);
    if (!holder.querySelector("math")) return;
    const text = tidy(linesOf(holder, textOf));
    const again = text === last.text && event.timeStamp - last.at < AGAIN_MS;
    event.clipboardData.setData("text/plain", again ? tidy(linesOf(holder, texOf)) : text);
    if (!again) event.clipboardData.setData("text/html", holder.innerHTML);
    event.preventDefault();
    toast(say(again ? "copiedTex" : "copiedText"));
    last = again ? { text: "", at: Number.NEGATIVE_INFINITY } : { text, at: event.timeStamp };
  });
}
