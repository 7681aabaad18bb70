#!/usr/bin/env bash
# unicodeit 0.7.5 reads commands of TeX by their beginnings: "\log n" becomes "łog n", for \l is the letter ł; "\in" beside "\inf" goes
# the same way. What it makes is no formula and no TeX any more.
#
# Guess: "log n", or "\log n" unchanged.
# Mend: ask a parser that ends a command where its letters end.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with unicodeit==0.7.5

cat >show.py <<'PY'
import unicodeit

for formula in (r"x^{2k} \in \mathbb{R}", r"O(n \log n)", r"\inf_x f", r"\operatorname{rank}", r"\oint_C"):
    print(f"{formula} -> {unicodeit.replace(formula)}")
PY
seen python show.py

expect <<'END'
x^{2k} \in \mathbb{R} -> x²ᵏ ∈ ℝ
O(n \log n) -> O(n łog n)
\inf_x f -> ∈fₓ f
\operatorname{rank} -> øperatorname{rank}
\oint_C -> ∮_C
END
