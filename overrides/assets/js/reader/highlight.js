// Marks watched words in the text of cards, or in PARTS of other elements, without changing the page: the CSS Custom
// Highlight API. A browser that lacks it shows the label of the card only.
const NAME = "watched";
const PARTS = "h3, .by, .why";

export function highlight(cards, patterns, parts = PARTS) {
  if (!globalThis.CSS?.highlights) return;
  const ranges = cards.flatMap((card) => [...card.querySelectorAll(parts)].flatMap((part) => rangesIn(part, patterns)));
  if (ranges.length) CSS.highlights.set(NAME, new Highlight(...ranges));
  else CSS.highlights.delete(NAME);
}

function rangesIn(part, patterns) {
  const found = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.data.toLowerCase();
    if (text.length !== node.data.length) continue; // lower case moved the places of characters
    for (const { pattern } of patterns) {
      for (const match of text.matchAll(pattern)) {
        const range = new Range();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        found.push(range);
      }
    }
  }
  return found;
}
