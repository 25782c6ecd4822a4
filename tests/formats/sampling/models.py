"""One small model of Llama's kind, written in every format that samples are taken from."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
from numpy.typing import NDArray

from aibom.model import Depth, Emission, Unknown, WeightSample
from aibom.spi import Inspector
from aibom.testing import MemoryView, inspect
from tests.builders import onnx as build
from tests.builders import pickles
from tests.dequantise import packers

Floats = NDArray[np.float32]
Model = dict[str, Floats]
"""Hugging Face name → matrix."""
WIDTH, HIDDEN, HEADS, KEYS, LAYERS, TOKENS = 256, 512, 4, 2, 3, 300
HEAD = WIDTH // HEADS
CONFIG = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": WIDTH,
    "intermediate_size": HIDDEN,
    "num_attention_heads": HEADS,
    "num_key_value_heads": KEYS,
    "num_hidden_layers": LAYERS,
    "vocab_size": TOKENS,
}
_SHAPES = {
    "self_attn.q_proj": (WIDTH, WIDTH),
    "self_attn.k_proj": (KEYS * HEAD, WIDTH),
    "self_attn.v_proj": (KEYS * HEAD, WIDTH),
    "self_attn.o_proj": (WIDTH, WIDTH),
    "mlp.gate_proj": (HIDDEN, WIDTH),
    "mlp.up_proj": (HIDDEN, WIDTH),
    "mlp.down_proj": (WIDTH, HIDDEN),
}
_GGUF = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def small(seed: int = 1) -> Model:
    """Normal matrices, each of a spread of its own."""
    numbers = np.random.default_rng(seed)
    model = {"model.embed_tokens.weight": (TOKENS, WIDTH)}
    for layer in range(LAYERS):
        model |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in _SHAPES.items()}
    model["lm_head.weight"] = (TOKENS, WIDTH)
    return {
        name: (numbers.normal(size=shape) * numbers.uniform(0.02, 0.1)).astype(np.float32)
        for name, shape in model.items()
    }


def filled(tensors: Mapping[str, tuple[str, NDArray[Any]]]) -> bytes:
    """A safetensors file: name → (type, values as stored)."""
    table: dict[str, object] = {}
    data = b""
    for name, (dtype, values) in tensors.items():
        body = np.ascontiguousarray(values).tobytes()
        shape = list(values.shape)
        table[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(body)]}
        data += body
    header = json.dumps(table).encode()
    return len(header).to_bytes(8, "little") + header + data


def config(**changes: object) -> bytes:
    """A config.json."""
    return json.dumps(CONFIG | changes).encode()


def as_safetensors(model: Model, dtype: str = "F32") -> dict[str, bytes]:
    """A folder with one safetensors file."""
    kinds: dict[str, Any] = {"F32": np.float32, "F16": np.float16, "BF16": ml_dtypes.bfloat16}
    stored = {name: (dtype, values.astype(kinds[dtype])) for name, values in model.items()}
    return {"config.json": config(), "model.safetensors": filled(stored)}


def as_torch(model: Model) -> dict[str, bytes]:
    """A folder with one PyTorch archive, every tensor with a storage of its own."""
    table = {name: ("F32", values.shape) for name, values in model.items()}
    storages = {str(at): values.tobytes() for at, values in enumerate(model.values())}
    archive = pickles.torch_zip(pickles.state_dict(table), storages)
    return {"config.json": config(), "pytorch_model.bin": archive}


def as_gptq(model: Model, group: int = 64, bits: int = 4) -> dict[str, bytes]:
    """Projections as AutoGPTQ packs them, `g_idx` in order; the rest in half precision."""
    stored: dict[str, tuple[str, NDArray[Any]]] = {}
    for name, values in model.items():
        if not name.endswith("_proj.weight"):
            stored[name] = ("F16", values.astype(np.float16))
            continue
        stored |= {f"{name[:-7]}.{part}": item for part, item in _gptq(values, group, bits).items()}
    quantisation = {"quant_method": "gptq", "bits": bits, "group_size": group, "desc_act": False}
    return {"config.json": config(quantization_config=quantisation), "model.safetensors": filled(stored)}


def _gptq(values: Floats, group: int, bits: int) -> dict[str, tuple[str, NDArray[Any]]]:
    outputs, inputs = values.shape
    blocks = values.reshape(outputs, -1, group)
    low, high = blocks.min(axis=2), blocks.max(axis=2)
    scales = ((high - low) / (2**bits - 1)).astype(np.float16)
    steps = scales.astype(np.float32)
    zeros = np.clip(np.rint(-low / steps), 0, 2**bits - 1).astype(np.int64)
    codes = np.clip(np.rint(blocks / steps[..., None]) + zeros[..., None], 0, 2**bits - 1).astype(np.int64)
    packed = packers.gptq(codes.reshape(outputs, inputs), zeros.T, bits, 1)
    return {
        "qweight": ("I32", np.frombuffer(packed["qweight"], "<i4").reshape(-1, outputs)),
        "qzeros": ("I32", np.frombuffer(packed["qzeros"], "<i4").reshape(inputs // group, -1)),
        "scales": ("F16", scales.T),
        "g_idx": ("I32", (np.arange(inputs) // group).astype(np.int32)),
    }


def as_gguf(model: Model, folder: Path, kind: str) -> dict[str, bytes]:
    """A GGUF file by the gguf package, as llama.cpp's converter names and orders its matrices."""
    import gguf

    path = folder / f"model-{kind}.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(LAYERS)
    writer.add_embedding_length(WIDTH)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEYS)
    for name, values in model.items():
        called = _called(name)
        if called.endswith(("attn_q", "attn_k")):
            values = rotated(values, HEADS if called.endswith("_q") else KEYS)
        number = gguf.GGMLQuantizationType[kind]
        data = q4_k(values) if kind == "Q4_K" else gguf.quants.quantize(values, number)
        writer.add_tensor(f"{called}.weight", data, raw_dtype=number)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return {path.name: path.read_bytes()}


