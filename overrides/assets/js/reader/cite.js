// A paper as BibTeX and as RIS.

const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]/g, "")
    .toLowerCase();
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const DULL = new Set(["a", "an", "the", "on", "of", "in", "for", "to", "is", "are", "and", "with"]);

function yearOf(paper) {
  if (paper.submitted) return paper.submitted.slice(0, 4);
  const digits = /(\d\d)\d\d[.\d]/.exec(paper.id.split("/").pop())[1];
  return (Number(digits) > 90 ? "19" : "20") + digits;
}

// arXiv's titles are TeX: what is escaped stays so, what would break a .bib file is mended.
function tex(text) {
  const even = text.split("$").length % 2 === 1;
  const parts = even ? text.split("$") : [text.replaceAll("$", "\\$")];
  const escaped = parts.map((part, number) => (number % 2 ? part : part.replace(/(?<!\\)[&%#_]/g, "\\$&"))).join("$");
  return balanced(escaped) ? escaped : escaped.replace(/(?<!\\)[{}]/g, "");
}

function balanced(text) {
  let depth = 0;
  for (const sign of text.replace(/\\./g, "")) {
    depth += sign === "{" ? 1 : sign === "}" ? -1 : 0;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const surname = (name) => name.split(" ").pop();

export function bibtex(paper) {
  const first =
    paper.title
      .split(/\s+/)
      .map(plain)
      .find((word) => word && !DULL.has(word)) ?? "";
  const key = `${plain(surname(paper.authors[0] ?? "")) || "anonymous"}${yearOf(paper)}${first}`;
  const authors = paper.authors.map((name) => (/,| and /.test(name) ? `{${tex(name)}}` : tex(name))).join(" and ");
  const rows = [
    ["title", `{${tex(paper.title)}}`],
    ["author", authors],
    ["year", yearOf(paper)],
    ["month", paper.submitted ? MONTHS[Number(paper.submitted.slice(5, 7)) - 1] : ""],
    ["eprint", paper.id],
    ["archivePrefix", "arXiv"],
    ["primaryClass", paper.categories[0] ?? ""],
    ["url", `https://arxiv.org/abs/${paper.id}`],
  ];
  const lines = rows
    .filter(([, value]) => value)
    .map(([name, value]) => `  ${name} = ${name === "month" ? value : `{${value}}`}`);
  return `@misc{${key},\n${lines.join(",\n")}\n}\n`;
}

export function ris(paper) {
  const turned = (name) =>
    name.includes(",") || !name.includes(" ") ? name : `${surname(name)}, ${name.slice(0, name.lastIndexOf(" "))}`;
  const lines = [
    "TY  - UNPB",
    `TI  - ${paper.title}`,
    ...paper.authors.map((name) => `AU  - ${turned(name)}`),
    `PY  - ${yearOf(paper)}`,
    ...(paper.submitted ? [`DA  - ${paper.submitted.replaceAll("-", "/")}`] : []),
    "PB  - arXiv",
    `M1  - arXiv:${paper.id}`,
    ...paper.categories.map((name) => `KW  - ${name}`),
    `UR  - https://arxiv.org/abs/${paper.id}`,
    "ER  - ",
  ];
  return `${lines.join("\r\n")}\r\n`;
}

// Keys of BibTeX entries are told apart by a letter where two papers would share one.
export function bibliography(papers) {
  const used = new Map();
  return papers
    .map((paper) =>
      bibtex(paper).replace(/(?<=^@misc\{)[^,]*/, (key) => {
        const times = used.get(key) ?? 0;
        used.set(key, times + 1);
        return times ? key + String.fromCharCode(97 + (times % 26)) + (times >= 26 ? times : "") : key;
      }),
    )
    .join("\n");
}
