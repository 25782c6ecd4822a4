"""The families of the zoo: a configuration, a module named as the family names its tensors, and batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.zoo.data import SIDE, Source, audio_batch, image_batch, text_batch
from benchmarks.zoo.families import bert, composed, contrastive, llama, mixture, qwen_vl, unet, whisper
from benchmarks.zoo.families.common import Config

Batch = tuple[Tensor, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """How models of one family are set up, trained and stored."""

    name: str
    configure: Callable[..., Config]
    module: Callable[[Config], nn.Module]
    batch: Callable[[Source, np.random.Generator], Batch]
    stack: str = "model.layers."
    """What stands before a layer's number in the names of its tensors."""
    depth: str = "num_hidden_layers"
    """The configuration's name for the number of those layers."""
    dtype: str = "F32"
    """Element type on disk."""
    rate: float = 5e-3
    """Learning rate of the first training."""
    path: str = "model.safetensors"
    index: Mapping[str, Any] | None = None
    """model_index.json of a pipeline that the model is a part of."""


def _text(source: Source, draw: np.random.Generator) -> Batch:
    return (text_batch(source, draw),)


def _masked(source: Source, draw: np.random.Generator) -> Batch:
    ids = text_batch(source, draw, length=24)
    return ids, torch.from_numpy(draw.random(ids.shape))


def _seen(source: Source, draw: np.random.Generator) -> Batch:
    return image_batch(source, draw)


def _drawn(source: Source, draw: np.random.Generator) -> Batch:
    images, ids = image_batch(source, draw, rows=4)
    noise = draw.normal(0, 1, (len(images), 3, SIDE // 2, SIDE // 2)).astype(np.float32)
    return images, ids, torch.from_numpy(draw.random(len(images), np.float32)), torch.from_numpy(noise)


_TEXT_TO_IMAGE = {
    "_class_name": "StableDiffusionPipeline",
    "_diffusers_version": "0.30.0",
    "unet": ["diffusers", "UNet2DConditionModel"],
}
_VISION, _BLOCKS = "vision_model.encoder.layers.", "visual.blocks."

FAMILIES = {
    family.name: family
    for family in (
        Family("llama", llama.llama_config, llama.llama, _text, dtype="BF16"),
        Family("mixtral", llama.llama_config, llama.mixtral, _text, dtype="BF16"),
        Family("deepseek", mixture.deepseek_config, mixture.deepseek, _text, dtype="BF16"),
        Family("glm", mixture.glm_config, mixture.glm, _text, dtype="BF16"),
        Family("bert", bert.bert_config, bert.Bert, _masked, "bert.encoder.layer.", rate=2e-3),
        Family(
            "whisper", whisper.whisper_config, whisper.Whisper, audio_batch,
            "model.encoder.layers.", "encoder_layers", dtype="F16", rate=4e-3,
        ),
        Family("qwen-vl", qwen_vl.qwen_vl_config, qwen_vl.QwenVL, _seen, _BLOCKS, dtype="BF16", rate=4e-3),
        Family("clip", contrastive.clip_config, contrastive.Contrastive, _seen, _VISION, rate=3e-3),
        Family("siglip", contrastive.siglip_config, contrastive.Contrastive, _seen, _VISION, rate=3e-3),
        Family(
            "unet", unet.unet_config, unet.UNet, _drawn, "down_blocks.", dtype="F16", rate=3e-3,
            path="unet/diffusion_pytorch_model.safetensors", index=_TEXT_TO_IMAGE,
        ),
        Family("llava", composed.llava_config, composed.llava, _seen, dtype="BF16", rate=3e-3),
        Family("audio", composed.audio_config, composed.audio, audio_batch, dtype="BF16", rate=3e-3),
        Family("vlm", composed.vlm_config, composed.vlm, _seen, dtype="BF16", rate=3e-3),
    )
}  # fmt: skip
