#!/usr/bin/env bash
# One JSON-LD document with a relative @id, no base: rdflib 7.6.0 names its subject by the folder in which the program
# happens to run (file:///home/...), which ends up in whatever is published from it; jsonld.js 9.0.0 drops every statement and
# returns an empty result. Neither says so.
#
# Guess: the reference stays relative, or an error asks for a base.
# Mend: absolute @id in every published document.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with rdflib==7.6.0
node_with jsonld@9.0.0

cat >paper.json <<'JSON'
{"@context": {"@vocab": "https://schema.org/"}, "@id": "days/#p1", "@type": "ScholarlyArticle", "name": "On graphs"}
JSON

seen python - <<'PY'
import os
from pathlib import Path

from rdflib import Graph

graph = Graph().parse(data=Path("paper.json").read_text(), format="json-ld")
print("rdflib:", len(graph), "statements about", str(next(graph.subjects())).replace(os.getcwd(), "CURRENT-FOLDER"))
PY

cat >read.cjs <<'JS'
const jsonld = require("jsonld");
jsonld.toRDF(require("./paper.json")).then((statements) => console.log("jsonld.js:", statements.length, "statements"));
JS
seen node read.cjs

expect <<'END'
rdflib: 2 statements about file://CURRENT-FOLDER/days/#p1
jsonld.js: 0 statements
END
