#!/usr/bin/env bash
# polars 2.1.0: read_ndjson of an http address asks for byte ranges and raises OSError where a server answers with the whole
# file, as Python's own http.server does (and many a small one). pandas 3.1.1 reads the same address.
#
# Guess: a server that knows no ranges is read from the beginning to the end.
# Mend: fetch the file first (urllib.request.urlretrieve), then read it.
# shellcheck source=findings/lib.sh
. "$(dirname "$0")/lib.sh"
python_with polars==2.1.0 pandas==3.1.1

seen python - <<'PY'
import http.server
import threading

import pandas
import polars

with open("papers.jsonl", "w") as file:
    file.write('{"id": "2601.06212", "score": 8.5}\n')


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/papers.jsonl"
    print("pandas:", len(pandas.read_json(address, lines=True)), "line")
    try:
        print("polars:", len(polars.read_ndjson(address)), "line")
    except OSError as error:
        print("polars: OSError,", "Range" if "Rang" in str(error) else str(error)[:80])
    print("polars, from the file:", len(polars.read_ndjson("papers.jsonl")), "line")
    server.shutdown()
PY

expect <<'END'
pandas: 1 line
polars: OSError, Range
polars, from the file: 1 line
END
