#!/usr/bin/env bash
# Front matter that PyYAML 6.0.4 writes (as python-frontmatter does) is read otherwise by js-yaml 5.5.0 (as site engines in JavaScript do):
# the texts "1e5", "0o17" and "08" are written without quotes, and are then the numbers 100000, 15 and 8. PyYAML follows YAML 1.1,
# where these are texts; js-yaml follows 1.2.
#
# Guess: a text that looks like a number anywhere is quoted.
# Mend: default_style="'" or quotes of one's own for texts that hold a digit.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with PyYAML==6.0.4
node_with js-yaml@5.5.0

cat >write.py <<'PY'
import yaml

texts = ["1e5", "0o17", "08", "2601.00100", "1_000", "12:30"]
print(yaml.safe_dump([{"text": text} for text in texts]), end="")
PY
cat >read.cjs <<'JS'
const yaml = require("js-yaml");
for (const { text } of yaml.load(require("node:fs").readFileSync("front.yaml", "utf8"))) console.log(`${typeof text} ${text}`);
JS
python write.py >front.yaml
seen cat front.yaml
seen node read.cjs

expect <<'END'
- text: 1e5
- text: 0o17
- text: 08
- text: '2601.00100'
- text: '1_000'
- text: '12:30'
number 100000
number 15
number 8
string 2601.00100
string 1_000
string 12:30
END
