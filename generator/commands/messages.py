"""What a message says: counts, the best picks, the link; as text, HTML and in the dialects of chat services. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.commands.channels import Message
from generator.core.escape import html as escape_html
from generator.core.i18n import date_label, words
from generator.core.model import Day, Pick
from generator.core.tex import to_unicode
from generator.core.text import clean
from generator.core.urls import day_path
from generator.publish.pages.ordering import best_first, field_label
from generator.settings.config import Channel, Config

CHAT_BYTES = 3_900
"""Of one message to a chat service: WeCom takes 4,096 bytes, Telegram 4,096 characters."""
LONGEST_TITLE = 200
LONGEST_REASON = 240


class MessageEntry(NamedTuple):
    """One line of a message in plain text: a pick, or what is wrong. facts: score, field, what was watched for."""

    title: str
    url: str = ""
    facts: str = ""
    reason: str = ""


class Content(NamedTuple):
    """What a message says, in plain text. more: the words of the link."""

    subject: str
    counts: str
    entries: Sequence[MessageEntry]
    link: str
    more: str


Write = Callable[[Content], str]


def of_day(day: Day, channel: Channel, config: Config) -> Message | None:
    """The message about DAY for CHANNEL; None where it asks for watched papers only and there is none."""
    picks = recommended(day, channel)
    if channel.watched_only and not picks:
        return None
    language = config.site.language
    word = words(language)
    counts = [word["notify_counts"].format(read=day.papers_read, picks=len(day.picks))]
    if not day.complete:
        counts.append(word["notify_incomplete"])
    if len(picks) != len(day.picks):
        counts.append(word["notify_chosen"].format(n=len(picks)))
    content = Content(
        subject=f"{config.site.title} · {date_label(day.date, language)}",
        counts=word["semicolon"].join(counts),
        entries=[_entry(day, pick, config) for pick in picks[: channel.most]],
        link=f"{config.site.url}{day_path(day.date)}",
        more=word["notify_more"],
    )
    return _message(f"{day.date}.{channel.name}", content, config)


def of_alarm(lines: Sequence[str], name: str, where: str, config: Config) -> Message:
    """The message that something is wrong: LINES on what, and a link to WHERE more is said. NAME: part of its id."""
    told = words(config.site.language)["notify_alarm"]
    content = Content(f"{config.site.title} · {told}", told, [MessageEntry(line) for line in lines], where, where)
    return _message(name, content, config)


def recommended(day: Day, channel: Channel) -> list[Pick]:
    """The picks of DAY that CHANNEL asks for, best first."""
    return [
        pick
        for pick in best_first(day.picks)
        if pick.verdict.score >= channel.min_score
        and (not channel.fields or pick.verdict.field in channel.fields)
        and (not channel.watched_only or pick.watched)
    ]


def _entry(day: Day, pick: Pick, config: Config) -> MessageEntry:
    facts = [f"{pick.verdict.score:g}", field_label(pick.verdict.field, config, day.names), *pick.watched]
    return MessageEntry(
        title=clean(to_unicode(pick.paper.title), LONGEST_TITLE) or pick.paper.id,
        url=pick.paper.abs_url,
        facts=" · ".join(facts),
        reason=clean(to_unicode(pick.verdict.reason or ""), LONGEST_REASON),
    )


def _message(name: str, content: Content, config: Config) -> Message:
    known = {"site": config.site.title, "title": content.subject, "counts": content.counts, "link": content.link}
    forms = {form: _fitting(write, content) for form, write in _FORMS.items()}
    host = urlsplit(config.site.url).hostname or "localhost"
    return Message(f"arxiv-daily.{name}@{host}", content.subject, _plain(content), _page(content), known | forms)


def _fitting(write: Write, content: Content) -> str:
    """What WRITE makes of CONTENT within CHAT_BYTES: reasons go first, the last before others, then whole entries."""
    entries = list(content.entries)
    while len(made := write(content._replace(entries=entries)).encode()) > CHAT_BYTES and entries:
        place = max((place for place, entry in enumerate(entries) if entry.reason), default=None)
        if place is None:
            entries.pop()
        else:
            entries[place] = entries[place]._replace(reason="")
    return made.decode()


def _plain(content: Content) -> str:
    lines = [content.subject, content.counts, ""]
    for number, entry in enumerate(content.entries, 1):
        lines.append(f"{number}. {entry.title}")
        lines += [line for line in (entry.facts, entry.reason, entry.url) if line]
        lines.append("")
    return "\n".join([*lines, f"{content.more} {content.link}"])


def _marked(escape: Callable[[str], str], bold: str, linked: str) -> Write:
    """A writer for a chat service: how it escapes, and how it marks bold text and links."""

    def write(content: Content) -> str:
        lines = [bold.format(text=escape(content.subject)), escape(content.counts), ""]
        for number, entry in enumerate(content.entries, 1):
            title = escape(entry.title)
            lines.append(f"{number}. {linked.format(text=title, url=entry.url) if entry.url else title}")
            lines += [escape(part) for part in (entry.facts, entry.reason) if part]
            lines.append("")
        return "\n".join([*lines, linked.format(text=escape(content.more), url=content.link)])

    return write


_WIDE = dict(zip("[]*_`<>#", "［］＊＿｀＜＞＃", strict=True))
_WORD_JOINER = "\u2060"


def _markdown(text: str) -> str:
    """TEXT for the Markdown of WeCom and DingTalk, which has no escapes: signs that begin a mark become full-width."""
    return re.sub(r"[\[\]*_`<>#]", lambda match: _WIDE[match[0]], text)


def _slack(text: str) -> str:
    """TEXT for Slack's mrkdwn: three signs are escaped, those of marks are kept apart from their neighbours."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_~`])", rf"{_WORD_JOINER}\1{_WORD_JOINER}", text)


_FORMS: Mapping[str, Write] = {
    "text": _plain,
    "markdown": _marked(_markdown, "**{text}**", "[{text}]({url})"),
    "slack": _marked(_slack, "*{text}*", "<{url}|{text}>"),
    "html": _marked(escape_html, "<b>{text}</b>", '<a href="{url}">{text}</a>'),
}
"""The forms that a template can name: plain text, Markdown (WeCom, DingTalk), Slack's mrkdwn, Telegram's HTML."""

_PAGE = """\
<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{subject}</title></head>
<body style="margin:0;padding:20px;font:16px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif">
<div style="max-width:640px;margin:0 auto">
<h1 style="font-size:20px;margin:0 0 4px">{subject}</h1>
<p style="color:#666;margin:0 0 18px">{counts}</p>
<ol style="padding-left:22px;margin:0">{items}</ol>
<p><a href="{link}" style="color:#1a4f8b">{more}</a></p>
</div></body></html>
"""
"""One column, no picture, no style but what mail programs keep."""


def _page(content: Content) -> str:
    safe = escape_html
    items = []
    for entry in content.entries:
        title = safe(entry.title)
        head = f'<a href="{safe(entry.url)}" style="color:#1a4f8b">{title}</a>' if entry.url else title
        facts = f'<br><span style="color:#666;font-size:14px">{safe(entry.facts)}</span>' if entry.facts else ""
        reason = f"<br>{safe(entry.reason)}" if entry.reason else ""
        items.append(f'\n<li style="margin:0 0 14px">{head}{facts}{reason}</li>')
    texts = {name: safe(getattr(content, name)) for name in ("subject", "counts", "link", "more")}
    return _PAGE.format(items="".join(items), **texts)
