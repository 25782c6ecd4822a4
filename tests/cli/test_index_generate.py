"""`aibom generate --depth weights --index`: a fine-tuned copy is traced to the model that an index holds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.builders.safetensors import safetensors
from tests.cli.conftest import Cli

WIDTH, LAYERS = 128, 4


def write(folder: Path, seed: int, noise: float = 0.0) -> Path:
    """A small checkpoint of the shape of Llama; `noise` in units of the weights' spread."""
    generator, changes = np.random.default_rng(seed), np.random.default_rng(seed + 100)
    tensors, data = {}, b""
    for layer in range(LAYERS):
        for name in ("self_attn.q_proj", "self_attn.o_proj", "mlp.up_proj"):
            values = generator.normal(size=(WIDTH, WIDTH))
            values += noise * changes.normal(size=values.shape)
            data += values.astype("<f4").tobytes()
            tensors[f"model.layers.{layer}.{name}.weight"] = ("F32", (WIDTH, WIDTH))
    folder.mkdir()
    config = {"model_type": "llama", "num_hidden_layers": LAYERS, "hidden_size": WIDTH}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(safetensors(tensors)[: -len(data)] + data)
    return folder


@pytest.fixture
def index(tmp_path: Path, cli: Cli) -> Path:
    source = write(tmp_path / "source", 1)
    done = cli("index", "add", str(source), "--as", "Qwen/Qwen2-7B", "--index", str(tmp_path / "index"))
    assert done.exit_code == 0, done.stderr
    return tmp_path / "index"


def weights(cli: Cli, model: Path, index: Path) -> list[dict[str, object]]:
    done = cli("generate", str(model), "--depth", "weights", "--index", str(index), "-f", "json", "--quiet")
    assert done.exit_code == 0, done.stderr
    return [item for item in json.loads(done.stdout)["findings"] if item["signal"] == "weights"]


def test_a_copy_is_traced(cli: Cli, index: Path, tmp_path: Path) -> None:
    (finding,) = weights(cli, write(tmp_path / "copy", 1, noise=0.02), index)
    assert finding["rule"] == "weights.related"  # no date tells which was first
    assert "Qwen/Qwen2-7B" in str(finding["statement"]) and "derived" in str(finding["statement"])


def test_another_model_is_not(cli: Cli, index: Path, tmp_path: Path) -> None:
    (finding,) = weights(cli, write(tmp_path / "other", 2), index)
    assert finding["rule"] == "weights.no-match"


def test_an_index_needs_the_depth_that_samples(cli: Cli, index: Path, tmp_path: Path) -> None:
    done = cli("generate", str(write(tmp_path / "model", 3)), "--index", str(index))
    assert done.exit_code == 2 and "--depth weights" in done.stderr


def test_a_folder_without_an_index_is_an_error(cli: Cli, tmp_path: Path) -> None:
    model = write(tmp_path / "model", 3)
    done = cli("generate", str(model), "--depth", "weights", "--index", str(tmp_path / "nothing"))
    assert done.exit_code == 2 and "Traceback" not in done.stderr
