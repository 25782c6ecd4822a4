"""BERT with its masked-language-model head."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.data import MASK
from benchmarks.zoo.families.common import Config, attend, heads, initialise

_MASKED = 0.2


def bert_config(*, vocab_size: int = 512, layers: int = 6, inner: int = 512) -> Config:
    """config.json of a small BERT."""
    return {
        "model_type": "bert",
        "architectures": ["BertForMaskedLM"],
        "hidden_size": 128,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "vocab_size": vocab_size,
        "max_position_embeddings": 64,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "initializer_range": 0.02,
        "torch_dtype": "float32",
    }


class _Embeddings(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], width)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], width)
        self.LayerNorm = nn.LayerNorm(width)

    def forward(self, ids: Tensor) -> Tensor:
        places = self.position_embeddings.weight[: ids.shape[1]] + self.token_type_embeddings.weight[0]
        return self.LayerNorm(self.word_embeddings(ids) + places)


class _Self(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))


class _Output(nn.Module):
    def __init__(self, inner: int, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(inner, width)
        self.LayerNorm = nn.LayerNorm(width)

    def forward(self, x: Tensor, residual: Tensor) -> Tensor:
        return self.LayerNorm(self.dense(x) + residual)


class _Attention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.self = _Self(width)
        self.output = _Output(width, width)


class _Intermediate(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, inner)


class _Layer(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width, inner = config["hidden_size"], config["intermediate_size"]
        self.attention = _Attention(width)
        self.intermediate = _Intermediate(width, inner)
        self.output = _Output(inner, width)
        self.count = config["num_attention_heads"]

    def forward(self, x: Tensor) -> Tensor:
        own = self.attention.self
        q, k, v = (heads(p(x), self.count) for p in (own.query, own.key, own.value))
        x = self.attention.output(attend(q, k, v, causal=False), x)
        return self.output(F.gelu(self.intermediate.dense(x)), x)


class _Encoder(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.layer = nn.ModuleList(_Layer(config) for _ in range(config["num_hidden_layers"]))


class _Bert(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.embeddings = _Embeddings(config)
        self.encoder = _Encoder(config)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.embeddings(ids)
        for layer in self.encoder.layer:
            x = layer(x)
        return x


class _Transform(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width)
        self.LayerNorm = nn.LayerNorm(width)


class _Predictions(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.transform = _Transform(config["hidden_size"])
        self.bias = nn.Parameter(torch.zeros(config["vocab_size"]))


class _Head(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.predictions = _Predictions(config)


class Bert(nn.Module):
    """BertForMaskedLM; the decoder is the word embedding."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.bert = _Bert(config)
        self.cls = _Head(config)
        initialise(self, config["initializer_range"])

    def forward(self, ids: Tensor) -> Tensor:
        head = self.cls.predictions
        x = head.transform.LayerNorm(F.gelu(head.transform.dense(self.bert(ids))))
        return x @ self.bert.embeddings.word_embeddings.weight.T + head.bias

    def loss(self, ids: Tensor, noise: Tensor) -> Tensor:
        hidden = noise < _MASKED
        logits = self(ids.masked_fill(hidden, MASK))
        return F.cross_entropy(logits[hidden], ids[hidden])
