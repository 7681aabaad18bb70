r"""JSON in which a model wrote TeX with single backslashes."""

import json

import pytest

from generator.judges.llm.tex_escapes import with_tex


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"$\beta$-VAE, $\frac{1}{2}$, $\theta$", r"$\beta$-VAE, $\frac{1}{2}$, $\theta$"),
        (r"\alpha \nabla \times \to \rho \upsilon \{x\}", r"\alpha \nabla \times \to \rho \upsilon \{x\}"),
        (r"a $\tri$ and $x^\rho_\nosuch{\newcommand}$", r"a $\tri$ and $x^\rho_\nosuch{\newcommand}$"),
        (r"costs $5,\nthen $6\nand $x$\nnew", "costs $5,\nthen $6\nand $x$\nnew"),
        (r"\\beta and \\n", r"\beta and \n"),
        (r"one\ntwo\neither\ne.g. three\tfour", "one\ntwo\neither\ne.g. three\tfour"),
        (r"\"q\" \/ \u4e2d\u6587 \u00e9tude", '"q" / 中文 étude'),
    ],
)
def test_backslashes_of_tex_are_kept_and_escapes_are_read(written: str, meant: str) -> None:
    assert json.loads(with_tex(f'{{"reason": "{written}"}}'))["reason"] == meant


@pytest.mark.parametrize("content", ["", "no json \\alpha", '{"a": "b', '"\\', r'{"a": "\u12"}', "\\" * 99])
def test_any_content_comes_back(content: str) -> None:
    """Torn and broken ones too; nothing is cut."""
    assert len(with_tex(content)) >= len(content)
