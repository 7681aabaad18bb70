#!/usr/bin/env bash
# Typst 0.15.2 reads the formulas of a .bib file as its own mathematics: "\beta" in a title becomes b and the letter eta, "bη"; "\theta"
# loses its dollars and stays TeX. Formulas without commands come out right, so that a bibliography looks well until one reads
# it. No warning.
#
# Guess: TeX's formula set as a formula, or shown as it stands.
# Mend: titles with Unicode letters in place of commands in a .bib that is made for Typst.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with typst==0.15.2 pypdf==6.5.0

cat >set.py <<'PY'
import unicodedata
from pathlib import Path

import typst
from pypdf import PdfReader

TITLES = (r"A $\beta$-VAE", r"A $\theta$-map", "An $n$-gram", "A β-VAE")
Path("all.bib").write_text("\n".join(f"@misc{{k{at}, title = {{{title}}}}}" for at, title in enumerate(TITLES)))
for at, title in enumerate(TITLES):
    Path("one.typ").write_text(f'@k{at}\n#bibliography("all.bib", title: none)\n')
    typst.compile("one.typ", output="one.pdf")
    text = " ".join(unicodedata.normalize("NFKC", PdfReader("one.pdf").pages[0].extract_text()).split())
    print(f"{title} -> {text.rsplit('[1]')[-1].strip()}")
PY
seen python set.py

expect <<'END'
A $\beta$-VAE -> “A b η -VAE”.
A $\theta$-map -> “A \theta-map”.
An $n$-gram -> “An n -gram”.
A β-VAE -> “A β-VAE. ”
END
