"""Renderings for people: whole outputs, units, and what a hostile model cannot do to a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from syrupy.assertion import SnapshotAssertion

from aibom.model import Analysis, Dossier, Locator, OrganisationRef
from aibom.render import comparison as table
from aibom.render import row, tree
from aibom.render.words import amount, country, place, size, verdict
from tests.analyses import UPSTAGE, hostile, omni, solar


def shown(renderable: RenderableType, width: int = 100) -> str:
    console = Console(file=StringIO(), width=width)
    console.print(renderable)
    return console.file.getvalue()  # type: ignore[attr-defined]


def comparison(analyses: Iterable[Analysis]) -> RenderableType:
    return table(row(Dossier.of(each), each.score) for each in analyses)


@pytest.mark.parametrize("sample", [solar, omni])
def test_the_whole_tree(sample: Callable[[], Analysis], snapshot: SnapshotAssertion) -> None:
    assert shown(tree(sample())) == snapshot


def test_the_whole_table(snapshot: SnapshotAssertion) -> None:
    assert shown(comparison([solar(), omni()]), 140) == snapshot


def test_the_verdict_comes_before_the_parts_and_the_notice_is_quoted_with_its_line() -> None:
    text = shown(tree(solar()), 200)
    assert text.index("Level 0/E0") < text.index("Parts (4)") < text.index("Findings (2)")
    assert 'modeling_solar_open.py:3  "# Copyright 2025 The ZhipuAI Inc. team' in text


def test_nothing_is_wider_than_the_terminal_and_nothing_is_lost_by_wrapping() -> None:
    narrow, wide = shown(tree(omni()), 40), shown(tree(omni()), 400)
    assert max(map(len, narrow.splitlines())) <= 40
    words = "ultimateparentCN"
    assert words in "".join(wide.split())
    assert words in "".join(narrow.replace("│", "").split())


def test_an_unknown_share_is_visible_however_small() -> None:
    score = replace(omni().score, lower=100.0 - 1e-6, upper=100.0)
    assert "░" in shown(tree(replace(omni(), score=score))).split("█ known")[0]
    known = replace(score, lower=100.0)
    assert "░" not in shown(tree(replace(omni(), score=known))).split("█ known")[0]


@pytest.mark.parametrize(
    ("level", "ceiling", "said"),
    [
        (None, None, "No level: profile kr has no home"),
        (0, 0, "the core comes from outside the home set."),
        (0, 3, "undetermined. Level 3 stays open"),
        (1, 1, "the core is derived."),
        (3, 3, "all trained parts are home-made."),
    ],
)
def test_the_verdict_tells_unknown_from_outside(level: int | None, ceiling: int | None, said: str) -> None:
    assert said in verdict(replace(solar().score, level=level, ceiling=ceiling))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.0 K"),
        (999_949, "999.9 K"),
        (999_950, "1.0 M"),
        (22_713_216, "22.7 M"),
    ],
)
def test_amounts_carry_a_unit(number: int, said: str) -> None:
    assert amount(number) == said


def test_sizes_and_places() -> None:
    assert (size(900), size(14_200_000), size(10**15)) == ("900 bytes", "14.2 MB", "1000.0 TB")
    assert place(Locator("m.onnx", offset=10, length=10)) == "m.onnx bytes 10-20"
    assert place(Locator("config.json", key="a.b")) == "config.json a.b"


@pytest.mark.parametrize(
    ("registered", "ultimate", "said"),
    [
        ("KR", "KR", "KR"),
        ("SG", "CN", "registered SG, ultimate parent CN"),
        ("SG", None, "registered SG, ultimate parent unknown"),
        (None, None, "country unknown"),
    ],
)
def test_countries_are_told_apart_and_never_guessed(
    registered: str | None, ultimate: str | None, said: str
) -> None:
    assert country(OrganisationRef("x", "X", registered, ultimate, "source")) == said


HARMFUL = set("\x1b\x9b\x07\x08\r\x7f\x85\u202a\u202e\u2066\u2069\u200f\u061c\u2028\ufeff\u200b")


@given(
    st.text(st.characters(codec=None, exclude_categories=()) | st.sampled_from(sorted(HARMFUL)), max_size=30)
)
def test_hostile_text_never_steers_the_terminal(text: str) -> None:
    for output in (shown(tree(hostile(text))), shown(comparison([hostile(text)]))):
        assert not HARMFUL & set(output)
        output.encode()


def test_markup_in_a_name_is_only_text() -> None:
    text = shown(tree(hostile("[red]x[/red][link=https://example.org]y")), 200)
    assert "[red]x[/red][link=https://example.org]y" in text


def test_a_row_leaves_out_that_the_publisher_names_itself_and_always_speaks_of_weights() -> None:
    sample = solar()
    finding, other = sample.provenance.findings
    own = replace(sample.provenance.publisher or UPSTAGE, source="found in another way")
    said = replace(sample.provenance, findings=(replace(finding, organisations=(own,)), other))
    text = " ".join(shown(comparison([replace(sample, provenance=said)]), 300).split())
    assert "code: " not in text
    assert "weights unknown; names Zhipu AI (CN): architecture adapted" in text
    assert "structure: the index names 2 tensors that no shard holds" in text
