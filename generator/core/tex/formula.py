r"""A formula read into a small tree, as TeX reads it and as authors mean it: `%` is a sign, `{,}` belongs to a number.

Any text comes back as a tree, in time linear in its length: what is broken, too deep or unknown stays readable.
"""

from generator.core.tex.commands import read_command
from generator.core.tex.parser import Parser, ReadProse
from generator.core.tex.symbols import found_again
from generator.core.tex.tree import Row


def read_formula(source: str, read_prose: ReadProse, depth: int = 0) -> Row:
    """SOURCE, what stands between the dollars, as a tree. READ_PROSE reads words within it, DEPTH groups deep."""
    return Parser(found_again(source), depth, read_prose, read_command).whole()
