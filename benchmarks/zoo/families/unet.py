"""A latent-diffusion U-Net with cross-attention, named as diffusers names it."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.families.common import Config, attend, heads

_GROUPS = 16


def unet_config(*, vocab_size: int = 512) -> Config:
    """config.json of a small UNet2DConditionModel; the vocabulary is that of the captions."""
    return {
        "_class_name": "UNet2DConditionModel",
        "_diffusers_version": "0.30.0",
        "sample_size": 16,
        "in_channels": 3,
        "out_channels": 3,
        "block_out_channels": [32, 128],
        "layers_per_block": 1,
        "attention_head_dim": 4,
        "cross_attention_dim": 64,
        "norm_num_groups": _GROUPS,
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
        "vocab_size": vocab_size,
    }


class _Time(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(inputs, outputs), nn.Linear(outputs, outputs)
        self.inputs = inputs

    def forward(self, time: Tensor) -> Tensor:
        half = self.inputs // 2
        angles = time[:, None] * torch.exp(-math.log(10_000) * torch.arange(half) / half)
        return self.linear_2(F.silu(self.linear_1(torch.cat((angles.cos(), angles.sin()), 1))))


class _Resnet(nn.Module):
    def __init__(self, inputs: int, outputs: int, time: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(_GROUPS, inputs), nn.GroupNorm(_GROUPS, outputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        if inputs != outputs:
            self.conv_shortcut = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        y = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(F.silu(time))[:, :, None, None]
        y = self.conv2(F.silu(self.norm2(y)))
        return y + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


class _Attention(nn.Module):
    def __init__(self, width: int, memory: int, count: int) -> None:
        super().__init__()
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k, self.to_v = nn.Linear(memory, width, bias=False), nn.Linear(memory, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])
        self.count = count

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        q, k, v = (heads(y, self.count) for y in (self.to_q(x), self.to_k(memory), self.to_v(memory)))
        return self.to_out[0](attend(q, k, v, causal=False))


class _GEGLU(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner)

    def forward(self, x: Tensor) -> Tensor:
        x, gate = self.proj(x).chunk(2, -1)
        return x * F.gelu(gate)


class _FeedForward(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(_GEGLU(width, 2 * width), nn.Identity(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class _Block(nn.Module):
    def __init__(self, width: int, memory: int, count: int) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attn1, self.attn2 = _Attention(width, width, count), _Attention(width, memory, count)
        self.ff = _FeedForward(width)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        y = self.norm1(x)
        x = x + self.attn1(y, y)
        x = x + self.attn2(self.norm2(x), memory)
        return x + self.ff(self.norm3(x))


class _Transformer(nn.Module):
    def __init__(self, width: int, memory: int, count: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(_GROUPS, width)
        self.proj_in, self.proj_out = nn.Conv2d(width, width, 1), nn.Conv2d(width, width, 1)
        self.transformer_blocks = nn.ModuleList([_Block(width, memory, count)])

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        y = self.proj_in(self.norm(x))
        places = self.transformer_blocks[0](y.flatten(2).transpose(1, 2), memory)
        return x + self.proj_out(places.transpose(1, 2).view_as(y))


class _Resampler(nn.Module):
    def __init__(self, width: int, *, up: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride=1 if up else 2, padding=1)
        self.up = up

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0) if self.up else x)


class _Stage(nn.Module):
    """Resnets, each with attention behind it if `crossed`, and a change of size behind them."""

    def __init__(
        self, sizes: list[tuple[int, int]], config: Config, *, crossed: bool, resampled: str = ""
    ) -> None:
        super().__init__()
        time, memory, count = 4 * config["block_out_channels"][0], config["cross_attention_dim"], 4
        self.resnets = nn.ModuleList(_Resnet(inputs, outputs, time) for inputs, outputs in sizes)
        if crossed:
            self.attentions = nn.ModuleList(_Transformer(outputs, memory, count) for _, outputs in sizes)
        if resampled:
            self.add_module(
                f"{resampled}samplers", nn.ModuleList([_Resampler(sizes[-1][1], up=resampled == "up")])
            )

    def one(self, number: int, x: Tensor, time: Tensor, memory: Tensor) -> Tensor:
        """The resnet of this number and its attention."""
        x = self.resnets[number](x, time)
        return self.attentions[number](x, memory) if hasattr(self, "attentions") else x


class _Middle(_Stage):
    def __init__(self, width: int, config: Config) -> None:
        super().__init__([(width, width), (width, width)], config, crossed=False)
        self.attentions = nn.ModuleList([_Transformer(width, config["cross_attention_dim"], 4)])

    def forward(self, x: Tensor, time: Tensor, memory: Tensor) -> Tensor:
        return self.resnets[1](self.attentions[0](self.resnets[0](x, time), memory), time)


class UNet(nn.Module):
    """UNet2DConditionModel of two levels; it learns the noise in an image, given a caption.

    The captions' states are a fixed table, which stands for a frozen text encoder and is not stored.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        low, high = config["block_out_channels"]
        self.conv_in = nn.Conv2d(config["in_channels"], low, 3, padding=1)
        self.time_embedding = _Time(low, 4 * low)
        self.down_blocks = nn.ModuleList(
            [
                _Stage([(low, low)], config, crossed=True, resampled="down"),
                _Stage([(low, high)], config, crossed=False),
            ]
        )
        self.mid_block = _Middle(high, config)
        self.up_blocks = nn.ModuleList(
            [
                _Stage([(2 * high, high), (high + low, high)], config, crossed=False, resampled="up"),
                _Stage([(high + low, low), (2 * low, low)], config, crossed=True),
            ]
        )
        self.conv_norm_out = nn.GroupNorm(_GROUPS, low)
        self.conv_out = nn.Conv2d(low, config["out_channels"], 3, padding=1)
        table = torch.Generator().manual_seed(5)
        self.table = torch.randn(config["vocab_size"], config["cross_attention_dim"], generator=table)

    def forward(self, x: Tensor, time: Tensor, ids: Tensor) -> Tensor:
        memory, clock = self.table[ids], self.time_embedding(time)
        first = self.conv_in(x)
        second = self.down_blocks[0].one(0, first, clock, memory)
        third = self.down_blocks[0].downsamplers[0](second)
        fourth = self.down_blocks[1].one(0, third, clock, memory)
        x = self.mid_block(fourth, clock, memory)
        x = self.up_blocks[0].one(0, torch.cat((x, fourth), 1), clock, memory)
        x = self.up_blocks[0].one(1, torch.cat((x, third), 1), clock, memory)
        x = self.up_blocks[0].upsamplers[0](x)
        x = self.up_blocks[1].one(0, torch.cat((x, second), 1), clock, memory)
        x = self.up_blocks[1].one(1, torch.cat((x, first), 1), clock, memory)
        return self.conv_out(F.silu(self.conv_norm_out(x)))

    def loss(self, images: Tensor, ids: Tensor, time: Tensor, noise: Tensor) -> Tensor:
        """Error of the predicted noise; `time` in 0 to 1, on a cosine schedule."""
        small = F.avg_pool2d(images, 2)
        angle = (time * math.pi / 2)[:, None, None, None]
        return F.mse_loss(self(angle.cos() * small + angle.sin() * noise, 1000 * time, ids), noise)
