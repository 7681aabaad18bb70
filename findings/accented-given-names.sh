#!/usr/bin/env bash
# pandoc 3.9 and citation-js 0.7.22 take a given name that begins with an accent in braces, `{\'E}va Nagy`, for a
# particle like "von" (dropping in one, non-dropping in the other). Written as RIS by citation-js, the given name is gone.
# Better BibTeX's parser reads the given name that it is, as do biber 2.18 and bibutils 7.2 (not run here).
#
# Guess: given "Éva", family "Nagy" in all of them.
# Mend: "Nagy, {\'E}va" (family name first), or the letter itself.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with pypandoc-binary==1.17
node_with citation-js@0.7.22 @retorquere/bibtex-parser@9.0.29

cat >author.bib <<'BIB'
@misc{a, author={{\'E}va Nagy}, title={On graphs}, year=2026}
BIB

seen python - <<'PY'
import json

import pypandoc

print("pandoc", pypandoc.get_pandoc_version(), end=" ")
entry = json.loads(pypandoc.convert_file("author.bib", "csljson", format="bibtex"))[0]
print(json.dumps(entry["author"], ensure_ascii=False, sort_keys=True))
PY

cat >read.cjs <<'JS'
const fs = require("fs");
const Cite = require("citation-js");
const text = fs.readFileSync("author.bib", "utf8");
const cite = new Cite(text);
console.log("citation-js", JSON.stringify(cite.data[0].author));
console.log("citation-js as RIS:", cite.format("ris").split("\n").find((line) => line.startsWith("AU")));
import("@retorquere/bibtex-parser").then((parser) =>
  console.log("Better BibTeX's parser", JSON.stringify(parser.parse(text).entries[0].fields.author)),
);
JS
seen node read.cjs

expect <<'END'
pandoc 3.9 [{"dropping-particle": "Éva", "family": "Nagy"}]
citation-js [{"family":"Nagy","non-dropping-particle":"Éva"}]
citation-js as RIS: AU  - Nagy
Better BibTeX's parser [{"lastName":"Nagy","firstName":"Éva"}]
END
