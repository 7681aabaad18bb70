#!/usr/bin/env bash
# nh3 0.3.8 (which cleans HTML for many Python sites) and trafilatura 2.3.1 (which extracts the text of a page) take MathML away with its
# text: "with O(n2) steps" becomes "with steps". nh3 unwraps other elements that it does not allow. sanitize-html 2.17.5 keeps the text.
#
# Guess: the tags go, their text stays, as with any other element that is not allowed.
# Mend: allow the elements of MathML in nh3; for others, a text of the formula beside it.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with nh3==0.3.8 trafilatura==2.3.1 lxml_html_clean==0.4.3
node_with sanitize-html@2.17.5

cat >clean.py <<'PY'
import nh3
import trafilatura

FORMULA = "<math><mi>O</mi><mo>(</mo><msup><mi>n</mi><mn>2</mn></msup><mo>)</mo></math>"
SENTENCE = f"<p>A made-up method with {FORMULA} steps and with <blink>few</blink> assumptions.</p>"
FILL = "<p>More words follow here, so that the extractor takes this page for an article and not for a menu of links.</p>" * 3
print("nh3:", nh3.clean(SENTENCE))
page = f"<html><body><article><h1>T</h1>{SENTENCE}{FILL}</article></body></html>"
print("trafilatura:", trafilatura.extract(page, deduplicate=False).splitlines()[1])
open("sentence.html", "w").write(SENTENCE)
PY
cat >clean.cjs <<'JS'
const text = require("node:fs").readFileSync("sentence.html", "utf8");
console.log(`sanitize-html: ${require("sanitize-html")(text)}`);
JS
seen python clean.py
seen node clean.cjs

expect <<'END'
nh3: <p>A made-up method with  steps and with few assumptions.</p>
trafilatura: A made-up method with steps and with assumptions.
sanitize-html: <p>A made-up method with O(n2) steps and with few assumptions.</p>
END
