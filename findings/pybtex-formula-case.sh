#!/usr/bin/env bash
# pybtex 0.26.1: its styles put titles into sentence case inside `$...$`, too: an alpha at the start of a title becomes a
# capital Alpha, and the formula S^2 of "$S^2$F-Net" becomes s^2. In mathematics that is another symbol.
#
# Guess: what stands between dollars is left as it is.
# Mend: braces around every formula: {$\alpha$}.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with pybtex==0.26.1

seen python - <<'PY'
import pybtex

entry = r"@misc{a, author={Nagy, Eva}, year=2026, title={%s}}"
for title in (r"$\alpha$-stable {L}{\'e}vy noise", r"The $S^2$F-Net", r"The {$S^2$}F-Net"):
    text = pybtex.format_from_string(entry % title, "plain", output_backend="plaintext")
    print(f"{title}  ->  {text.split('. ')[1].strip().splitlines()[0]}")
PY

expect <<'END'
$\alpha$-stable {L}{\'e}vy noise  ->  Α-stable Lévy noise
The $S^2$F-Net  ->  The $s^2$f-net
The {$S^2$}F-Net  ->  The $S^2$f-net
END
