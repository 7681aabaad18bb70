"""Made-up day pages of the predecessor, in its form."""

from collections.abc import Iterable

FRONTIER, THEORY = "大模型新技术", "深度学习理论"


def old_entry(
    number: int, score: str = "8.0", title: str = "", field: str = FRONTIER, month: str = "2601", **changes: str
) -> str:
    """Entry NUMBER; CHANGES by the name of the item replace its text, an empty one takes it away."""
    address = f"https://arxiv.org/abs/{month}.{number:05}"
    items = {
        "Authors": "Ada Lovelace, Alan Turing",
        "Published": "2026-01-13",
        "Link": f"[{address}]({address})",
        "Reason": "提出了一种新方法。",
        **changes,
    }
    lines = [f"- **{name}:** {text}" for name, text in items.items() if text]
    leaked = [f"Score: {float(score):g}" if score.replace(".", "").isdigit() else "Score: 8", f"Field: {field}"]
    return "\n".join([f"### [Score: {score}/10] {title or f'Made-up paper {number}'}", *lines, *leaked, "", ""])


def old_page(entries: Iterable[tuple[str, Iterable[str]]], date: str = "2026-01-14", read: int | None = 343) -> str:
    """A page of DATE with ENTRIES by the heading of their field."""
    facts = [
        f"更新于北京时间：{date} 12:57:22",
        *([f"已自动阅读了 {read} 篇最新的论文。"] if read is not None else []),
        "使用模型：made-up-model-1 | 消耗 Tokens：179978",
    ]
    head = f"# ArXiv 每日推荐 - {date}\n\n" + "".join(f"> {line}\n" for line in facts)
    return head + "\n" + "".join(f"## {field}\n\n{''.join(some)}" for field, some in entries)


def simple_page(date: str = "2026-01-14", numbers: Iterable[int] = (1, 2, 3), **more: str) -> str:
    """A page of DATE with the entries NUMBERS in two fields."""
    first, *others = [old_entry(number, **more) for number in numbers]
    return old_page([(FRONTIER, others), (THEORY, [first.replace(FRONTIER, THEORY)])], date)
