#!/usr/bin/env bash
# bibtexparser 2.1.0: LatexDecodingMiddleware removes the braces that hold a collective author together, so that
# SplitNameParts, run after it, takes "{The ABC Collaboration}" for a person: first names "The ABC", last name
# "Collaboration". In the other order decoding does not reach the names any more: they keep braces and TeX.
#
# Guess: decoding changes TeX commands to letters, leaves the grouping of names alone, and works on split names, too.
# Mend: split first, then decode each part by hand.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with bibtexparser==2.1.0

seen python - <<'PY'
import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts

entry = r"@misc{a, author={{The ABC Collaboration} and Erd{\H o}s, P{\'a}l}}"
decode, split = [LatexDecodingMiddleware()], [SeparateCoAuthors(), SplitNameParts()]
for label, layers in (("decoded, then split", decode + split), ("split, then decoded", split + decode)):
    library = bibtexparser.parse_string(entry, append_middleware=layers)
    for name in library.entries[0]["author"]:
        print(f"{label}: first {name.first}, last {name.last}")
PY

expect <<'END'
decoded, then split: first ['The', 'ABC'], last ['Collaboration']
decoded, then split: first ['Pál'], last ['Erdős']
split, then decoded: first [], last ['{The ABC Collaboration}']
split, then decoded: first ["P{\\'a}l"], last ['Erd{\\H o}s']
END
