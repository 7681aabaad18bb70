"""Makes an archive of many days for measurements: real verdicts repeated with new ids and dates, or generated text.

python tests/bench/make_archive.py ROOT --years 1 --data FOLDER   (FOLDER holds DATE.jsonl.gz with verdicts)
python tests/bench/make_archive.py ROOT --years 1                 (without them: words thrown together by a seed)
"""

import argparse
import datetime as dt
import gzip
import itertools
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from generator.core.calendar import announcement
from generator.core.model import Coverage, Day, Paper, Pick, Rest, Verdict, Window
from generator.records.store import Store, dump_record
from generator.settings.config import Config, load

DAYS_A_YEAR = 250
PICKS_A_DAY = 110
REST_A_DAY = 330
LAST_YEAR = 2026
ENGLISH = """learning model agent attention diffusion reasoning scaling policy gradient token cache sparse latent
 reward vision language
 graph alignment robust safety benchmark training inference planning memory retrieval speculative decoding
 quantization distillation transformer optimizer generalization bound causal prompt tool multimodal embodied video"""
CHINESE = """提出 一种 新的 方法 框架 显著 提升 大模型 推理 效率 对齐 安全 多模态 智能体 强化学习 扩散
 模型 注意力 机制 理论 分析 收敛性
 量化 剪枝 蒸馏 缓存 投机解码 长上下文 可解释性 归因 电路 越狱 攻击 防御 幻觉
 数据集 基准 实验 表明 优于 现有 并且 降低 成本"""
FAMILY = "Li Wang Zhang Chen Müller García Kim Park Nguyen Smith Johnson Rossi Ivanov Tanaka Sato Øster Łukasz"
GIVEN = "Wei Jun Ann Bo Carla David Elena Feng Hana Ivan Jia Karl Lena Mei Nina Oscar"


def generated(seed: int = 7) -> Iterator[dict[str, Any]]:
    """Rows like those of the verdict files, of words thrown together."""
    chance = random.Random(seed)
    english, chinese, family, given = (words.split() for words in (ENGLISH, CHINESE, FAMILY, GIVEN))
    while True:
        names = [f"{chance.choice(given)} {chance.choice(family)}" for _ in range(chance.randint(1, 8))]
        words = chance.choices(english, k=chance.randint(5, 12))
        clauses = ["".join(chance.choices(chinese, k=chance.randint(3, 8))) for _ in range(chance.randint(3, 6))]
        named = chance.choice(["CoT", "LLaVA-1.5", "GRPO", "KV cache", "Qwen2-VL"])
        reason = f"{clauses[0]}（{named}），" + "，".join(clauses[1:-1]) + f"{named}{clauses[-1]}。"
        yield {
            "title": " ".join(words).capitalize(),
            "authors": ", ".join(dict.fromkeys(names)),
            "category": chance.choice(["cs.LG", "cs.CV", "cs.AI", "cs.RO"]),
            "score": chance.choice([7, 7.5, 8, 8, 8.5, 9, 9.5, 10]),
            "field": chance.randrange(7),
            "reason": reason,
        }


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """The recommended papers of the verdict files in FOLDER, again and again."""
    rows = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows += [row for row in map(json.loads, file) if row["recommended"] and row["reason"]]
    return itertools.cycle(rows)


def dates(year: int, days: int = DAYS_A_YEAR) -> list[dt.date]:
    """The first DAYS weekdays of YEAR."""
    first = dt.date(year, 1, 1)
    all_days = (first + dt.timedelta(days=number) for number in range(366))
    return [day for day in all_days if day.weekday() < 5 and day.year == year][:days]


def paper_id(date: dt.date, number: int) -> str:
    """The id of paper NUMBER of DATE."""
    return f"{date:%y%m}.{date.day * 600 + number:05}"


def make_day(date: dt.date, rows: Iterator[dict[str, Any]], config: Config, picks: int, rest: int) -> Day:
    """The record of DATE with the next of ROWS."""
    fields = {field.name: field.slug for field in config.fields}
    slugs = list(fields.values())
    window = announcement(date)

    def pick(number: int, row: dict[str, Any]) -> Pick:
        field = row["field"]
        slug = slugs[field] if isinstance(field, int) else fields.get(field)
        paper = Paper(
            id=paper_id(date, number),
            title=row["title"],
            authors=tuple(row["authors"].split(", ")),
            categories=(row["category"],),
            submitted=window.start,
        )
        return Pick(
            paper=paper, verdict=Verdict(score=row["score"], raw=row["score"], field=slug, reason=row["reason"])
        )

    chosen = tuple(pick(number, next(rows)) for number in range(picks))
    others = tuple(
        Rest(id=paper_id(date, picks + n), title=f"Other paper {n}", primary="cs.LG", score=3) for n in range(rest)
    )
    read_all = picks + rest
    return Day(
        date=date,
        window=Window(start=window.start, end=window.end),
        generator="bench",
        judge="llm",
        model="bench",
        profile="bench",
        updated=dt.datetime.combine(date, dt.time(6), dt.UTC),
        coverage={"cs.LG": Coverage(expected=read_all, read=read_all, state="complete", source="api")},
        picks=tuple(sorted(chosen, key=lambda pick: (-pick.verdict.score, pick.paper.id))),
        rest=others,
    )


def make_archive(
    root: Path,
    years: int,
    *,
    data: Path | None = None,
    days: int = DAYS_A_YEAR,
    picks: int = PICKS_A_DAY,
    rest: int = REST_A_DAY,
    last: int = LAST_YEAR,
) -> int:
    """Write the records of YEARS years up to LAST into ROOT; return how many picks they hold."""
    config = load(root / "config.toml", {})
    rows = read(data) if data else generated()
    store = Store(root / "docs" / "data")
    for year in range(last - years + 1, last + 1):
        for date in dates(year, days):
            path = store.path(date)
            path.parent.mkdir(parents=True, exist_ok=True)
            some = list(itertools.islice(rows, picks))
            day = make_day(date, iter(some), config, picks, rest)
            path.write_bytes(dump_record(day))
            abstracts = {paper_id(date, number): row.get("abstract", "") for number, row in enumerate(some)}
            packed = json.dumps(abstracts, ensure_ascii=False, sort_keys=True, indent=0).encode()
            store.abstracts_path(date).write_bytes(gzip.compress(packed, mtime=0))
    return years * days * picks


def main() -> None:
    """Read the options and write the archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    print(make_archive(args.root, args.years, data=args.data), "picks")


if __name__ == "__main__":
    main()
