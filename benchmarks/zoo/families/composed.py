"""Models put together of an encoder, a projector and a decoder: LLaVA, Qwen2-Audio, HyperCLOVA X Vision."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.zoo.families.common import CausalModel, Config, initialise
from benchmarks.zoo.families.contrastive import Vision, clip_config, siglip_config
from benchmarks.zoo.families.llama import llama, llama_config
from benchmarks.zoo.families.qwen_vl import Projector, QwenVision, caption_loss, qwen_vl_config
from benchmarks.zoo.families.whisper import WhisperEncoder, whisper_config


def llava_config(*, vocab_size: int = 512, encoder: str = "siglip") -> Config:
    """config.json of a small LLaVA over a SigLIP or CLIP encoder."""
    vision = (siglip_config if encoder == "siglip" else clip_config)()["vision_config"]
    return _config("llava", "LlavaForConditionalGeneration", vocab_size) | {"vision_config": vision}


def audio_config(*, vocab_size: int = 512) -> Config:
    """config.json of a small Qwen2-Audio."""
    audio = whisper_config() | {"model_type": "qwen2_audio_encoder"}
    return _config("qwen2_audio", "Qwen2AudioForConditionalGeneration", vocab_size) | {"audio_config": audio}


def vlm_config(*, vocab_size: int = 512) -> Config:
    """config.json of a small HyperCLOVA X Vision, whose encoder is a Qwen2.5-VL's."""
    vision = qwen_vl_config()["vision_config"]
    return _config("hyperclovax_vlm", "HCXVisionForCausalLM", vocab_size) | {"vision_config": vision}


def _config(name: str, architecture: str, vocab_size: int) -> Config:
    return {
        "model_type": name,
        "architectures": [architecture],
        "text_config": llama_config(vocab_size=vocab_size),
        "vocab_size": vocab_size,
        "torch_dtype": "bfloat16",
    }


def llava(config: Config) -> nn.Module:
    """LlavaForConditionalGeneration."""
    return _Composed("vision_tower", _Tower(config["vision_config"]), "multi_modal_projector", config)


def audio(config: Config) -> nn.Module:
    """Qwen2AudioForConditionalGeneration."""
    encoder = WhisperEncoder(config["audio_config"])
    made = _Composed("audio_tower", encoder, "multi_modal_projector", config)
    with torch.no_grad():
        encoder.fix_positions()
    return made


def vlm(config: Config) -> nn.Module:
    """HCXVisionForCausalLM."""
    return _Composed("vision_model", QwenVision(config["vision_config"]), "mm_projector", config)


class _Tower(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.vision_model = Vision(config, siglip=config["model_type"].startswith("siglip"))

    def forward(self, images: Tensor) -> Tensor:
        return self.vision_model(images)


class _Composed(nn.Module):
    def __init__(self, name: str, encoder: nn.Module, projector: str, config: Config) -> None:
        super().__init__()
        width = config["text_config"]["hidden_size"]
        self.add_module(name, encoder)
        self.add_module(projector, Projector(width, width))
        language = llama(config["text_config"])
        assert isinstance(language, CausalModel)
        self.language_model = language
        self.names = (name, projector)
        initialise(self, 0.02)

    def loss(self, features: Tensor, ids: Tensor) -> Tensor:
        encoder, projector = (getattr(self, name) for name in self.names)
        decoder = self.language_model
        return caption_loss(projector(encoder(features)), decoder.model, decoder.lm_head, ids)
