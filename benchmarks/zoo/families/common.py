"""Blocks that several families share, named as transformers names them."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.data import PAD

Config = dict[str, Any]


class RMSNorm(nn.Module):
    """Root-mean-square norm with a gain."""

    def __init__(self, width: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


def rotate(x: Tensor, base: float = 10_000.0) -> Tensor:
    """Rotary positions over the last dimension of (batch, heads, length, width), halves paired."""
    half = x.shape[-1] // 2
    frequencies = base ** (-torch.arange(half) / half)
    angles = torch.arange(x.shape[-2])[:, None] * frequencies
    cos, sin = angles.cos(), angles.sin()
    low, high = x[..., :half], x[..., half:]
    return torch.cat((low * cos - high * sin, high * cos + low * sin), -1)


def heads(x: Tensor, count: int) -> Tensor:
    """(batch, length, count * width) → (batch, count, length, width)."""
    return x.unflatten(-1, (count, -1)).transpose(1, 2)


def attend(q: Tensor, k: Tensor, v: Tensor, *, causal: bool) -> Tensor:
    """Attention over heads, joined again; keys and values are repeated over groups of queries."""
    if q.shape[1] != k.shape[1]:
        times = q.shape[1] // k.shape[1]
        k, v = k.repeat_interleave(times, 1), v.repeat_interleave(times, 1)
    return F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).flatten(2)


class Attention(nn.Module):
    """Self-attention of a decoder: grouped queries, rotary positions, optionally on a share of each head."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        width, self.queries = config["hidden_size"], config["num_attention_heads"]
        self.keys, one = config["num_key_value_heads"], config["head_dim"]
        bias = config.get("attention_bias", False)
        self.rotary = int(one * config.get("partial_rotary_factor", 1.0))
        self.q_proj = nn.Linear(width, self.queries * one, bias=bias)
        self.k_proj = nn.Linear(width, self.keys * one, bias=bias)
        self.v_proj = nn.Linear(width, self.keys * one, bias=bias)
        self.o_proj = nn.Linear(self.queries * one, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        q, k = (
            self._turned(heads(p(x), n)) for p, n in ((self.q_proj, self.queries), (self.k_proj, self.keys))
        )
        return self.o_proj(attend(q, k, heads(self.v_proj(x), self.keys), causal=True))

    def _turned(self, x: Tensor) -> Tensor:
        return torch.cat((rotate(x[..., : self.rotary]), x[..., self.rotary :]), -1)


class GatedMLP(nn.Module):
    """down(silu(gate) * up)."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, inner, bias=False)
        self.up_proj = nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    """Pre-norm attention and feed-forward."""

    def __init__(self, width: int, attention: nn.Module, mlp: nn.Module, mlp_name: str = "mlp") -> None:
        super().__init__()
        self.self_attn = attention
        self.add_module(mlp_name, mlp)
        self.input_layernorm = RMSNorm(width)
        self.post_attention_layernorm = RMSNorm(width)
        self.mlp_name = mlp_name

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x))
        return x + getattr(self, self.mlp_name)(self.post_attention_layernorm(x))


class Decoder(nn.Module):
    """Embedding, layers and final norm."""

    def __init__(self, config: Config, layers: list[nn.Module]) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(layers)
        self.norm = RMSNorm(config["hidden_size"])

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


class CausalModel(nn.Module):
    """A decoder with its head; loss is that of the next token."""

    def __init__(self, config: Config, layers: list[nn.Module]) -> None:
        super().__init__()
        self.model = Decoder(config, layers)
        self.lm_head = nn.Linear(config["hidden_size"], config["vocab_size"], bias=False)
        initialise(self, config.get("initializer_range", 0.02))

    def forward(self, ids: Tensor) -> Tensor:
        return self.lm_head(self.model(self.model.embed_tokens(ids)))

    def loss(self, ids: Tensor) -> Tensor:
        return token_loss(self(ids[:, :-1]), ids[:, 1:])


def token_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy over tokens that are not padding."""
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=PAD)


def initialise(model: nn.Module, spread: float) -> None:
    """Normal weights, zero biases, as most families begin."""
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, 0.0, spread)
            if getattr(module, "bias", None) is not None:
                nn.init.zeros_(module.bias)
