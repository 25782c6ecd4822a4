"""Standard licences by their whole texts; texts with changed terms are none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom.formats.licence_texts import LIMITING, MAX_TEXT, standard
from aibom.formats.licences import identify, spdx
from tests.formats.spdx_texts import spdx_texts

TEXTS = spdx_texts()
TOOLS = Path(__file__).parents[2] / "tools"
MODELS = (
    "Apache-2.0 MIT BSD-2-Clause BSD-3-Clause ISC MPL-2.0 GPL-2.0-only GPL-3.0-only LGPL-3.0-only "
    "AGPL-3.0-only CC-BY-4.0 CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC0-1.0 Unlicense OpenMDW-1.0 "
    "CDLA-Permissive-2.0 ODC-By-1.0 EPL-2.0 AFL-3.0 BSL-1.0 MulanPSL-2.0"
)
"""The licences of the SPDX list that models stand under."""
LIMITS = (
    "You may not use the Work for military purposes.",
    "For research purposes only.",
    "Commercial use is prohibited.",
    "Users must be older than 18.",
    "This licence ends in 2030.",
)


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(TOOLS)
    import build_licence_texts

    return build_licence_texts


def test_the_shipped_comparison_is_what_the_texts_give(builder: ModuleType) -> None:
    assert builder.serialise(builder.build(builder.spdx_list())) == builder.TARGET.read_bytes()
    assert json.loads(builder.TARGET.read_bytes())["words"] == list(LIMITING)
    assert len(set(LIMITING)) == len(LIMITING)


def test_no_text_of_the_spdx_list_is_taken_for_another_licence(builder: ModuleType) -> None:
    """A variant (`OFL-1.1-RFN`) has the text of the licence that it is listed as a variant of."""
    found = {ident: standard(text) for ident, text in TEXTS.items()}
    known = {ident: name for ident, name in found.items() if name}
    assert [
        ident for ident, name in known.items() if not f"{builder.found_as(ident)}-".startswith(f"{name}-")
    ] == []
    assert len(known) >= 650


@pytest.mark.parametrize("ident", MODELS.split())
def test_licences_of_models_are_known_by_their_whole_text(ident: str) -> None:
    text = TEXTS[ident]
    ident = spdx(ident) or ""
    assert identify(text) == ident
    assert identify(text.upper()) == ident
    assert identify(re.sub(r"[ \t]*\n[ \t]*(?=\S)", " ", text)) == ident
    for limit in LIMITS:
        assert identify(f"{text}\n\n{limit}\n") is None
        assert identify(f"{limit}\n\n{text}") is None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(MODELS.split()), st.sampled_from(LIMITS), st.data())
def test_a_limit_added_anywhere_is_no_standard_licence(ident: str, limit: str, data: st.DataObject) -> None:
    text = TEXTS[ident]
    place = data.draw(st.sampled_from([match.end() for match in re.finditer(r"\s+", text)]))
    assert identify(f"{text[:place]} {limit} {text[place:]}") is None


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(MODELS.split()),
    st.sampled_from(
        [("not", ""), ("without", "with"), ("may", "may not"), ("any", "no"), ("must", "need not")]
    ),
    st.data(),
)
def test_a_turned_word_is_no_standard_licence(ident: str, turn: tuple[str, str], data: st.DataObject) -> None:
    """In the terms: who may copy the text of the GPL itself is said in a notice before them."""
    old, new = turn
    text = TEXTS[ident]
    start = text.find("Preamble") if "GPL" in ident else 0
    if places := [match.start() for match in re.finditer(rf"\b{old}\b", text) if match.start() >= start]:
        place = data.draw(st.sampled_from(places))
        assert identify(text[:place] + new + text[place + len(old) :]) is None


@pytest.mark.parametrize(
    ("ident", "before", "turn"),
    [
        ("MIT", "MIT License\n\nCopyright (c) 2023 DeepSeek\n\n", ("", "")),
        ("MIT", "The MIT License (MIT)\n\n", ("<year> <copyright holders>", "2024 A Lab, Inc.")),
        ("Apache-2.0", "Copyright 2018- The Hugging Face team. All rights reserved.\n\n", ("", "")),
        ("Apache-2.0", "", ("[yyyy] [name of copyright owner]", "2025 Upstage Co., Ltd.")),
        (
            "BSD-3-Clause",
            "BSD 3-Clause License\n\nCopyright (c) 2024, A Lab\nAll rights reserved.\n\n",
            ("", ""),
        ),
        ("BSD-3-Clause", "", ("the copyright holder nor", "A Lab nor")),
    ],
)
def test_names_and_titles_are_filled_in(ident: str, before: str, turn: tuple[str, str]) -> None:
    text = TEXTS[ident].replace("Copyright (c) <year> <copyright holders>\n", "") if before else TEXTS[ident]
    assert identify(before + text.removeprefix("MIT License\n").replace(*turn)) == ident


@pytest.mark.parametrize(
    "text",
    [
        "Modified MIT License\n\n" + TEXTS["MIT"],
        TEXTS["MIT"].replace("MIT License", "MIT License for researchers"),
        TEXTS["MIT"] + "Our only modification: services with 100 million users display the model's name.",
        TEXTS["MIT"] + TEXTS["BSD-3-Clause"],
        TEXTS["BSD-3-Clause"] + "4. All advertising materials mentioning features must display a notice.",
        "Copyright 2024 A Lab. You may not use this model in weapons.\n\n" + TEXTS["ISC"],
        TEXTS["Apache-2.0"][:6000],
        "This model is under the MIT License.",
        "https://opensource.org/licenses/MIT",
        "GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007",
        "",
    ],
)
def test_more_or_less_than_a_licence_is_none(text: str) -> None:
    assert standard(text) is None


def test_a_text_beyond_the_bound_is_not_judged() -> None:
    assert standard(TEXTS["MIT"]) == "MIT"
    assert standard(TEXTS["MIT"] + "\n" * MAX_TEXT) is None


@given(st.text(max_size=300), st.integers(0, 1000))
def test_any_text_is_judged(text: str, place: int) -> None:
    assert standard(text) is None
    standard(TEXTS["MIT"][:place] + text + TEXTS["MIT"][place:])


@pytest.mark.parametrize(
    "unit", ["copyright ", "( ", "http://a.com/", "\u00e9\n", "permission is hereby granted "]
)
def test_long_repetitions_end(unit: str) -> None:
    assert standard((unit * MAX_TEXT)[:MAX_TEXT]) is None
