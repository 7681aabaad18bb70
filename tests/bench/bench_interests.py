"""How well "for you" finds what a simulated reader likes: AUC and recall@10 by the JavaScript and the files that ship.

Arguments: the file reader_eval.py, which simulates readers, and, unless its own are meant, a folder of judged days.
"""

import argparse
import gzip
import importlib.util
import json
import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from generator.publish.interests.terms import PickText, month_file  # noqa: E402

BOUNDS = "bounds: 3: .90/.75, 10: .95/.85, 20: .955/.87; at most 150 bytes a pick"
RANKER = """
import { createInterface } from "node:readline";
import { Corpus, Model, readMonth } from "MODULE";
let corpus, model, known;
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.months) {
    corpus = new Corpus(new Map(asked.months.flatMap((month) => [...readMonth(month)])));
    console.log(corpus.papers.size);
    continue;
  }
  const choices = JSON.stringify([asked.liked, asked.dismissed]);
  if (choices !== known) model = new Model(corpus, asked);
  known = choices;
  const scores = new Map(asked.papers.map((id) => [id, model.score(id)]));
  console.log(JSON.stringify(asked.papers.toSorted((id, other) => scores.get(other) - scores.get(id))));
}
"""


def main() -> int:
    """Print the size and the figures beside their bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("simulator", type=Path)
    parser.add_argument("days", type=Path, nargs="?")
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("reader_eval", args.simulator)
    if spec is None or spec.loader is None:
        parser.error(f"{args.simulator} is no Python file")
    simulator: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(simulator)
    days = simulator.load(args.days) if args.days else simulator.load()
    picks = [row for day in days for row in day]
    months = [
        month_file([PickText(row["id"], row["field"], row["title"], row["abstract"]) for row in rows])
        for _, rows in groupby(picks, key=lambda row: row["date"][:7])
    ]
    size = sum(len(gzip.compress(month, mtime=0)) for month in months)
    print(f"{len(picks)} picks, {size / len(picks):.0f} bytes a pick gzipped; {BOUNDS}")
    module = (PROJECT / "overrides/assets/js/reader/model.js").as_uri()
    script = RANKER.replace("MODULE", module)
    with subprocess.Popen(
        ["node", "--input-type=module", "--eval", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as node:

        def ask(what: dict[str, Any]) -> Any:
            print(json.dumps(what), file=node.stdin, flush=True)
            answer = node.stdout.readline() if node.stdout else ""
            return json.loads(answer)

        ask({"months": [json.loads(month) for month in months]})

        def rank(saved: list[Any], hidden: list[Any], papers: list[Any]) -> list[Any]:
            by_id = {row["id"]: row for row in papers}
            asked = {"liked": saved, "dismissed": hidden, "papers": papers}
            return [by_id[paper] for paper in ask({key: [row["id"] for row in rows] for key, rows in asked.items()})]

        began = time.monotonic()
        simulator.report("for you", days, rank)
        print(f"{time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
