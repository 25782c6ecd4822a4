"""A small valid file of each kind that is read, with its inspector and what lies beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aibom.spi import Inspector
from aibom_archives import ArchiveInspector
from aibom_gguf import GgufInspector
from aibom_huggingface import HuggingFaceInspector
from aibom_onnx import OnnxInspector
from tests.archives import samples
from tests.builders import gguf
from tests.builders import tokenizer as words
from tests.builders.safetensors import index, safetensors
from tests.onnx import graphs

CONFIG = json.dumps(
    {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "auto_map": {"AutoModel": "modeling_x.XModel"},
        "_name_or_path": "org/name",
        "vision_config": {"model_type": "qwen2_5_vl", "depth": 2},
        "quantization_config": {"quant_method": "gptq", "bits": 4},
    }
).encode()
CARD = b"""---
license: apache-2.0
base_model: [org/parent]
datasets: [org/data]
model-index:
- name: m
  results: [{task: {type: t}, metrics: [{type: accuracy, value: 0.5}]}]
---
# Title

Some prose.
"""
CODE = b'''# Copyright 2025 The Example Inc. team. All rights reserved.
from transformers.models.llama.modeling_llama import LlamaForCausalLM


class XModel(LlamaForCausalLM):
    """A model."""

    def forward(self, x):
        return self.layer(x) + 1
'''
MERGES = [("a", "b"), ("ab", "c")]
VOCABULARY = words.byte_vocabulary("ab", "abc")


@dataclass(frozen=True)
class Seed:
    """A file, its content, the inspector, and the other files of the target."""

    path: str
    data: bytes
    inspector: type[Inspector]
    beside: Mapping[str, bytes] = field(default_factory=dict)

    def target(self, data: bytes) -> dict[str, bytes]:
        """The target's files with `data` in the seed's place."""
        return {**self.beside, self.path: data}


def _repository(path: str, data: bytes, **beside: bytes) -> Seed:
    others = {name.replace("__", "."): content for name, content in beside.items()}
    return Seed(path, data, HuggingFaceInspector, {"config.json": CONFIG, **others})


_REPOSITORY = [
    _repository("config.json", CONFIG),
    _repository("README.md", CARD),
    _repository("modeling_x.py", CODE),
    _repository("LICENSE", b"Apache License Version 2.0\nCopyright 2024 A and B, Inc.\n"),
    _repository("chat_template.jinja", b"{% if x %}<think>{{ messages }}</think>{% endif %}"),
    _repository("model.safetensors", safetensors({"model.layers.0.mlp.up_proj.weight": ("F32", (2, 3))})),
    _repository(
        "model.safetensors.index.json", index({"model.embed_tokens.weight": "model.safetensors"}, 24)
    ),
    _repository(
        "tokenizer.json",
        words.tokenizer_json(VOCABULARY, merges=MERGES, added={"<s>": 999}),
        tokenizer_config__json=b'{"tokenizer_class": "X"}',
    ),
    _repository("vocab.json", json.dumps(VOCABULARY).encode(), merges__txt=words.merges_txt(MERGES)),
    _repository("merges.txt", words.merges_txt(MERGES), vocab__json=json.dumps(VOCABULARY).encode()),
    _repository("vocab.txt", b"[PAD]\n[UNK]\nhello\n##s\n"),
    _repository("tokenizer.model", words.sentencepiece([("<unk>", 2), ("a", 1), ("<0x00>", 6)])),
    _repository("qwen.tiktoken", words.tiktoken([b"a", b"b", b"ab"])),
    _repository("pytorch_model.bin", samples.SAMPLES["model.pt"]),
    _repository("flax_model.msgpack", samples.SAMPLES["flax_model.msgpack"]),
]
_GRAPHS = [Seed("model.onnx", graphs.encoder(), OnnxInspector)]
_GGUF = [
    Seed(
        "model.gguf",
        gguf.gguf(
            {
                "general.architecture": "llama",
                "tokenizer.ggml.model": "gpt2",
                "tokenizer.ggml.tokens": gguf.array(gguf.ValueType.STRING, list(VOCABULARY)),
            },
            gguf.decoder(layers=1),
        ),
        GgufInspector,
    )
]
_ARCHIVES = [
    Seed(name, data, ArchiveInspector, samples.BESIDE.get(name, {})) for name, data in samples.SAMPLES.items()
]
SEEDS: dict[str, Seed] = {
    f"{seed.inspector.ident}:{seed.path}": seed for seed in (*_REPOSITORY, *_GRAPHS, *_GGUF, *_ARCHIVES)
}
"""By plug-in and file name."""
