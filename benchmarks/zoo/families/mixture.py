"""Mixtures with shared experts: DeepSeek-V3 with latent attention, and GLM-4-MoE with grouped queries."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.zoo.families.common import (
    Attention,
    CausalModel,
    Config,
    DecoderLayer,
    GatedMLP,
    RMSNorm,
    attend,
    heads,
    rotate,
)


def _sizes(vocab_size: int, layers: int) -> Config:
    return {
        "hidden_size": 128,
        "intermediate_size": 384,
        "moe_intermediate_size": 64,
        "n_routed_experts": 8,
        "n_shared_experts": 1,
        "num_experts_per_tok": 3,
        "first_k_dense_replace": 1,
        "norm_topk_prob": True,
        "routed_scaling_factor": 1.0,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "vocab_size": vocab_size,
        "max_position_embeddings": 128,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
    }


def deepseek_config(*, vocab_size: int = 512, layers: int = 6) -> Config:
    """config.json of a small DeepSeek-V3."""
    return _sizes(vocab_size, layers) | {
        "model_type": "deepseek_v3",
        "architectures": ["DeepseekV3ForCausalLM"],
        "num_key_value_heads": 4,
        "q_lora_rank": 64,
        "kv_lora_rank": 48,
        "qk_nope_head_dim": 24,
        "qk_rope_head_dim": 16,
        "v_head_dim": 32,
    }


def glm_config(*, vocab_size: int = 512, layers: int = 6) -> Config:
    """config.json of a small GLM-4-MoE."""
    return _sizes(vocab_size, layers) | {
        "model_type": "glm4_moe",
        "architectures": ["Glm4MoeForCausalLM"],
        "num_key_value_heads": 2,
        "head_dim": 32,
        "attention_bias": True,
        "partial_rotary_factor": 0.5,
        "use_qk_norm": False,
    }


def deepseek(config: Config) -> nn.Module:
    """DeepseekV3ForCausalLM."""
    return _model(config, LatentAttention)


def glm(config: Config) -> nn.Module:
    """Glm4MoeForCausalLM."""
    return _model(config, Attention)


def _model(config: Config, attention: type[nn.Module]) -> nn.Module:
    width = config["hidden_size"]
    layers: list[nn.Module] = []
    for number in range(config["num_hidden_layers"]):
        dense = number < config["first_k_dense_replace"]
        block = GatedMLP(width, config["intermediate_size"]) if dense else _Mixture(config)
        layers.append(DecoderLayer(width, attention(config), block))
    return CausalModel(config, layers)


class LatentAttention(nn.Module):
    """Queries, and keys with values, each through a narrow latent; positions on a part that heads share."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        width, self.count = config["hidden_size"], config["num_attention_heads"]
        self.plain, self.turned = config["qk_nope_head_dim"], config["qk_rope_head_dim"]
        self.values, self.latent = config["v_head_dim"], config["kv_lora_rank"]
        self.q_a_proj = nn.Linear(width, config["q_lora_rank"], bias=False)
        self.q_a_layernorm = RMSNorm(config["q_lora_rank"])
        self.q_b_proj = nn.Linear(config["q_lora_rank"], self.count * (self.plain + self.turned), bias=False)
        self.kv_a_proj_with_mqa = nn.Linear(width, self.latent + self.turned, bias=False)
        self.kv_a_layernorm = RMSNorm(self.latent)
        self.kv_b_proj = nn.Linear(self.latent, self.count * (self.plain + self.values), bias=False)
        self.o_proj = nn.Linear(self.count * self.values, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        q = heads(self.q_b_proj(self.q_a_layernorm(self.q_a_proj(x))), self.count)
        q = torch.cat((q[..., : self.plain], rotate(q[..., self.plain :])), -1)
        latent, shared = self.kv_a_proj_with_mqa(x).split((self.latent, self.turned), -1)
        both = heads(self.kv_b_proj(self.kv_a_layernorm(latent)), self.count)
        k, v = both.split((self.plain, self.values), -1)
        turned = rotate(shared[:, None]).expand(-1, self.count, -1, -1)
        return self.o_proj(attend(q, torch.cat((k, turned), -1), v, causal=True))


class _Router(nn.Module):
    def __init__(self, width: int, experts: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(experts, width) * 0.02)
        self.register_buffer("e_score_correction_bias", torch.zeros(experts))

    def forward(self, x: Tensor) -> Tensor:
        return (x @ self.weight.T).sigmoid()


class _Mixture(nn.Module):
    """Every expert is computed, and weighted by the router: right, if wasteful, at this size."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        width, inner, self.chosen = (
            config[key] for key in ("hidden_size", "moe_intermediate_size", "num_experts_per_tok")
        )
        self.gate = _Router(width, config["n_routed_experts"])
        self.experts = nn.ModuleList(GatedMLP(width, inner) for _ in range(config["n_routed_experts"]))
        self.shared_experts = GatedMLP(width, inner * config["n_shared_experts"])

    def forward(self, x: Tensor) -> Tensor:
        scores = self.gate(x)
        best = (scores + self.gate.e_score_correction_bias).topk(self.chosen, -1).indices
        shares = torch.zeros_like(scores).scatter(-1, best, scores.gather(-1, best))
        shares = shares / shares.sum(-1, keepdim=True)
        routed = sum(expert(x) * shares[..., n, None] for n, expert in enumerate(self.experts))
        return self.shared_experts(x) + routed
