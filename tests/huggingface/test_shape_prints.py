"""Each trained part of a safetensors checkpoint is printed, under the id of its part."""

from __future__ import annotations

from aibom.model import Depth, ShapePrint
from tests.builders.safetensors import safetensors
from tests.huggingface.looking import look

CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8}
SHAPES = {
    "model.embed_tokens.weight": ("BF16", (32, 8)),
    "model.layers.0.self_attn.q_proj.weight": ("BF16", (8, 8)),
    "model.layers.1.self_attn.q_proj.weight": ("BF16", (8, 8)),
    "model.norm.weight": ("BF16", (8,)),
    "lm_head.weight": ("BF16", (32, 8)),
}


def test_every_trained_part_has_one_print_with_its_place() -> None:
    seen = look({"config.json": CONFIG, "model.safetensors": safetensors(SHAPES)})
    prints = {item.part: item for item in seen.of(ShapePrint)}
    assert prints.keys() == {"decoder-core", "embedding", "head"} <= seen.parts.keys()
    core = prints["decoder-core"]
    assert core.entries == (("layers.#.self_attn.q_proj.weight", ("h", "h")), ("norm.weight", ("h",)))
    assert core.locator is not None and core.locator.path == "model.safetensors"


def test_without_shapes_there_is_no_print() -> None:
    files = {"config.json": CONFIG, "model.safetensors": safetensors(SHAPES)}
    assert look(files, Depth.METADATA).of(ShapePrint) == []
    names = dict.fromkeys(SHAPES, "model.safetensors")
    index = {"config.json": CONFIG, "model.safetensors.index.json": {"metadata": {}, "weight_map": names}}
    assert look(index).of(ShapePrint) == []
