#!/usr/bin/env bash
# DuckDB 2.0.1: a key that is null in the first 20,480 lines of a JSON-lines file gets the type "NULL", and every later
# value of it is read as NULL. No error, no warning; `WHERE reason IS NOT NULL` finds nothing.
#
# Guess: an error about the type (as polars and pyarrow give), or a column of strings.
# Mend: name the type: read_json('file', columns = {...}), or sample_size = -1.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with duckdb==2.0.1

seen python - <<'PY'
import json

import duckdb

with open("papers.jsonl", "w") as file:
    for number in range(25_000):
        reason = "why" if number > 22_000 else None
        file.write(json.dumps({"id": f"2601.{number:05}", "reason": reason}) + "\n")

print("type:", duckdb.sql("DESCRIBE SELECT reason FROM 'papers.jsonl'").fetchall()[0][1])
print("lines that have a reason: 2999, read:", duckdb.sql("SELECT count(reason) FROM 'papers.jsonl'").fetchall()[0][0])
whole = duckdb.sql("SELECT count(reason) FROM read_json('papers.jsonl', sample_size = -1)").fetchall()[0][0]
print("with sample_size = -1, read:", whole)
PY

expect <<'END'
type: "NULL"
lines that have a reason: 2999, read: 0
with sample_size = -1, read: 2999
END
