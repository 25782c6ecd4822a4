"""The example models beside each other, as the library compares them."""

from __future__ import annotations

from pathlib import Path

import pytest

import aibom
from aibom.model import Comparison
from tests.end_to_end.test_examples import NAMES, build


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(tmp_path_factory.mktemp("examples"))


def compared(examples: dict[str, Path], a: str, b: str) -> Comparison:
    found = aibom.compare(
        str(examples[a]), str(examples[b]), alias_a=NAMES[a], alias_b=NAMES[b], offline=True
    )
    assert found.weights.verdict == "indeterminate"
    assert found.weights.reason == "not tested at this depth: no weights of A and B were sampled"
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_model_beside_itself(examples: dict[str, Path], name: str) -> None:
    found = compared(examples, name, name)
    assert found.declared.verdict == "equal-files"
    assert found.code.verdict != "no-match"
    assert found.tokenizer.verdict in {"identical", "indeterminate"}
    assert found.architecture.verdict in {"resembles", "indeterminate"}


def test_models_of_like_shape_that_name_nothing_in_common(examples: dict[str, Path]) -> None:
    found = compared(examples, "solar-open", "fine-tune")
    assert found.declared.verdict == "nothing-in-common"
    assert found.code.verdict == "indeterminate"
    assert found.architecture.verdict == "resembles"
    assert all(pair.alternative for pair in found.architecture.pairs if pair.verdict == "resembles")


def test_a_diffusion_pipeline_has_no_part_in_common_with_a_language_model(examples: dict[str, Path]) -> None:
    found = compared(examples, "diffusion", "plain-original")
    assert found.architecture.verdict == "indeterminate"
    assert found.architecture.pairs == ()
