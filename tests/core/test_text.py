"""Strangers' text made plain."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.i18n import in_language
from generator.core.names import author_name
from generator.core.tex import title_text
from generator.core.text import clean, invisible, unaccent_tex


@pytest.mark.parametrize(
    ("tex", "name"),
    [
        (r"Lo\"ic Magne", "Loïc Magne"),
        (r"Noah Gie{\ss}ing", "Noah Gießing"),
        (r"K. G\"{o}del", "K. Gödel"),
        (r"K. G{\"o}del", "K. Gödel"),
        (r"K. G{\"{o}}del", "K. Gödel"),
        (r"P. Erd\H{o}s", "P. Erdős"),
        (r"P. Erd{\H o}s", "P. Erdős"),
        (r"{\'E}milie du Ch\^atelet", "Émilie du Châtelet"),
        (r"\v{S}koda \v Capek", "Škoda Čapek"),
        (r"Mart\'{\i}n", "Martín"),
        (r"Mart\'\i n", "Martín"),
        (r"Nguy\~{\^e}n", "Nguyễn"),
        (r"\O{}rsted", "Ørsted"),
        (r"{\O}rsted", "Ørsted"),
        (r"S{\o}ren \L ukasz", "Søren Łukasz"),
        (r"\c{C}a\u{g}r\i", "Çağrı"),
        (r"\AA ngstr\"om", "Ångström"),
        ("Jean--Pierre", "Jean-Pierre"),
        ("J.~P. Serre", "J. P. Serre"),
        ("Jo~ao Mu~noz Le~oes", "João Muñoz Leões"),
        ("Ana~Noe van~der Berg", "Ana Noe van der Berg"),
        ("{van der} Berg", "van der Berg"),
        ("Émilie du Châtelet", "Émilie du Châtelet"),
        ("李 明", "李 明"),
        ("", ""),
    ],
)
def test_an_authors_name(tex: str, name: str) -> None:
    """TeX accents as Unicode, grouping braces gone, what is Unicode already as it was."""
    assert author_name(tex) == name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (r"D\'ej\`aQ", "DéjàQ"),
        (r"$\mu\mathsf{P}$ and $\'e$", r"$\mu\mathsf{P}$ and $\'e$"),
        ("two\n  lines", "two lines"),
        (r"a lone $ and G\"odel", "a lone $ and Gödel"),
        (r"\alpha stays \textbf{as it is}", r"\alpha stays \textbf{as it is}"),
    ],
)
def test_a_title(raw: str, shown: str) -> None:
    """Accents outside of mathematics become Unicode; mathematics and other commands stay."""
    assert title_text(raw) == shown


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("a\u200bb", "ab"),  # zero width
        ("a\u202eb", "ab"),  # right-to-left override
        ("a\x00\x1bb", "ab"),
        ("a\ue000b", "ab"),  # private use
        ("a\t\r\n b", "a b"),
        ("e\u0301", "é"),
        ("\U0001f600", "\U0001f600"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_clean_text(raw: str, plain: str) -> None:
    """One line in NFC, nothing that cannot be seen, everything that can."""
    assert clean(raw) == plain


def test_a_limit_is_kept_with_an_ellipsis() -> None:
    """The cut is visible."""
    assert clean("abcdef", 4) == "abc…"
    assert clean("abcd", 4) == "abcd"


@given(st.text(max_size=200))
def test_clean_text_stays_clean(text: str) -> None:
    """Cleaning twice is cleaning once, and nothing invisible is left."""
    once = clean(text)
    assert clean(once) == once
    assert not any(invisible(character) for character in once)


@pytest.mark.parametrize("piece", ["\\", "{", "\\'", "{\\", "\\'{", "$", " ", "\\v ", "-", '\\"{o', "~"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """A hundred thousand of any piece of TeX are read within a second or two."""
    started = time.process_time()
    hostile = piece * (100_000 // len(piece))
    title_text(hostile)
    author_name(hostile)
    unaccent_tex(hostile)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "提出ARM机制改进LLM推理的探索，通过 Prompt Perplexity与Answer Confidence平衡探索与利用，提升13.9%",
            "zh",
        ),
        ("分析GNN readout层对称性瓶颈，提出projector-based不变readout，提升GNN表达能力。", "zh"),
        ("好", "zh"),
        ("Improves influence functions for vision models, a key tool of interpretability.", "en"),
        ("Introduces a benchmark of classical Chinese (文言文) for LLMs.", "en"),
        ("Bounds the loss by α and β.", "en"),
        ("拡散モデルによる言語生成を提案する。", ""),
        ("Предложен новый метод обучения моделей.", ""),
        ("확산 언어 모델을 제안한다.", ""),
        ("10", ""),
        ("", ""),
    ],
)
def test_a_reason_is_in_one_of_two_languages_or_in_none(text: str, language: str) -> None:
    """Terms and names of the other language are let be; "" stands for neither."""
    assert [name for name in ("zh", "en") if in_language(text, name)] == ([language] if language else [])
