"""What the small files of the seeds hold."""

from __future__ import annotations

import io
import json

import numpy as np

from tests.builders import gguf
from tests.builders import onnx as build
from tests.builders import tokenizer as words

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
VOCABULARY = {"a": 0, "b": 1, "ab": 2, "abc": 3, "c": 4}
PIECES = words.sentencepiece([("<unk>", 2), ("a", 1), ("<0x00>", 6)])
GENAI = json.dumps(
    {
        "model": {
            "type": "llama",
            "context_length": 64,
            "decoder": {
                "filename": "model.onnx",
                "head_size": 8,
                "num_hidden_layers": 1,
                "inputs": {"input_ids": "input_ids"},
                "pipeline": [{"first": {"filename": "model.onnx", "inputs": ["input_ids"]}}],
            },
        },
        "search": {"max_length": 64},
    }
).encode()
PREPROCESSOR = json.dumps(
    {
        "image_processor_type": "XImageProcessor",
        "size": {"height": 224, "width": 224},
        "image_mean": [0.5, 0.5, 0.5],
        "auto_map": {"AutoImageProcessor": "processing_x.XImageProcessor"},
    }
).encode()
LICENCE = b"""MIT License

Copyright (c) 2024 The Example Authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.
"""
NOTICES = b"""Example Model
Copyright 2024-2025 Example, Inc. and contributors

This product includes software of Other Labs (https://other.example).
 * (c) 2023 A. Person and B. Person
"""


def npy() -> bytes:
    """A small array."""
    out = io.BytesIO()
    np.save(out, np.zeros((3, 4), "f4"))
    return out.getvalue()


def external_graph() -> bytes:
    """A graph whose only weight lies in `model.onnx.data`."""
    body = build.graph(
        [build.node("Gather", ["embed.weight", "input_ids"], ["logits"], "/embed/Gather")],
        inputs={"input_ids": ("INT64", ["batch", "sequence"])},
        outputs={"logits": ("FLOAT", ["batch", 8])},
        initialisers=[build.external("embed.weight", (4, 8), "model.onnx.data", length=128)],
    )
    return build.model(body, producer_name="pytorch", producer_version="2.4.0")


def metadata() -> dict[str, gguf.Given]:
    """The metadata of a small GGUF model with its tokenizer."""
    return {
        "general.architecture": "llama",
        "general.base_model.count": 1,
        "general.base_model.0.repo_url": "https://huggingface.co/org/parent",
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": gguf.array(gguf.ValueType.STRING, ["a", "b", "ab"]),
        "tokenizer.ggml.merges": gguf.array(gguf.ValueType.STRING, ["a b"]),
        "tokenizer.ggml.scores": gguf.array(gguf.ValueType.FLOAT32, [0.0, -1.0, -2.0]),
        "tokenizer.chat_template": "{% if tools %}<think>{% endif %}",
    }
