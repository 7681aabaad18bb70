// Citations of papers. Python wrote them, a file for each day; what is done here is to fetch and to join them.
import { readGzippedJson } from "../common/gzip.js";

const days = new Map(); // date -> promise of citations by paper id

async function citationOf(paper) {
  const file = `data/${paper.day.slice(0, 4)}/${paper.day}.citations.json.gz`;
  if (!days.has(paper.day)) days.set(paper.day, readGzippedJson(file));
  try {
    const citation = (await days.get(paper.day))[paper.id];
    if (citation) return citation;
  } catch (error) {
    days.delete(paper.day); // the reader may be online again
    throw error;
  }
  throw new Error(`${paper.day}: no citation of ${paper.id}`);
}

// PAPER ({id, day}) in FORM (bibtex, ris, csl); throws if it cannot be loaded.
export const cite = async (paper, form) => (await citationOf(paper))[form];

// The keys of entries (BibTeX, CSL-JSON) that share one are told apart by a letter.
function withKeysOfTheirOwn(entries) {
  const used = new Map();
  return entries.map((entry) =>
    entry.replace(/(?<=^@misc\{|^\{"id": ")[^,"]*/, (key) => {
      const times = used.get(key) ?? 0;
      used.set(key, times + 1);
      return times ? key + String.fromCharCode(97 + (times % 26)) + (times >= 26 ? times : "") : key;
    }),
  );
}

const JOINED = {
  bibtex: (entries) => withKeysOfTheirOwn(entries).join("\n"),
  ris: (entries) => entries.join("\n").replaceAll("\n", "\r\n"),
  csl: (entries) => `[\n${withKeysOfTheirOwn(entries).join(",\n")}\n]\n`,
};

// PAPERS as one file in FORM, and the ids of those whose citation could not be loaded.
export async function bibliography(papers, form) {
  const results = await Promise.allSettled(papers.map((paper) => cite(paper, form)));
  const entries = results.filter(({ status }) => status === "fulfilled").map(({ value }) => value);
  const missing = papers.filter((_, number) => results[number].status === "rejected").map(({ id }) => id);
  return { text: entries.length ? JOINED[form](entries) : "", missing };
}
