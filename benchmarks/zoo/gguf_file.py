"""A Llama as a GGUF file, tensors named and ordered as llama.cpp's converter does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import gguf
import numpy as np
from torch import Tensor

from benchmarks.zoo.checkpoint import Checkpoint
from benchmarks.zoo.data import tokenizer

_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def q8_0(model: Checkpoint, folder: Path) -> dict[str, str]:
    """A GGUF file of Q8_0 blocks."""
    return write(model, folder, "Q8_0")


def q4_0(model: Checkpoint, folder: Path) -> dict[str, str]:
    """A GGUF file of Q4_0 blocks."""
    return write(model, folder, "Q4_0")


def write(model: Checkpoint, folder: Path, kind: str) -> dict[str, str]:
    """Writes `model.gguf`; gives the name in the checkpoint of every stored tensor."""
    folder.mkdir(parents=True, exist_ok=True)
    config = model.config
    writer = gguf.GGUFWriter(str(folder / "model.gguf"), "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["head_dim"])
    _add_vocabulary(writer, model)
    quantisation = gguf.GGMLQuantizationType[kind]
    renamed = {}
    for name, value in model.state.items():
        stored = _name(name)
        data = _ordered(name, value, config).numpy().astype(np.float32)
        if data.ndim == 2:
            writer.add_tensor(stored, gguf.quants.quantize(data, quantisation), raw_dtype=quantisation)
        else:
            writer.add_tensor(stored, data)
        renamed[stored] = name
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return renamed


def _name(name: str) -> str:
    layer = re.fullmatch(r"model\.layers\.(\d+)\.(.+)\.weight", name)
    if layer:
        return f"blk.{layer[1]}.{_NAMES[layer[2]]}.weight"
    return f"{_NAMES[name.removesuffix('.weight')]}.weight"


def _ordered(name: str, value: Tensor, config: dict[str, int]) -> Tensor:
    """Rows of queries and keys, whose rotary halves llama.cpp interleaves."""
    if name.endswith(("q_proj.weight", "k_proj.weight")):
        pairs = value.unflatten(0, (-1, 2, config["head_dim"] // 2))
        return pairs.transpose(1, 2).reshape(value.shape)
    return value


def _add_vocabulary(writer: gguf.GGUFWriter, model: Checkpoint) -> None:
    source = model.source
    found = json.loads(tokenizer(source.vocabulary, source.size, source.extra))
    entries = sorted(found["model"]["vocab"].items(), key=lambda item: item[1])
    added = [item["content"] for item in found["added_tokens"] if item["id"] >= len(entries)]
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([entry for entry, _ in entries] + added)
    writer.add_token_merges([" ".join(pair) for pair in found["model"]["merges"]])
