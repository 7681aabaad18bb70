#!/usr/bin/env bash
# rispy 0.10.0: a RIS file that begins with a byte-order mark gives an empty list, and a last entry without its `ER` line
# is left out. Neither is an error. bibutils (xml2ris 7.2) writes a byte-order mark by default, so
# `bib2xml refs.bib | xml2ris > refs.ris` makes files in which rispy finds nothing.
#
# Guess: the mark is skipped (or refused), and the open entry is kept (or refused).
# Mend: read with encoding="utf-8-sig", or `xml2ris -nb`; end every entry with "ER  - ".
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with rispy==0.10.0

seen python - <<'PY'
import rispy

entry = "TY  - UNPB\nTI  - On graphs\nAU  - Nagy, Éva\nPY  - 2026\n"
print("plain:", len(rispy.loads(entry + "ER  - \n")))
print("after a byte-order mark:", len(rispy.loads("\ufeff" + entry + "ER  - \n")))
print("two entries, the last one open:", len(rispy.loads(entry + "ER  - \n" + entry)))
PY

expect <<'END'
plain: 1
after a byte-order mark: 0
two entries, the last one open: 1
END
