#!/usr/bin/env bash
# latexcodec 3.0.1 takes the dollars away from a formula that it can decode and leaves the others: "$\alpha$-RuCl$_3$" becomes
# "α-RuCl$_3$". Encoded again, the subscript is a sign of its own: "RuCl$\_3$".
#
# Guess: a formula is left alone, or all of them are decoded.
# Mend: cut the text at its formulas first, and decode the prose between them.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with latexcodec==3.0.1

cat >decode.py <<'PY'
import codecs

import latexcodec

for text in (r"$\alpha$-RuCl$_3$", r"$\beta$ and $x$"):
    decoded = codecs.decode(text, "ulatex")
    print(f"{text} -> {decoded} -> {codecs.encode(decoded, 'ulatex')}")
PY
seen python decode.py

expect <<'END'
$\alpha$-RuCl$_3$ -> α-RuCl$_3$ -> $\alpha$-RuCl$\_3$
$\beta$ and $x$ -> β and $x$ -> $\beta$ and $x$
END
