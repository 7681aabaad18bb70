#!/usr/bin/env bash
# Intl.Segmenter (Node 20, ICU 78) cuts the same prefix in two ways: "arXiv:2601.06212v2" into arXiv | : | 2601.06212v2, but
# "arXiv:hep-th/9901001" into arXiv:hep | - | th | / | 9901001. A colon joins letters (as in Swedish abbreviations), not
# digits, in Chinese text as in English. A search for "arXiv" or "hep-th" misses old papers.
#
# Guess: arXiv | : | hep | - | th | / | 9901001.
# Needs: node on the PATH; no package.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"

cat >cut.cjs <<'JS'
for (const locale of ["zh", "en"]) {
  const segmenter = new Intl.Segmenter(locale, { granularity: "word" });
  for (const text of ["arXiv:2601.06212v2", "arXiv:hep-th/9901001", "见 arXiv:math/0309136"])
    console.log(locale, [...segmenter.segment(text)].map((part) => part.segment).join(" | "));
}
JS
seen node cut.cjs

expect <<'END'
zh arXiv | : | 2601.06212v2
zh arXiv:hep | - | th | / | 9901001
zh 见 |   | arXiv:math | / | 0309136
en arXiv | : | 2601.06212v2
en arXiv:hep | - | th | / | 9901001
en 见 |   | arXiv:math | / | 0309136
END
