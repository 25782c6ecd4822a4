"""A small valid file of each kind that is read, with its inspector and what lies beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aibom.spi import Inspector
from aibom_archives import ArchiveInspector
from aibom_gguf import GgufInspector
from aibom_huggingface import HuggingFaceInspector
from aibom_onnx import OnnxInspector
from tests.archives import samples
from tests.builders import gguf, hdf5, pickles
from tests.builders import tokenizer as words
from tests.builders.lfs import pointer
from tests.builders.safetensors import index, safetensors
from tests.fuzz import structured
from tests.fuzz.mutations import Mutation
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
TEKKEN = json.dumps(
    {
        "config": {"default_vocab_size": 4, "default_num_special_tokens": 1},
        "vocab": [{"rank": rank, "token_bytes": word} for rank, word in enumerate(("YQ==", "Yg==", "YWI="))],
    }
).encode()
TOKENIZER_CONFIG = json.dumps(
    {
        "tokenizer_class": "X",
        "bos_token": {"content": "<s>"},
        "chat_template": [{"name": "a", "template": "{% if tools %}<think>{% endif %}"}],
        "added_tokens_decoder": {"1": {"content": "<s>"}},
    }
).encode()
MERGES = [("a", "b"), ("ab", "c")]
VOCABULARY = words.byte_vocabulary("ab", "abc")


@dataclass(frozen=True)
class Seed:
    """A file, its content, the inspector, and the other files of the target.

    `data` is what is damaged; `pack` makes the file of it, so that damage reaches what lies inside an
    archive or behind a length. `kinds` are ways of damage that this content allows beside the common ones.
    """

    path: str
    data: bytes
    inspector: type[Inspector]
    beside: Mapping[str, bytes] = field(default_factory=dict)
    pack: Callable[[bytes], bytes] = bytes
    kinds: tuple[Mutation, ...] = ()
    inside: str = ""

    @property
    def name(self) -> str:
        """Plug-in, file, and what of it is damaged."""
        return f"{self.inspector.ident}:{self.path}{self.inside}"

    def target(self, data: bytes) -> dict[str, bytes]:
        """The target's files with `data` in the seed's place."""
        return {**self.beside, self.path: self.pack(data)}


def _repository(path: str, data: bytes, **beside: bytes) -> Seed:
    others = {name.replace("__", "."): content for name, content in beside.items()}
    kinds = (structured.text,) if path.endswith(".json") else ()
    return Seed(path, data, HuggingFaceInspector, {"config.json": CONFIG, **others}, kinds=kinds)


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
    _repository("tekken.json", TEKKEN),
    _repository("tokenizer_config.json", TOKENIZER_CONFIG, vocab__txt=b"a\nb\n"),
    _repository("model_index.json", b'{"_class_name": "P", "unet": ["diffusers", "U"], "vae": [null, null]}'),
    _repository(
        "adapter_config.json", b'{"peft_type": "LORA", "base_model_name_or_path": "org/parent", "r": 8}'
    ),
    _repository("weights.safetensors", pointer(1_000)),
    _repository("qwen.tiktoken", words.tiktoken([b"a", b"b", b"ab"])),
    _repository("pytorch_model.bin", samples.SAMPLES["model.pt"]),
    _repository("flax_model.msgpack", samples.SAMPLES["flax_model.msgpack"]),
]
_TENSORS = safetensors(
    {"model.layers.0.mlp.up_proj.weight": ("F32", (2, 3)), "lm_head.weight": ("F4", (4, 2))},
    metadata={"format": "pt"},
    data=False,
)
_INSIDE = [
    Seed(
        "model.safetensors",
        _TENSORS[8:],
        HuggingFaceInspector,
        {"config.json": CONFIG},
        pack=lambda data: len(data).to_bytes(8, "little") + data + bytes(28),
        kinds=(structured.text,),
        inside="/header",
    ),
    Seed(
        "model.pt",
        pickles.state_dict(samples.TABLE),
        ArchiveInspector,
        pack=lambda data: pickles.torch_zip(data, {"0": bytes(400), "1": bytes(8), "2": bytes(8)}),
        inside="/data.pkl",
    ),
    Seed(
        "model.keras",
        json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda"}]}}).encode(),
        ArchiveInspector,
        pack=lambda data: pickles.archive({"config.json": data, "model.weights.h5": b""}, deflated=True),
        kinds=(structured.text,),
        inside="/config.json",
    ),
    Seed(
        "model.keras",
        hdf5.weights(),
        ArchiveInspector,
        pack=lambda data: pickles.archive({"config.json": b"{}", "model.weights.h5": data}),
        inside="/weights",
    ),
]
_GRAPHS = [
    Seed("model.onnx", data, OnnxInspector, kinds=(structured.protobuf,), inside=inside)
    for inside, data in (
        ("", graphs.encoder()),
        ("/quantised", graphs.genai_decoder()),
        ("/two inputs", graphs.two_towers()),
    )
]
_METADATA: dict[str, gguf.Given] = {
    "general.architecture": "llama",
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.tokens": gguf.array(gguf.ValueType.STRING, ["a", "b", "ab"]),
}
_GGUF = [
    Seed(
        "model.gguf", gguf.gguf(_METADATA, gguf.decoder(layers=1, width=32, vocabulary=4)[:3]), GgufInspector
    ),
    Seed(
        "old.gguf",
        gguf.gguf(_METADATA, gguf.decoder(layers=1, width=32, vocabulary=4)[:3], version=2, big_endian=True),
        GgufInspector,
    ),
]
_ARCHIVES = [
    Seed(
        name,
        data,
        ArchiveInspector,
        samples.BESIDE.get(name, {}),
        kinds=(structured.protobuf,) if name.endswith((".pb", ".mlmodel")) else (),
    )
    for name, data in samples.SAMPLES.items()
]
SEEDS: dict[str, Seed] = {seed.name: seed for seed in (*_REPOSITORY, *_INSIDE, *_GRAPHS, *_GGUF, *_ARCHIVES)}
"""By name."""
