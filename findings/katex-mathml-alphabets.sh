#!/usr/bin/env bash
# KaTeX 0.19.1, output "mathml": \mathbb{1}, \mathcal{O}, \boldsymbol{\theta} are plain letters with a `mathvariant` attribute, which
# MathML Core dropped (only "normal" is left, on a single letter). Chromium 156 shows 1, O and θ: the indicator function
# looks like the number one. Temml 0.13.5 writes the letters of Unicode's mathematical alphabets.
#
# Guess: characters of Unicode's mathematical alphabets, as they are needed by every current browser.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
node_with katex@0.19.1 temml@0.13.5

cat >letters.cjs <<'JS'
const katex = require("katex");
const temml = require("temml");
const inner = (mathml) => mathml.match(/<m[in][^>]*>[^<]*<\/m[in]>/)[0];
for (const tex of ["\\mathbb{1}", "\\mathcal{O}", "\\boldsymbol{\\theta}"])
  console.log(`${tex}: KaTeX ${inner(katex.renderToString(tex, { output: "mathml" }))} Temml ${inner(temml.renderToString(tex))}`);
JS
seen node letters.cjs

expect <<'END'
\mathbb{1}: KaTeX <mn mathvariant="double-struck">1</mn> Temml <mn>𝟙</mn>
\mathcal{O}: KaTeX <mi mathvariant="script">O</mi> Temml <mi class="mathcal">𝒪</mi>
\boldsymbol{\theta}: KaTeX <mi mathvariant="bold-italic">θ</mi> Temml <mi>𝜽</mi>
END
