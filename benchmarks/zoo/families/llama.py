"""Llama, and Mixtral: the same decoder with experts in place of the feed-forward block."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.zoo.families.common import Attention, CausalModel, Config, DecoderLayer, GatedMLP


def llama_config(
    *, vocab_size: int = 512, layers: int = 6, inner: int = 384, heads: int = 4, width: int = 128
) -> Config:
    """config.json of a small Llama."""
    return {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": heads // 2,
        "head_dim": width // heads,
        "vocab_size": vocab_size,
        "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
    }


def llama(config: Config) -> nn.Module:
    """LlamaForCausalLM."""
    width, inner = config["hidden_size"], config["intermediate_size"]
    layers = [
        DecoderLayer(width, Attention(config), GatedMLP(width, inner))
        for _ in range(config["num_hidden_layers"])
    ]
    return CausalModel(config, layers)


def mixtral(config: Config) -> nn.Module:
    """MixtralForCausalLM."""
    layers = [
        DecoderLayer(config["hidden_size"], Attention(config), _Block(config), "block_sparse_moe")
        for _ in range(config["num_hidden_layers"])
    ]
    return CausalModel(config, layers)


class _Expert(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.w1 = nn.Linear(width, inner, bias=False)
        self.w2 = nn.Linear(inner, width, bias=False)
        self.w3 = nn.Linear(width, inner, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.w2(nn.functional.silu(self.w1(x)) * self.w3(x))


class _Block(nn.Module):
    """Every expert is computed, and weighted by the router: right, if wasteful, at this size."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        width, self.chosen = config["hidden_size"], config["num_experts_per_tok"]
        self.gate = nn.Linear(width, config["num_local_experts"], bias=False)
        self.experts = nn.ModuleList(
            _Expert(width, config["intermediate_size"]) for _ in range(config["num_local_experts"])
        )

    def forward(self, x: Tensor) -> Tensor:
        scores = self.gate(x).softmax(-1)
        best = scores.topk(self.chosen, -1)
        shares = torch.zeros_like(scores).scatter(-1, best.indices, best.values)
        shares = shares / shares.sum(-1, keepdim=True)
        return sum(expert(x) * shares[..., n, None] for n, expert in enumerate(self.experts))
