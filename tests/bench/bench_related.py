"""How well related papers are found, against what people judged.

    python tests/bench/bench_related.py --data FILE

FILE (gzip) has a line per query: query and judged, each with id, title and abstract, the judged with relevance from 0
to 3. Words are weighed by all papers of the file. Prints NDCG at 20 %, and for several floors how many links would be
shown (at most three a query) and how many of them people call similar (2 or 3). Exits with 1 where a bound is missed.
"""

import argparse
import gzip
import json
import math
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from generator.records.related import CLOSE, MOST_RELATED, counts_of, unit_of, weights_of

NDCG = 0.51
SIMILAR = 0.50


def ndcg(relevances: Sequence[int]) -> float:
    """At a fifth of the list; gains are 2**relevance - 1."""
    places = max(1, round(0.2 * len(relevances)))

    def gain(rows: Sequence[int]) -> float:
        return sum((2.0**row - 1) / math.log2(place + 2) for place, row in enumerate(rows[:places]))

    return gain(relevances) / gain(sorted(relevances, reverse=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    with gzip.open(options.data, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    papers = {paper["id"]: paper for row in rows for paper in (row["query"], *row["judged"])}
    counts = {name: counts_of(paper["title"], paper["abstract"]) for name, paper in papers.items()}
    weight = weights_of(Counter(word for row in counts.values() for word in row), len(papers))
    vectors = {name: unit_of(row, weight) for name, row in counts.items()}
    ranked = []
    for row in rows:
        query = vectors[row["query"]["id"]]
        near = [
            (sum(value * vectors[paper["id"]].get(word, 0.0) for word, value in query.items()), paper["relevance"])
            for paper in row["judged"]
        ]
        ranked.append(sorted(near, reverse=True))
    found = statistics.fmean(ndcg([relevance for _, relevance in near]) for near in ranked)
    print(f"NDCG@20% {found:.3f} over {len(ranked)} queries (bound {NDCG})")
    similar = 0.0
    for floor in (0.0, 0.2, CLOSE, 0.3):
        shown = [relevance for near in ranked for value, relevance in near[:MOST_RELATED] if value >= floor]
        share = sum(relevance >= 2 for relevance in shown) / max(len(shown), 1)
        similar = share if floor == CLOSE else similar
        print(f"floor {floor:.2f}: {len(shown):3} links, {share:.2f} similar")
    return 0 if found >= NDCG and similar >= SIMILAR else 1


if __name__ == "__main__":
    sys.exit(main())
