"""Folders as a hub holds them: configuration, vocabulary and weights, whole or quantised."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from benchmarks.zoo.checkpoint import Checkpoint
from benchmarks.zoo.data import Source, tokenizer
from benchmarks.zoo.families import FAMILIES

DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
Renamed = dict[str, str]
"""Stored name of each tensor → its name in the checkpoint."""


def load(folder: Path, family: str, source: Source) -> Checkpoint:
    """A checkpoint as `whole` wrote it, in float32."""
    kind = FAMILIES[family]
    path = folder / kind.path
    config = json.loads((path.parent / "config.json").read_text(encoding="utf-8"))
    state = {name: value.float() for name, value in load_file(path).items()}
    return Checkpoint(family, config, state, source)


def whole(model: Checkpoint, folder: Path) -> Renamed:
    """Every tensor under its own name, in the family's element type."""
    kind = FAMILIES[model.family]
    path = folder / kind.path
    path.parent.mkdir(parents=True, exist_ok=True)
    dtype = DTYPES[kind.dtype]
    save_file(
        {name: value.to(dtype).contiguous() for name, value in model.state.items()}, path, {"format": "pt"}
    )
    write_json(path.parent / "config.json", model.config)
    if kind.index:
        write_json(folder / "model_index.json", kind.index)
    else:
        _write_vocabulary(model, folder)
    return {name: name for name in model.state}


def with_code(model: Checkpoint, folder: Path) -> Renamed:
    """As `whole`, with the family's own code beside it, as repositories with remote code have it."""
    code = Path(inspect.getfile(FAMILIES[model.family].module)).read_text(encoding="utf-8")
    config = model.config | {"auto_map": {"AutoModelForCausalLM": "modeling_zoo.CausalModel"}}
    told = whole(replace(model, config=config), folder)
    (folder / "modeling_zoo.py").write_text(code, encoding="utf-8")
    return told


def int8_channels(model: Checkpoint, folder: Path) -> Renamed:
    """compressed-tensors `int-quantized`: int8 with a scale for each output."""
    stored: dict[str, Tensor] = {}
    for name, value in model.state.items():
        if not _is_quantised(name, value):
            stored[name] = value.bfloat16()
            continue
        scale = value.abs().amax(1, keepdim=True).clamp(min=1e-12) / 127
        stored[name] = (value / scale).round().to(torch.int8)
        stored[f"{name}_scale"] = scale.bfloat16()
    group = _weights(8, "int", strategy="channel", group=None)
    return _write_quantised(model, folder, stored, _compressed("int-quantized", group), {})


def int4_packed(model: Checkpoint, folder: Path) -> Renamed:
    """compressed-tensors `pack-quantized`: int4 in groups of 32, eight to a word."""
    stored: dict[str, Tensor] = {}
    renamed: Renamed = {}
    shifts = torch.arange(0, 32, 4)
    for name, value in model.state.items():
        if not _is_quantised(name, value):
            stored[name] = value.bfloat16()
            continue
        groups = value.unflatten(1, (-1, 32))
        scale = groups.abs().amax(-1, keepdim=True).clamp(min=1e-12) / 7
        codes = ((groups / scale).round().clamp(-8, 7) + 8).flatten(1).long()
        words = (codes.unflatten(1, (-1, 8)) << shifts).sum(-1)
        stored[f"{name}_packed"] = torch.where(words >= 2**31, words - 2**32, words).int()
        stored[f"{name}_scale"] = scale[..., 0].bfloat16()
        stored[f"{name}_shape"] = torch.tensor(value.shape)
        renamed[f"{name}_packed"] = name
    group = _weights(4, "int", strategy="group", group=32)
    return _write_quantised(model, folder, stored, _compressed("pack-quantized", group), renamed)


def fp8_blocks(model: Checkpoint, folder: Path) -> Renamed:
    """DeepSeek's way: float8 with the inverse scale of each block of 128 × 128."""
    stored: dict[str, Tensor] = {}
    for name, value in model.state.items():
        if not _is_quantised(name, value):
            stored[name] = value.bfloat16()
            continue
        rows, columns = value.shape
        scales = torch.empty(-(-rows // 128), -(-columns // 128))
        codes = torch.empty(rows, columns, dtype=torch.float8_e4m3fn)
        for i in range(scales.shape[0]):
            for j in range(scales.shape[1]):
                place = slice(128 * i, 128 * i + 128), slice(128 * j, 128 * j + 128)
                scales[i, j] = value[place].abs().max().clamp(min=1e-12) / 448
                codes[place] = (value[place] / scales[i, j]).to(torch.float8_e4m3fn)
        stored[name] = codes
        stored[f"{name}_scale_inv"] = scales
    settings = {
        "quant_method": "fp8",
        "fmt": "e4m3",
        "weight_block_size": [128, 128],
        "activation_scheme": "dynamic",
    }
    return _write_quantised(model, folder, stored, settings, {})


def _is_quantised(name: str, value: Tensor) -> bool:
    return value.dim() == 2 and name.endswith("_proj.weight")


def _weights(bits: int, kind: str, *, strategy: str, group: int | None) -> dict[str, object]:
    sizes = {"num_bits": bits, "strategy": strategy, "group_size": group}
    return sizes | {"type": kind, "symmetric": True, "dynamic": False}


def _compressed(form: str, weights: dict[str, object]) -> dict[str, object]:
    return {
        "quant_method": "compressed-tensors",
        "format": form,
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights, "input_activations": None}},
        "ignore": ["lm_head"],
        "quantization_status": "compressed",
    }


def _write_quantised(
    model: Checkpoint, folder: Path, stored: dict[str, Tensor], settings: dict[str, object], renamed: Renamed
) -> Renamed:
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: value.contiguous() for name, value in stored.items()},
        folder / "model.safetensors",
        {"format": "pt"},
    )
    write_json(folder / "config.json", model.config | {"quantization_config": settings})
    _write_vocabulary(model, folder)
    return renamed | {name: name for name in stored if name in model.state}


def _write_vocabulary(model: Checkpoint, folder: Path) -> None:
    source = model.source
    text = tokenizer(source.vocabulary, source.size, source.extra)
    (folder / "tokenizer.json").write_text(text, encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """A JSON file, sorted."""
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
