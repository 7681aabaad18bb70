"""The configuration page of the docs, made from config.py: `make docs` writes it, a test holds it to the code."""

import sys
from typing import Any, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from generator.settings.config import ENVIRONMENT, Config, table_in

HEAD = """\
# Configuration

<!-- Made from generator/settings/config.py by `make docs`. -->

All settings stand in `config.toml`; what is not there has the default below. An unknown key, a wrong type, an unknown
category or a slug used twice is an error that names the key and the nearest valid one, and nothing is done.

After a change of fields, low interest, threshold or model, what is judged from then on is judged by the new profile;
days that are complete stay as they are. The slug of a field is a part of addresses: change its name as you like, never
its slug.

## Environment

| variable | overrides |
| --- | --- |
{environment}
| `OPENAI_API_KEY` | nothing: the key is read from here alone, and is never written anywhere |
| `GITHUB_REPOSITORY` | `site.url` where that is empty: `OWNER/NAME` gives `https://OWNER.github.io/NAME/` |
| `ARXIV_DAILY_NOW` | the system's clock, as ISO 8601, such as `2026-01-14T06:00:00Z` |

An empty variable counts as unset.
"""


def reference() -> str:
    """The whole page as Markdown."""
    environment = "\n".join(
        f"| `{variable}` | `{table}.{key}` |" for variable, (table, key) in sorted(ENVIRONMENT.items())
    )
    tables = [_table(name, info) for name, info in Config.model_fields.items()]
    return "\n".join([HEAD.format(environment=environment), *tables])


def _table(name: str, info: FieldInfo) -> str:
    """The section of one table of config.toml."""
    table = table_in(info.annotation)
    heading = f"[[{name}]]" if get_origin(info.annotation) is tuple else f"[{name}]"
    rows = [
        f"| `{key}` | {_default(option)} | {_cell(option.description or '')}{_bounds(option)} |"
        for key, option in table.model_fields.items()
    ]
    about = (table.__doc__ or "").partition("`:")[2].strip()
    return "\n".join([f"## `{heading}`", "", *([_sentence(about), ""] if about else []), *_HEADER, *rows, ""])


_HEADER = ("| key | default | meaning |", "| --- | --- | --- |")


def _default(option: FieldInfo) -> str:
    if option.is_required():
        return "*required*"
    value = option.get_default(call_default_factory=True, validated_data={})
    return "*unset*" if value is None else f"`{_toml(value)}`"


def _toml(value: Any) -> str:
    """VALUE as config.toml would hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, str):
        return f'"{value}"'
    return f"{value:_}" if isinstance(value, int) else f"{value:g}"


def _bounds(option: FieldInfo) -> str:
    """What values are accepted, as far as the type says."""
    if options := [repr(part).replace("'", '"') for part in get_args(option.annotation) if isinstance(part, str)]:
        return f" ({' or '.join(f'`{part}`' for part in options)})"
    words = []
    for rule in option.metadata:
        if isinstance(rule, annotated_types.Ge) and rule.ge != 0:
            words.append(f"at least {rule.ge:_}")
        elif isinstance(rule, annotated_types.Gt):
            words.append(f"more than {rule.gt:_}")
        elif isinstance(rule, annotated_types.Le):
            words.append(f"at most {rule.le:_}")
    return f" ({', '.join(words)})" if words else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.stdout.write(reference())
