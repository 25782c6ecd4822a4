"""`aibom compare` over whole folders, and `aibom catalog info` over the shipped data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aibom.catalog.info import data_sets
from aibom_schemas import schema
from tests.builders.safetensors import safetensors
from tests.cli.conftest import Cli

NAMES = ("q_proj", "k_proj", "v_proj", "o_proj", "up_proj")


@pytest.fixture
def models(tmp_path: Path) -> tuple[Path, Path]:
    """Two models of one configuration; the values of their weights differ."""
    made = []
    for name, value in (("one", 1), ("two", 2)):
        folder = tmp_path / name
        folder.mkdir()
        config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "model.safetensors").write_bytes(weights(value))
        made.append(folder)
    return made[0], made[1]


def weights(value: int) -> bytes:
    tensors = {f"model.layers.0.self_attn.{name}.weight": ("F32", (8, 8)) for name in NAMES}
    size = len(NAMES) * 8 * 8 * 4
    return safetensors(tensors)[:-size] + bytes([value]) * size


def compared(cli: Cli, *arguments: object) -> dict[str, Any]:
    done = cli("compare", *arguments, "--offline", "-f", "json")
    assert done.exit_code == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    jsonschema.Draft202012Validator(schema("compare")).validate(document)
    return document["signals"]


def test_an_equal_configuration_resembles_and_says_nothing_of_weights(
    cli: Cli, models: tuple[Path, Path]
) -> None:
    signals = compared(cli, *models)
    assert signals["architecture"]["verdict"] == "resembles"
    assert signals["declared"]["verdict"] == "same-family"
    assert (signals["weights"]["verdict"], signals["weights"]["parts"]) == ("indeterminate", [])


def test_a_model_beside_itself_has_equal_files_and_untested_weights(
    cli: Cli, models: tuple[Path, Path]
) -> None:
    signals = compared(cli, models[0], models[0])
    assert signals["declared"]["verdict"] == "equal-files"
    assert signals["weights"]["verdict"] == "indeterminate"


def test_a_table_goes_to_standard_output_or_a_file(
    cli: Cli, models: tuple[Path, Path], tmp_path: Path
) -> None:
    shown = cli("compare", *models, "--offline")
    assert "not tested at this depth" in shown.stdout
    cli("compare", *models, "--offline", "-o", tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text() == shown.stdout


def test_a_target_that_is_missing_fails_and_writes_nothing(
    cli: Cli, models: tuple[Path, Path], tmp_path: Path
) -> None:
    done = cli(
        "compare", models[0], tmp_path / "none", "--offline", "-o", tmp_path / "out.json", "-f", "json"
    )
    assert done.exit_code == 4
    assert not (tmp_path / "out.json").exists()


def test_damaged_weights_leave_the_signal_untold(cli: Cli, models: tuple[Path, Path]) -> None:
    (models[1] / "model.safetensors").write_bytes(b"\xff" * 64)
    assert compared(cli, *models)["architecture"]["verdict"] == "indeterminate"


def test_the_shipped_data_is_listed_as_recorded(cli: Cli) -> None:
    done = cli("catalog", "info", "-f", "json")
    listed = {each["name"]: each for each in json.loads(done.stdout)}
    assert done.exit_code == 0
    assert {"lineage.json", "code_prints.bin", "tokenizer_prints.json"} <= listed.keys()
    assert listed["lineage.json"]["entries"]["families"] > 600
    assert all(listed[name]["intact"] and listed[name]["licence"] for name in listed)
    assert listed["organisations.json"]["entries"]["organisations"] > 150
    assert "as recorded" in cli("catalog", "info").stdout


def test_a_file_that_is_not_as_recorded_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    changed = (replace(data_sets()[0], intact=False),)
    monkeypatch.setattr("aibom.catalog.info.data_sets", lambda: changed)
    assert cli("catalog", "info").exit_code == 1
