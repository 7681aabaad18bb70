// Looks for the words and names of a line that a reader typed, such as "diffusion, Zhang Wei", in the text of papers.
const SEPARATORS = /[,，;；]/;
const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// {word, pattern} for each word of LINE. A Latin word matches whole words only. Patterns are global, for text in lower case.
export const patternsOf = (line) =>
  line
    .toLowerCase()
    .split(SEPARATORS)
    .map((word) => word.trim())
    .filter(Boolean)
    .map((word) => {
      const latin = /^[\x20-\x7e]+$/.test(word);
      const source = latin ? `(?<![a-z0-9])${escaped(word)}(?![a-z0-9])` : escaped(word);
      return { word, pattern: new RegExp(source, "g") };
    });

// The words of PATTERNS that TEXT, in lower case, holds.
export const found = (patterns, text) =>
  patterns.filter(({ pattern }) => text.search(pattern) >= 0).map(({ word }) => word);
