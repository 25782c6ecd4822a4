"""Qwen2.5-VL: a vision transformer whose patches are merged by a projector, before a decoder."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.families.common import (
    Attention,
    Config,
    Decoder,
    DecoderLayer,
    GatedMLP,
    RMSNorm,
    attend,
    heads,
    initialise,
    rotate,
    token_loss,
)


def qwen_vl_config(*, vocab_size: int = 512, layers: int = 3, depth: int = 4) -> Config:
    """config.json of a small Qwen2.5-VL."""
    return {
        "model_type": "qwen2_5_vl",
        "architectures": ["Qwen2_5_VLForConditionalGeneration"],
        "hidden_size": 128,
        "intermediate_size": 256,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "attention_bias": True,
        "vocab_size": vocab_size,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "vision_config": {
            "model_type": "qwen2_5_vl",
            "depth": depth,
            "hidden_size": 128,
            "intermediate_size": 256,
            "num_heads": 4,
            "in_channels": 3,
            "patch_size": 8,
            "temporal_patch_size": 2,
            "spatial_merge_size": 2,
            "out_hidden_size": 128,
            "hidden_act": "silu",
        },
    }


class _BiasedMLP(GatedMLP):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__(width, inner)
        self.gate_proj, self.up_proj = nn.Linear(width, inner), nn.Linear(width, inner)
        self.down_proj = nn.Linear(inner, width)


class _FusedAttention(nn.Module):
    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.count = count

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (heads(part, self.count) for part in self.qkv(x).chunk(3, -1))
        return self.proj(attend(rotate(q), rotate(k), v, causal=False))


class _Block(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.norm1, self.norm2 = RMSNorm(width), RMSNorm(width)
        self.attn = _FusedAttention(width, config["num_heads"])
        self.mlp = _BiasedMLP(width, config["intermediate_size"])

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class _PatchEmbed(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        size = (config["temporal_patch_size"], config["patch_size"], config["patch_size"])
        self.proj = nn.Conv3d(config["in_channels"], config["hidden_size"], size, stride=size, bias=False)

    def forward(self, images: Tensor) -> Tensor:
        """A still image is two equal frames."""
        return self.proj(images[:, :, None].expand(-1, -1, 2, -1, -1))[:, :, 0]


class _Merger(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.ln_q = RMSNorm(config["hidden_size"])
        four = config["hidden_size"] * config["spatial_merge_size"] ** 2
        self.mlp = nn.Sequential(nn.Linear(four, four), nn.GELU(), nn.Linear(four, config["out_hidden_size"]))

    def forward(self, x: Tensor, side: int) -> Tensor:
        grid = self.ln_q(x).unflatten(1, (side // 2, 2, side // 2, 2))
        return self.mlp(grid.transpose(2, 3).flatten(3, 5).flatten(1, 2))


class QwenVision(nn.Module):
    """The vision transformer with its projector."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.patch_embed = _PatchEmbed(config)
        self.blocks = nn.ModuleList(_Block(config) for _ in range(config["depth"]))
        self.merger = _Merger(config)

    def forward(self, images: Tensor) -> Tensor:
        grid = self.patch_embed(images)
        x = grid.flatten(2).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return self.merger(x, grid.shape[-1])


class QwenVL(nn.Module):
    """Qwen2_5_VLForConditionalGeneration: captions images."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.visual = QwenVision(config["vision_config"])
        width, inner = config["hidden_size"], config["intermediate_size"]
        layers: list[nn.Module] = [
            DecoderLayer(width, Attention(config), GatedMLP(width, inner))
            for _ in range(config["num_hidden_layers"])
        ]
        self.model = Decoder(config, layers)
        self.lm_head = nn.Linear(width, config["vocab_size"], bias=False)
        initialise(self, config["initializer_range"])

    def loss(self, images: Tensor, ids: Tensor) -> Tensor:
        return caption_loss(self.visual(images), self.model, self.lm_head, ids)


def caption_loss(seen: Tensor, decoder: Decoder, head: nn.Module, ids: Tensor) -> Tensor:
    """Loss of the tokens that follow what was seen or heard, (batch, places, width)."""
    hidden = decoder(torch.cat((seen, decoder.embed_tokens(ids[:, :-1])), 1))
    return token_loss(head(hidden[:, seen.shape[1] :]), ids[:, 1:])


class Projector(nn.Module):
    """Two linear layers between an encoder and a decoder, as in LLaVA."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(inputs, outputs), nn.Linear(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(F.gelu(self.linear_1(x)))
