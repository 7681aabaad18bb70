"""Which feeds a site has, and what each holds."""

from functools import partial

from generator.core.i18n import words
from generator.core.model import Pick
from generator.publish.feeds.formats import Feed
from generator.settings.config import Config, ResearchField


def catalogue(config: Config) -> list[Feed]:
    """All feeds of the site, the one for most readers first.

    The OPML file lists one form of the digest, the weeks, and the papers by field (each has one). Atom and JSON hold
    the digest again; all papers and the best ones hold those of the fields again.
    """
    word = words(config.site.language)
    title, top = config.site.title, config.feeds.top_score
    top_text = word["feeds_top"].format(score=f"{top:g}")
    days, weeks, papers = word["feeds_digest_title"], word["feeds_weekly_title"], word["feeds_papers_title"]
    return [
        Feed("feed.xml", "rss", title, word["feeds_digest"], days, "day"),
        Feed("atom.xml", "atom", title, word["feeds_digest"], f"{days} (Atom)", "day", in_opml=False),
        Feed("feed.json", "json", title, word["feeds_digest"], f"{days} (JSON Feed)", "day", in_opml=False),
        Feed("feeds/weekly.xml", "rss", f"{title} · {weeks}", word["feeds_weekly"], weeks, "week"),
        Feed("papers.xml", "rss", f"{title} · {papers}", word["feeds_papers"], papers, in_opml=False),
        Feed(
            "feeds/top.xml",
            "rss",
            f"{title} · {top_text}",
            top_text,
            top_text,
            holds=lambda pick: pick.verdict.score >= top,
            in_opml=False,
        ),
        *([_watched_feed(config)] if config.always else []),
        *(_field_feed(field, config) for field in config.fields),
    ]


def _watched_feed(config: Config) -> Feed:
    word = words(config.site.language)
    name = word["feeds_watched"]
    title, about = f"{config.site.title} · {name}", word["feeds_watched_text"]
    return Feed("feeds/watched.xml", "rss", title, about, name, holds=lambda pick: bool(pick.watched), in_opml=False)


def _field_feed(field: ResearchField, config: Config) -> Feed:
    label = field.label(config.site.language)
    return Feed(
        path=f"feeds/{field.slug}.xml",
        form="rss",
        title=f"{config.site.title} · {label}",
        description=words(config.site.language)["feeds_field"].format(name=label),
        holds=partial(_in_field, slug=field.slug),
        label=label,
        field=field.slug,
    )


def _in_field(pick: Pick, slug: str) -> bool:
    return pick.verdict.field == slug
