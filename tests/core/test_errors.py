"""What an error says."""

from generator.core.errors import HostileTextError


def test_a_hostile_text_is_told_as_its_message_alone() -> None:
    """The papers are for the program; the operator reads the message."""
    papers = frozenset({"2601.00001"})
    error = HostileTextError("index.html: a script in the title of 2601.00001", papers, {"a script": papers})
    assert str(error) == "index.html: a script in the title of 2601.00001"
    assert error.papers == {"2601.00001"}
