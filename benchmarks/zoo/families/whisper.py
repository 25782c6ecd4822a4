"""Whisper: an encoder of mel features with sinusoidal positions, and a decoder of its transcript."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.data import FRAMES, MELS
from benchmarks.zoo.families.common import Config, attend, heads, initialise, token_loss


def whisper_config(*, vocab_size: int = 512, layers: int = 4, inner: int = 512) -> Config:
    """config.json of a small Whisper."""
    return {
        "model_type": "whisper",
        "architectures": ["WhisperForConditionalGeneration"],
        "d_model": 128,
        "encoder_layers": layers,
        "encoder_attention_heads": 4,
        "encoder_ffn_dim": inner,
        "decoder_layers": 2,
        "decoder_attention_heads": 4,
        "decoder_ffn_dim": inner,
        "num_mel_bins": MELS,
        "max_source_positions": FRAMES // 2,
        "max_target_positions": 64,
        "vocab_size": vocab_size,
        "activation_function": "gelu",
        "init_std": 0.02,
        "torch_dtype": "float16",
    }


def sinusoids(length: int, width: int) -> Tensor:
    """Fixed positions, as Whisper's encoder stores them."""
    step = math.log(10_000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))
    return torch.cat((angles.sin(), angles.cos()), 1)


class _Attention(nn.Module):
    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj, self.q_proj, self.out_proj = (nn.Linear(width, width) for _ in range(3))
        self.count = count

    def forward(self, x: Tensor, memory: Tensor, *, causal: bool = False) -> Tensor:
        q, k, v = (
            heads(p(y), self.count)
            for p, y in ((self.q_proj, x), (self.k_proj, memory), (self.v_proj, memory))
        )
        return self.out_proj(attend(q, k, v, causal=causal))


class _Layer(nn.Module):
    def __init__(self, width: int, count: int, inner: int, *, crossed: bool) -> None:
        super().__init__()
        self.self_attn = _Attention(width, count)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        if crossed:
            self.encoder_attn = _Attention(width, count)
            self.encoder_attn_layer_norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, inner)
        self.fc2 = nn.Linear(inner, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        y = self.self_attn_layer_norm(x)
        x = x + self.self_attn(y, y, causal=memory is not None)
        if memory is not None:
            x = x + self.encoder_attn(self.encoder_attn_layer_norm(x), memory)
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))


class WhisperEncoder(nn.Module):
    """Two convolutions, fixed positions, layers."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config["d_model"]
        self.conv1 = nn.Conv1d(config["num_mel_bins"], width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(config["max_source_positions"], width)
        self.layers = nn.ModuleList(
            _Layer(width, config["encoder_attention_heads"], config["encoder_ffn_dim"], crossed=False)
            for _ in range(config["encoder_layers"])
        )
        self.layer_norm = nn.LayerNorm(width)

    def fix_positions(self) -> None:
        """Sets the table that is never trained."""
        table = self.embed_positions.weight
        table.requires_grad_(requires_grad=False).copy_(sinusoids(*table.shape))

    def forward(self, features: Tensor) -> Tensor:
        x = F.gelu(self.conv2(F.gelu(self.conv1(features)))).transpose(1, 2) + self.embed_positions.weight
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)


class _Decoder(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config["d_model"]
        self.embed_tokens = nn.Embedding(config["vocab_size"], width)
        self.embed_positions = nn.Embedding(config["max_target_positions"], width)
        self.layers = nn.ModuleList(
            _Layer(width, config["decoder_attention_heads"], config["decoder_ffn_dim"], crossed=True)
            for _ in range(config["decoder_layers"])
        )
        self.layer_norm = nn.LayerNorm(width)

    def forward(self, ids: Tensor, memory: Tensor) -> Tensor:
        x = self.embed_tokens(ids) + self.embed_positions.weight[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x, memory)
        return self.layer_norm(x)


class _Model(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.encoder = WhisperEncoder(config)
        self.decoder = _Decoder(config)


class Whisper(nn.Module):
    """WhisperForConditionalGeneration; the head is the token embedding."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.model = _Model(config)
        initialise(self, config["init_std"])
        with torch.no_grad():
            self.model.encoder.fix_positions()

    def forward(self, features: Tensor, ids: Tensor) -> Tensor:
        hidden = self.model.decoder(ids, self.model.encoder(features))
        return hidden @ self.model.decoder.embed_tokens.weight.T

    def loss(self, features: Tensor, ids: Tensor) -> Tensor:
        return token_loss(self(features, ids[:, :-1]), ids[:, 1:])
