#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17) leaves out letters that BibTeX writes as \th, \dj and \ng: "{\th}ing" becomes "ing". Its BibTeX
# reader gives no warning; commands as rare as \l and \o are read.
#
# Guess: the letters, or the command as it stands.
# Mend: write these letters in UTF-8; LaTeX with fontenc T1, biber and pandoc all read them.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with pypandoc_binary==1.17

cat >read.py <<'PY'
import json

import pypandoc

for title in (r"{\l}ong {\o}re", r"{\th}ing", r"ma{\dj}ar", r"si{\ng}", "þing mađar siŋ"):
    entry = f"@misc{{a, title = {{{title}}}, year = 2026}}"
    print(f"{title} -> {json.loads(pypandoc.convert_text(entry, 'csljson', format='bibtex'))[0]['title']}")
PY
seen python read.py

expect <<'END'
{\l}ong {\o}re -> łong øre
{\th}ing -> ing
ma{\dj}ar -> Maar
si{\ng} -> Si
þing mađar siŋ -> Þing mađar siŋ
END
