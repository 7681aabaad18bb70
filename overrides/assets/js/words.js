// The words of the site in its language, and its root: from the data block that every page carries.
const block = JSON.parse(document.getElementById("words").textContent);

export const root = new URL(block.base.endsWith("/") ? block.base : `${block.base}/`, location.href);
export const language = block.language;

export function say(key, values = {}) {
  return block.words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
