"""The operators' pages: those in Chinese say the same as the English ones, and the examples of messages are valid."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from support import archive
from support.project import PROJECT

from generator.commands import messages
from generator.commands.channels import filled
from generator.settings.config import Channel, Config

OPS = PROJECT / "docs" / "ops"
CHINESE = sorted(path.name for path in (OPS / "zh").glob("*.md"))


def headings(text: str) -> list[int]:
    """The levels of the headings of a page, in their order."""
    return [len(mark) for mark in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)]


def blocks(text: str) -> list[str]:
    """The code of a page."""
    return [re.sub(r"^ +", "", block, flags=re.MULTILINE) for block in re.findall(r"```\w+\n(.*?)```", text, re.DOTALL)]


def commands(text: str) -> set[str]:
    """The commands of ours in its sentences."""
    return set(re.findall(r"`(arxiv-daily [a-z]+[^`]*)`", text))


@pytest.mark.parametrize("name", CHINESE)
def test_a_page_in_chinese_says_what_the_english_one_says(name: str) -> None:
    """The same headings, the same code, the same commands; and it is in Chinese."""
    english, chinese = (Path(folder, name).read_text(encoding="utf-8") for folder in (OPS, OPS / "zh"))
    assert headings(chinese) == headings(english)
    assert blocks(chinese) == blocks(english)
    assert commands(chinese) == commands(english)
    han, latin = len(re.findall(r"[\u4e00-\u9fff]", chinese)), len(re.findall(r"[A-Za-z]{2,}", chinese))
    assert han > latin


def test_the_pages_that_operators_need_most_are_in_chinese() -> None:
    """Publish, providers, cost, messages, troubleshooting."""
    assert {"publish.md", "providers.md", "cost.md", "notify.md", "troubleshooting.md"} <= set(CHINESE)


def examples() -> dict[str, Channel]:
    """The channels of notify.md, by name."""
    text = (OPS / "notify.md").read_text(encoding="utf-8")
    fields = [{"slug": "a", "name": "A", "description": "x"}]
    found = [block for block in blocks(text) if block.startswith("[[notify]]")]
    tables = [tomllib.loads(block)["notify"][0] for block in found]
    return {channel.name: channel for channel in Config.model_validate({"fields": fields, "notify": tables}).notify}


def test_the_examples_have_the_shape_that_each_service_documents() -> None:
    """With a full day, within the size that the service takes; sources stand in notify.md."""
    config = archive.config()
    picks = tuple(archive.pick(n, 9.0, "llm-frontier", title="长" * 150, reason="理" * 200) for n in range(1, 31))
    bodies = {}
    for name, channel in examples().items():
        message = messages.of_day(archive.day(picks=picks), channel.model_copy(update={"most": 30}), config)
        assert message is not None
        bodies[name] = filled(channel.body, message.parts)
        json.dumps(bodies[name])
    assert set(bodies) == {"mail", "feishu", "wecom", "dingtalk", "slack", "telegram"}
    assert set(bodies["feishu"]) == {"msg_type", "content"} and bodies["feishu"]["msg_type"] == "text"
    assert bodies["wecom"]["msgtype"] == "markdown" and len(bodies["wecom"]["markdown"]["content"].encode()) <= 4096
    assert set(bodies["dingtalk"]["markdown"]) == {"title", "text"}
    assert "<https://arxiv.org/abs/2601.00001|" in bodies["slack"]["text"]
    assert len(bodies["telegram"]["text"]) <= 4096 and bodies["telegram"]["parse_mode"] == "HTML"