def _called(name: str) -> str:
    """llama.cpp's name of a matrix."""
    outside = {"model.embed_tokens.weight": "token_embd", "lm_head.weight": "output"}
    if name in outside:
        return outside[name]
    _, _, layer, module, projection, _ = name.split(".")
    return f"blk.{layer}.{_GGUF[f'{module}.{projection}']}"


def rotated(values: Floats, heads: int) -> Floats:
    """llama.cpp, `conversion/llama.py`, `LlamaModel.permute`."""
    high, wide = values.shape
    return values.reshape(heads, 2, high // heads // 2, wide).swapaxes(1, 2).reshape(high, wide)


def q4_k(values: Floats) -> NDArray[np.uint8]:
    """Blocks of Q4_K, without the search for the best scales that llama.cpp makes."""
    blocks = values.reshape(-1, 8, 32)
    low = np.minimum(blocks.min(axis=2), 0)
    scales, minima = (blocks.max(axis=2) - low) / 15, -low
    d, dmin = (item.max(axis=1, keepdims=True) / 63 for item in (scales, minima))
    s, m = (np.rint(item / over).astype(np.uint8) for item, over in ((scales, d), (minima, dmin)))
    steps, offsets = (d * s)[..., None], (dmin * m)[..., None]
    codes = np.clip(np.rint((blocks + offsets) / steps), 0, 15).astype(np.uint8)
    packed = np.concatenate(
        [
            s[:, :4] | s[:, 4:] >> 4 << 6,
            m[:, :4] | m[:, 4:] >> 4 << 6,
            s[:, 4:] & 15 | (m[:, 4:] & 15) << 4,
        ],
        axis=1,
    )
    pairs = codes.reshape(-1, 4, 2, 32)
    nibbles = (pairs[:, :, 0] | pairs[:, :, 1] << 4).reshape(len(blocks), 128)
    halves = np.concatenate([d, dmin], axis=1).astype("<f2").view(np.uint8)
    return np.concatenate([halves, packed, nibbles], axis=1).reshape(len(values), -1)


def as_onnx(model: Model) -> dict[str, bytes]:
    """A graph as TorchScript exports it: MatMul weights turned, under made-up names."""
    nodes, weights = [], []
    nodes.append(build.node("Gather", ["model.embed_tokens.weight", "input_ids"], ["h0"], "/model/Gather"))
    value = 0
    for number, (name, values) in enumerate(model.items()):
        if "embed_tokens" in name:
            weights.append(build.tensor(name, values.shape, data=values.tobytes()))
            continue
        called = f"onnx::MatMul_{number + 500}"
        turned = np.ascontiguousarray(values.T)
        weights.append(build.tensor(called, turned.shape, data=turned.tobytes()))
        path = "/" + name.removesuffix(".weight").replace(".", "/").replace("layers/", "layers.")
        nodes.append(build.node("MatMul", [f"h{value}", called], [f"h{value + 1}"], f"{path}/MatMul"))
        value += 1
    body = build.graph(
        nodes,
        inputs={"input_ids": ("INT64", ["b", "s"])},
        outputs={f"h{value}": ("FLOAT", ["b", "s", TOKENS])},
        initialisers=weights,
    )
    return {"model.onnx": build.model(body, producer_name="pytorch", producer_version="2.4.0")}


def taken(
    inspector: Inspector, contents: Mapping[str, bytes]
) -> tuple[dict[str, WeightSample], list[Unknown], MemoryView]:
    """Samples by name, what could not be read, and the view with the ranges that were read."""
    view = MemoryView(contents, depth=Depth.WEIGHTS)
    emissions: list[Emission] = inspect(inspector, view)
    samples = [item for item in emissions if isinstance(item, WeightSample)]
    found = {item.name: item for item in samples}
    assert len(found) == len(samples), "each matrix is sampled once"
    return found, [item for item in emissions if isinstance(item, Unknown)], view


def values_of(sample: WeightSample) -> Floats:
    """The numbers that the codes stand for."""
    codes = np.frombuffer(sample.codes, np.int8).reshape(sample.rows[1], sample.columns)
    return codes.astype(np.float32) * np.frombuffer(sample.scales, "<f4")[:, None]


def correlation(one: WeightSample, other: WeightSample) -> float:
    """Centred correlation of what two samples have in common; at least 256 values."""
    assert one.rows[0] == other.rows[0]
    assert one.shape == other.shape
    rows, columns = min(one.rows[1], other.rows[1]), min(one.columns, other.columns)
    assert rows * columns >= 256
    first, second = (values_of(item)[:rows, :columns].ravel() for item in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def by_place(samples: Mapping[str, WeightSample]) -> dict[tuple[str, int | None], WeightSample]:
    """Samples by kind and layer."""
    found = {(item.kind.value, item.layer): item for item in samples.values()}
    assert len(found) == len(samples)
    return found


Writer = Callable[[Model], dict[str, bytes]]


def nbytes(values: NDArray[Any]) -> int:
    """Bytes of an array."""
    return math.prod(values.shape) * values.itemsize
