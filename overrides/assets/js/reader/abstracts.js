// Loads the abstracts of a day's picks when the reader opens the first one.
import { readGzippedJson } from "../common/gzip.js";
import { sanitizeMathml } from "../common/sanitize-mathml.js";

const days = new Map(); // date -> promise of [abstracts, formulas], each by paper id

// TEXT as nodes, with the formulas that PATCHES ([from, to, html]) hold in place of their TeX.
function withFormulas(text, patches) {
  const nodes = [];
  let at = 0;
  for (const [from, to, html] of patches) {
    nodes.push(text.slice(at, from), sanitizeMathml(html));
    at = to;
  }
  return [...nodes, text.slice(at)];
}

// [abstract, patches] of paper ID, shown on DAY; throws if it cannot be loaded.
async function read(day, id) {
  if (!days.has(day)) {
    const file = `data/${day.slice(0, 4)}/${day}`;
    days.set(
      day,
      Promise.all([
        readGzippedJson(`${file}.abstracts.json.gz`),
        readGzippedJson(`${file}.formulas.json.gz`).catch(() => ({})),
      ]),
    );
  }
  try {
    const [plain, shown] = await days.get(day);
    if (typeof plain[id] === "string") return [plain[id], shown[id] ?? []];
  } catch (error) {
    days.delete(day);
    throw error;
  }
  throw new Error(`${day}: no abstract of ${id}`);
}

// The abstract as nodes.
export const abstractOf = async (day, id) => withFormulas(...(await read(day, id)));

// The abstract as plain text, in which formulas are TeX.
export const abstractText = async (day, id) => (await read(day, id))[0];
