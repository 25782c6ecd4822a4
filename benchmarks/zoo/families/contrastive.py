"""CLIP and SigLIP: an image encoder and a text encoder that agree on captions."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from benchmarks.zoo.data import SIDE
from benchmarks.zoo.families.common import Config, attend, heads, initialise

_PATCH = 4


def clip_config(*, vocab_size: int = 512, layers: int = 4) -> Config:
    """config.json of a small CLIP."""
    return _config("clip", "CLIPModel", vocab_size, layers) | {"projection_dim": 128}


def siglip_config(*, vocab_size: int = 512, layers: int = 4) -> Config:
    """config.json of a small SigLIP."""
    return _config("siglip", "SiglipModel", vocab_size, layers)


def _config(name: str, architecture: str, vocab_size: int, layers: int) -> Config:
    both = {"hidden_size": 128, "intermediate_size": 384, "num_attention_heads": 4, "hidden_act": "gelu"}
    text = {"vocab_size": vocab_size, "max_position_embeddings": 24, "num_hidden_layers": 2}
    vision = {"image_size": SIDE, "patch_size": _PATCH, "num_channels": 3, "num_hidden_layers": layers}
    return {
        "model_type": name,
        "architectures": [architecture],
        "text_config": both | text | {"model_type": f"{name}_text_model"},
        "vision_config": both | vision | {"model_type": f"{name}_vision_model"},
        "torch_dtype": "float32",
    }


class _Attention(nn.Module):
    def __init__(self, width: int, count: int) -> None:
        super().__init__()
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))
        self.count = count

    def forward(self, x: Tensor, *, causal: bool) -> Tensor:
        q, k, v = (heads(p(x), self.count) for p in (self.q_proj, self.k_proj, self.v_proj))
        return self.out_proj(attend(q, k, v, causal=causal))


class _MLP(nn.Module):
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class _Layer(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.self_attn = _Attention(width, config["num_attention_heads"])
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = _MLP(width, config["intermediate_size"])

    def forward(self, x: Tensor, *, causal: bool) -> Tensor:
        x = x + self.self_attn(self.layer_norm1(x), causal=causal)
        return x + self.mlp(self.layer_norm2(x))


class _Encoder(nn.Module):
    def __init__(self, config: Config, *, causal: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config["num_hidden_layers"]))
        self.causal = causal

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, causal=self.causal)
        return x


class _TextEmbeddings(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.position_embedding = nn.Embedding(config["max_position_embeddings"], config["hidden_size"])

    def forward(self, ids: Tensor) -> Tensor:
        return self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]


class _Text(nn.Module):
    """`head` projects in SigLIP; CLIP does so outside."""

    def __init__(self, config: Config, *, siglip: bool) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.embeddings = _TextEmbeddings(config)
        self.encoder = _Encoder(config, causal=not siglip)
        self.final_layer_norm = nn.LayerNorm(width)
        if siglip:
            self.head = nn.Linear(width, width)

    def forward(self, ids: Tensor) -> Tensor:
        last = self.final_layer_norm(self.encoder(self.embeddings(ids))).mean(1)
        return self.head(last) if hasattr(self, "head") else last


class _VisionEmbeddings(nn.Module):
    def __init__(self, config: Config, *, siglip: bool) -> None:
        super().__init__()
        width, patch = config["hidden_size"], config["patch_size"]
        places = (config["image_size"] // patch) ** 2
        self.patch_embedding = nn.Conv2d(config["num_channels"], width, patch, stride=patch, bias=siglip)
        self.position_embedding = nn.Embedding(places + (not siglip), width)
        if not siglip:
            self.class_embedding = nn.Parameter(torch.randn(width) * 0.02)

    def forward(self, images: Tensor) -> Tensor:
        x = self.patch_embedding(images).flatten(2).transpose(1, 2)
        if hasattr(self, "class_embedding"):
            x = torch.cat((self.class_embedding.expand(len(x), 1, -1), x), 1)
        return x + self.position_embedding.weight


class _Pooling(nn.Module):
    """SigLIP's attention of one learnt query over the patches."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.probe = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.attention = nn.MultiheadAttention(width, config["num_attention_heads"], batch_first=True)
        self.layernorm = nn.LayerNorm(width)
        self.mlp = _MLP(width, config["intermediate_size"])

    def forward(self, x: Tensor) -> Tensor:
        y = self.attention(self.probe.expand(len(x), -1, -1), x, x, need_weights=False)[0]
        return (y + self.mlp(self.layernorm(y)))[:, 0]


class Vision(nn.Module):
    """The image encoder; called, it gives its states, (batch, places, width)."""

    def __init__(self, config: Config, *, siglip: bool) -> None:
        super().__init__()
        width = config["hidden_size"]
        self.embeddings = _VisionEmbeddings(config, siglip=siglip)
        if not siglip:
            self.pre_layrnorm = nn.LayerNorm(width)
        self.encoder = _Encoder(config, causal=False)
        self.post_layernorm = nn.LayerNorm(width)
        if siglip:
            self.head = _Pooling(config)

    def forward(self, images: Tensor) -> Tensor:
        x = self.embeddings(images)
        return self.encoder(self.pre_layrnorm(x) if hasattr(self, "pre_layrnorm") else x)

    def pooled(self, images: Tensor) -> Tensor:
        """One vector an image."""
        x = self.post_layernorm(self(images))
        return self.head(x) if hasattr(self, "head") else x[:, 0]


class Contrastive(nn.Module):
    """CLIPModel or SiglipModel."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.siglip = config["model_type"] == "siglip"
        self.text_model = _Text(config["text_config"], siglip=self.siglip)
        self.vision_model = Vision(config["vision_config"], siglip=self.siglip)
        width = config["text_config"]["hidden_size"]
        self.logit_scale = nn.Parameter(torch.tensor([math.log(10.0)] if self.siglip else math.log(1 / 0.07)))
        if self.siglip:
            self.logit_bias = nn.Parameter(torch.tensor([-4.0]))
        else:
            self.visual_projection = nn.Linear(width, config["projection_dim"], bias=False)
            self.text_projection = nn.Linear(width, config["projection_dim"], bias=False)
        initialise(self, 0.02)

    def loss(self, images: Tensor, ids: Tensor) -> Tensor:
        seen, read = self.vision_model.pooled(images), self.text_model(ids)
        if not self.siglip:
            seen, read = self.visual_projection(seen), self.text_projection(read)
        logits = F.normalize(seen, dim=-1) @ F.normalize(read, dim=-1).T * self.logit_scale.exp()
        own = torch.arange(len(logits))
        if self.siglip:
            return -F.logsigmoid((2 * torch.eye(len(own)) - 1) * (logits + self.logit_bias)).sum(1).mean()
        return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
