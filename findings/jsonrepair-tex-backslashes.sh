#!/usr/bin/env bash
# jsonrepair 3.15.0 takes the backslash away from an escape that JSON does not know: a model's "\alpha" becomes the word alpha.
# json_repair 0.64.6 (Python) keeps that backslash. A reply is valid JSON afterwards, and nothing tells that a formula was lost.
#
# Guess: the backslash is doubled, so that the text keeps "\alpha".
# Mend: double the backslashes that begin a command of TeX before the text is parsed.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
node_with jsonrepair@3.15.0
python_with json_repair==0.64.6

cat >repair.cjs <<'JS'
const { jsonrepair } = require("jsonrepair");
console.log(`jsonrepair: ${JSON.parse(jsonrepair(String.raw`{"reason": "an \alpha-\mu method"}`)).reason}`);
JS
cat >repair.py <<'PY'
import json_repair

print("json_repair:", json_repair.loads(r'{"reason": "an \alpha-\mu method"}')["reason"])
PY
seen node repair.cjs
seen python repair.py

expect <<'END'
jsonrepair: an alpha-mu method
json_repair: an \alpha-\mu method
END
