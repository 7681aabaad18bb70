#!/usr/bin/env bash
# citation-js 0.7.22, BibTeX to BibTeX: exponents are lost. `10$^{-3}$` is read as "10⁻³" and written as
# `10\textminus{}3`, a thousand times ten; `S$^2$F-Net` becomes S2F-Net. In `$x^2+y^2$` the first exponent swallows the
# sum: x^(2+y), then ².
#
# Guess: the round trip gives the same formulas back, in whatever notation.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
node_with citation-js@0.7.22

cat >trip.cjs <<'JS'
const Cite = require("citation-js");
for (const title of ["10$^{-3}$ of noise", "S$^2$F-Net", "$x^2+y^2$"]) {
  const cite = new Cite(`@misc{a, title={${title}}, year=2026}`);
  console.log(`${title}  ->  ${cite.data[0].title}  ->  ${cite.format("bibtex").match(/title = (.*),/)[1]}`);
}
JS
seen node trip.cjs

expect <<'END'
10$^{-3}$ of noise  ->  10⁻³ of noise  ->  {10\textminus{}3 of noise}
S$^2$F-Net  ->  S²F-Net  ->  {S2F-{Net}}
$x^2+y^2$  ->  x<sup>2+y</sup>²  ->  {x\textsuperscript{2+y}2}
END
