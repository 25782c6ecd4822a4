"""The same model in every format gives the same samples, but for what quantising takes away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aibom.formats.sampling import block_of, place_of
from aibom.model import WeightKind, WeightSample
from aibom.spi import Inspector
from aibom_gguf import GgufInspector
from aibom_huggingface import HuggingFaceInspector
from aibom_onnx import OnnxInspector
from tests.formats.sampling import models
from tests.formats.sampling.models import LAYERS, by_place, correlation, small, taken, values_of

LAYERED = ("query", "key", "value", "output", "gate", "up", "down")
EVERY = {("embedding", None), ("head", None), *((kind, n) for kind in LAYERED for n in range(LAYERS))}


def written(form: str, folder: Path, seed: int = 1) -> tuple[Inspector, dict[str, bytes]]:
    model = small(seed)
    name, _, kind = form.partition(" ")
    if name == "gguf":
        return GgufInspector(), models.as_gguf(model, folder, kind)
    if name == "onnx":
        return OnnxInspector(), models.as_onnx(model)
    if name == "torch":
        return HuggingFaceInspector(), models.as_torch(model)
    if name == "gptq":
        return HuggingFaceInspector(), models.as_gptq(model)
    return HuggingFaceInspector(), models.as_safetensors(model, kind)


def samples(form: str, folder: Path, seed: int = 1) -> dict[tuple[str, int | None], WeightSample]:
    found, unknowns, _ = taken(*written(form, folder, seed))
    assert [item for item in unknowns if "not sampled" in item.reason] == []
    return by_place(found)


FORMS = ("safetensors BF16", "torch", "gguf F16", "gguf Q8_0", "gguf Q4_K", "onnx", "gptq")


@pytest.mark.parametrize("form", FORMS)
def test_every_matrix_correlates_with_itself_and_with_no_other_layer(form: str, tmp_path: Path) -> None:
    reference = samples("safetensors F32", tmp_path)
    found = samples(form, tmp_path)
    assert set(found) == set(reference) == EVERY
    for place, sample in found.items():
        assert correlation(reference[place], sample) > 0.98, place
    for kind in LAYERED:
        assert abs(correlation(reference[kind, 0], found[kind, 1])) < 0.3


@pytest.mark.parametrize("form", ["torch", "safetensors F32"])
def test_what_is_stored_alike_has_equal_digests(form: str, tmp_path: Path) -> None:
    first, again = samples("safetensors F32", tmp_path), samples(form, tmp_path)
    assert {place: item.digest for place, item in first.items()} == {
        place: item.digest for place, item in again.items()
    }


def test_another_model_of_the_same_shape_correlates_nowhere(tmp_path: Path) -> None:
    one, other = samples("safetensors F32", tmp_path), samples("safetensors F32", tmp_path, seed=2)
    assert max(abs(correlation(one[place], other[place])) for place in EVERY) < 0.1


def test_codes_stand_for_the_values(tmp_path: Path) -> None:
    sample = samples("safetensors F32", tmp_path)["output", 1]
    matrix = small()["model.layers.1.self_attn.o_proj.weight"]
    assert sample.kind is WeightKind.OUTPUT
    assert (sample.shape, sample.rows[0], sample.columns) == ((256, 256), 0, 256)
    block = matrix[: sample.rows[1]]
    beyond = abs(block - block.mean(axis=1, keepdims=True)) > 3.9 * block.std(axis=1, keepdims=True)
    errors = abs(values_of(sample) - block)[~beyond]
    assert errors.max() <= 0.51 * max(sample_scales(sample))


def sample_scales(sample: WeightSample) -> list[float]:
    return [float(scale) for scale in np.frombuffer(sample.scales, "<f4")]


def test_gguf_rows_of_queries_are_in_the_order_of_the_original(tmp_path: Path) -> None:
    """F32 loses nothing, so that values must be equal and not only alike."""
    found = samples("gguf F32", tmp_path)
    reference = samples("safetensors F32", tmp_path)
    for kind in ("query", "key", "value"):
        one, other = found[kind, 0], reference[kind, 0]
        assert one.digest == other.digest


@pytest.mark.parametrize(
    ("name", "layer", "expert", "block"),
    [
        ("model.layers.12.self_attn.q_proj.weight", 12, None, "model.layers.12"),
        ("down_blocks.0.resnets.1.conv1.weight", 0, None, "down_blocks.0"),
        ("blk.3.ffn_up.weight", 3, None, "blk.3"),
        ("layers.3.mlp.experts.7.up_proj.weight", 3, 7, "layers.3"),
        ("experts.7.up_proj.weight", None, 7, None),
        ("lm_head.weight", None, None, None),
    ],
)
def test_layer_and_expert_are_read_off_the_name(
    name: str, layer: int | None, expert: int | None, block: str | None
) -> None:
    assert place_of(name) == (layer, expert)
    assert block_of(name) == block
