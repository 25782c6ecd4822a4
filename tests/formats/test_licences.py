"""Licence names and texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.licences import conditions, identify, spdx


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("apache-2.0", "Apache-2.0"),
        (" MIT ", "MIT"),
        ("gpl-3.0", "GPL-3.0-only"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("mit OR apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("Apache License 2.0", "Apache-2.0"),
        ("llama3.1", "LicenseRef-llama3.1"),
        ("gemma", "LicenseRef-gemma"),
        ("openrail++", "LicenseRef-openrail-plus-plus"),
        ("creativeml-openrail-m", "LicenseRef-creativeml-openrail-m"),
        ("bigscience-openrail-m", "LicenseRef-bigscience-openrail-m"),
        ("deepfloyd-if-license", "LicenseRef-deepfloyd-if-license"),
        ("odc-by", "ODC-By-1.0"),
        ("LicenseRef-vendor-1.0", "LicenseRef-vendor-1.0"),
        ("apache-2.0 AND LicenseRef-vendor", "Apache-2.0 AND LicenseRef-vendor"),
        ("Apache-2.0 AND vendor", None),
        ("other", None),
        ("unknown", None),
        ("", None),
        ("my own licence", None),
        ("mit and (", None),
        ("(" * 150, None),
        ("mit " * 1000, None),
        ("\x00", None),
    ],
)
def test_declared_names(name: str, expression: str | None) -> None:
    assert spdx(name) == expression


@given(st.text(max_size=80))
def test_any_name_gives_an_expression_or_none(name: str) -> None:
    expression = spdx(name)
    assert expression is None or spdx(expression) == expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("# SPDX-License-Identifier: Apache-2.0 OR MIT\nprint()", "Apache-2.0 OR MIT"),
        ("EXAONE AI Model License Agreement 1.1 - NC", "LicenseRef-exaone"),
        ("K-EXAONE AI Model License Agreement", "LicenseRef-k-exaone"),
        ("KANANA LICENSE AGREEMENT\nKanana Release Date", "LicenseRef-kanana"),
        ("Upstage Solar License", "LicenseRef-upstage-solar"),
        ("Gemma Terms of Use, Model Derivatives; Qwen LICENSE AGREEMENT", None),
        ("HyperCLOVA X SEED Model License Agreement", "LicenseRef-hyperclovax-seed"),
        ("Tongyi Qianwen LICENSE AGREEMENT", "LicenseRef-tongyi-qianwen"),
        ("Qwen RESEARCH LICENSE AGREEMENT", "LicenseRef-qwen-research"),
        ("DEEPSEEK LICENSE AGREEMENT\nVersion 1.0", "LicenseRef-deepseek"),
        ("Gemma Terms of Use ... Model Derivatives", "LicenseRef-gemma"),
        (
            "LLAMA 2 COMMUNITY LICENSE AGREEMENT\n“Agreement” means the terms and conditions for use",
            "LicenseRef-llama2",
        ),
        ("This model is governed by the Llama 3.1 Community License Agreement.", None),
        ("This project is under the MIT or Apache licence.", None),
        ("", None),
    ],
)
def test_texts(text: str, expression: str | None) -> None:
    assert identify(text) == expression


def test_the_projects_own_licence_is_known() -> None:
    assert identify((Path(__file__).parents[2] / "LICENSE").read_text()) == "Apache-2.0"


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    for candidate in (text, "SPDX-License-Identifier: " + text, "Qwen LICENSE AGREEMENT " + text):
        identify(candidate)


@pytest.mark.field
def test_licences_of_the_field(field: Path) -> None:
    models = field / "meta-llama__llama-models/models"
    assert identify((models / "llama3/LICENSE").read_text()) == "LicenseRef-llama3"
    assert identify((models / "llama3_1/LICENSE").read_text()) == "LicenseRef-llama3.1"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", {"MIT"}),
        ("(MIT) AND Apache-2.0 AND MIT", {"Apache-2.0", "MIT"}),
        ("LicenseRef-own AND MIT", {"LicenseRef-own", "MIT"}),
        ("MIT AND (ISC OR 0BSD)", {"MIT", "0BSD OR ISC"}),
        ("ISC OR 0BSD", {"0BSD OR ISC"}),
        ("GPL-2.0-only WITH Classpath-exception-2.0", {"GPL-2.0-only WITH Classpath-exception-2.0"}),
        ("", set()),
        ("((((", {"(((("}),
        ("words of its own", {"words of its own"}),
        ("A AND " * 60 + "B", {"A AND " * 60 + "B"}),
    ],
)
def test_an_expression_is_divided_at_its_outermost_and(expression: str, expected: set[str]) -> None:
    assert conditions(expression) == expected
