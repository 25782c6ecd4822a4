"""The example repositories: shapes of published models, with tiny weights of our own making.

Config keys, tensor names and declarations are those of the published models; numbers are cut down,
code files are written for the example. Nothing here is a file of those models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensors
from tiny import (
    write_bpe_tokenizer,
    write_card,
    write_json,
    write_safetensors,
    write_sharded,
    write_text,
)

APACHE = """
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
""".strip()

THINKING_TEMPLATE = """
{%- for message in messages %}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{%- endfor %}
{%- if tools %}<tool_call>{{ tools | tojson }}</tool_call>{%- endif %}
{%- if add_generation_prompt %}<|im_start|>assistant
{%- if enable_thinking %}<think>{%- endif %}{%- endif %}
""".lstrip()

SPECIAL = ("<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>")

SMALL = {
    "hidden_size": tensors.HIDDEN,
    "vocab_size": tensors.VOCABULARY,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "intermediate_size": 64,
    "rms_norm_eps": 1e-05,
    "hidden_act": "silu",
    "torch_dtype": "bfloat16",
}


@dataclass(frozen=True)
class Example:
    """One example: its folder's name, the repository it stands for, and what it shows."""

    name: str
    repository: str
    shows: str
    write: Callable[[Path], None]


def solar_open(folder: Path) -> None:
    """A mixture-of-experts model whose published code carries another developer's notice."""
    config = SMALL | {
        "architectures": ["SolarOpenForCausalLM"],
        "model_type": "solar_open",
        "auto_map": {
            "AutoConfig": "configuration_solar_open.SolarOpenConfig",
            "AutoModelForCausalLM": "modeling_solar_open.SolarOpenForCausalLM",
        },
        "num_hidden_layers": 3,
        "first_k_dense_replace": 1,
        "n_routed_experts": 4,
        "n_shared_experts": 1,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "routed_scaling_factor": 1.0,
        "tie_word_embeddings": False,
        "transformers_version": "4.57.1",
    }
    write_json(folder / "config.json", config)
    write_text(
        folder / "configuration_solar_open.py",
        f"""# coding=utf-8
# Copyright 2025 Upstage AI. All rights reserved.
#
{APACHE}
from transformers.configuration_utils import PretrainedConfig


class SolarOpenConfig(PretrainedConfig):
    model_type = "solar_open"
""",
    )
    write_text(
        folder / "modeling_solar_open.py",
        f"""# coding=utf-8
# Copyright 2025 Upstage AI. All rights reserved.
#
# This file builds on code that is
# Copyright 2025 The ZhipuAI Inc. team and HuggingFace Inc. team. All rights reserved.
#
{APACHE}
from torch import nn
from transformers.modeling_utils import PreTrainedModel

from .configuration_solar_open import SolarOpenConfig


class SolarOpenAttention(nn.Module):
    pass


class SolarOpenMoE(nn.Module):
    pass


class SolarOpenForCausalLM(PreTrainedModel):
    config_class = SolarOpenConfig
""",
    )
    write_text(folder / "chat_template.jinja", THINKING_TEMPLATE)
    _tokenizer(folder, ("Ġsolar", "Ġopen", "Ġupstage"))
    write_sharded(folder, tensors.decoder("model.", 3, moe_from=1) | tensors.head())
    write_card(
        folder,
        "license: other\nlicense_name: solar-apache-2.0\nlanguage: [ko, en, ja]\nlibrary_name: transformers\n"
        "pipeline_tag: text-generation\ntags: [upstage, solar, moe]",
        "Solar Open (shape)",
        "A mixture-of-experts language model, trained from scratch according to its publisher.",
    )


def hyperclova_x(folder: Path) -> None:
    """An omni-modal model: its own language model, with encoders of outside families."""
    text = SMALL | {
        "architectures": ["HyperCLOVAXForCausalLM"],
        "model_type": "hyperclovax",
        "num_hidden_layers": 3,
        "attention_multiplier": 0.0078125,
        "residual_multiplier": 1.0,
    }
    vision = {
        "architectures": ["Qwen2_5_VisionTransformerPretrainedModel"],
        "model_type": "qwen2_5_vl",
        "depth": 2,
        "hidden_size": 24,
        "intermediate_size": 48,
        "num_heads": 4,
        "patch_size": 4,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "fullatt_block_indexes": [1],
        "window_size": 112,
    }
    audio = {
        "model_type": "whisper",
        "d_model": 24,
        "encoder_layers": 2,
        "encoder_attention_heads": 4,
        "encoder_ffn_dim": 48,
        "num_mel_bins": 16,
        "max_source_positions": 60,
    }
    write_json(
        folder / "config.json",
        {
            "architectures": ["HCXVisionV2ForCausalLM"],
            "model_type": "vlm",
            "text_config": text,
            "vision_config": vision,
            "audio_config": audio,
            "mm_projector_type": "linear",
            "freeze_encoder": True,
            "image_token_id": 250,
            "transformers_version": "4.57.1",
        },
    )
    write_json(
        folder / "preprocessor_config.json",
        {"image_processor_type": "Qwen2VLImageProcessor", "patch_size": 4, "merge_size": 2},
    )
    _tokenizer(folder, ("Ġnaver", "Ġclova", "Ġseed"))
    shapes = (
        tensors.decoder("model.language_model.model.", 3)
        | tensors.head("model.language_model.lm_head.weight")
        | tensors.qwen_vision_encoder("model.vision_model.", 2)
        | tensors.whisper_encoder("model.audio_model.", 2)
        | {
            "model.mm_projector.weight": (tensors.HIDDEN, 96),
            "model.mm_projector.bias": (tensors.HIDDEN,),
            "model.audio_projector.weight": (tensors.HIDDEN, 24),
        }
    )
    write_sharded(folder, shapes)
    write_card(
        folder,
        "license: other\nlicense_name: hyperclovax\nlanguage: [ko, en]\nlibrary_name: transformers\n"
        "pipeline_tag: any-to-any",
        "HyperCLOVA X SEED (shape)",
        "An omni-modal model for text, images and speech.",
    )


def ax_k1(folder: Path) -> None:
    """A large model in DeepSeek-V3's architecture with one layer norm more."""
    config = SMALL | {
        "architectures": ["AXK1ForCausalLM"],
        "model_type": "AXK1",
        "auto_map": {
            "AutoConfig": "configuration_axk1.AXK1Config",
            "AutoModelForCausalLM": "modeling_axk1.AXK1ForCausalLM",
        },
        "num_hidden_layers": 3,
        "num_nextn_predict_layers": 1,
        "first_k_dense_replace": 1,
        "n_routed_experts": 4,
        "n_shared_experts": 1,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "q_lora_rank": 16,
        "kv_lora_rank": 8,
        "qk_nope_head_dim": 8,
        "qk_rope_head_dim": 4,
        "v_head_dim": 8,
        "topk_method": "noaux_tc",
        "scoring_func": "sigmoid",
        "tie_word_embeddings": False,
    }
    write_json(folder / "config.json", config)
    write_text(
        folder / "configuration_axk1.py",
        f"""# coding=utf-8
# Copyright 2026 SK Telecom. All rights reserved.
#
{APACHE}
from transformers.configuration_utils import PretrainedConfig


class AXK1Config(PretrainedConfig):
    model_type = "AXK1"
""",
    )
    write_text(
        folder / "modeling_axk1.py",
        f"""# coding=utf-8
# Copyright 2026 SK Telecom. All rights reserved.
#
{APACHE}
from torch import nn
from transformers.models.deepseek_v3.modeling_deepseek_v3 import DeepseekV3ForCausalLM, DeepseekV3MoE

from .configuration_axk1 import AXK1Config


class AXK1MoE(DeepseekV3MoE):
    def __init__(self, config: AXK1Config):
        super().__init__(config)
        self.post_mlp_layernorm = nn.RMSNorm(config.hidden_size)


class AXK1ForCausalLM(DeepseekV3ForCausalLM):
    config_class = AXK1Config
""",
    )
    write_text(folder / "chat_template.jinja", THINKING_TEMPLATE)
    _tokenizer(folder, ("Ġtelecom", "Ġkorea", "Ġmodel"))
    extra = {f"model.layers.{number}.post_mlp_layernorm.weight": (tensors.HIDDEN,) for number in range(1, 3)}
    shapes = tensors.decoder("model.", 3, attention="latent", moe_from=1) | extra | tensors.head()
    write_sharded(folder, shapes | tensors.next_token_head("model.layers.3."))
    write_card(
        folder,
        "license: apache-2.0\nlanguage: [ko, en]\nlibrary_name: transformers\npipeline_tag: text-generation",
        "A.X K1 (shape)",
        "A mixture-of-experts language model with thinking on demand.",
    )


def k_exaone(folder: Path) -> None:
    """A mixture-of-experts model of its publisher's own attention, with DeepSeek-V3's kind of experts."""
    config = SMALL | {
        "architectures": ["ExaoneMoeForCausalLM"],
        "model_type": "exaone_moe",
        "num_hidden_layers": 3,
        "first_k_dense_replace": 1,
        "layer_types": ["sliding_attention", "sliding_attention", "full_attention"],
        "sliding_window": 128,
        "num_experts": 4,
        "num_shared_experts": 1,
        "num_experts_per_tok": 2,
        "moe_intermediate_size": 16,
        "routed_scaling_factor": 2.5,
        "scoring_func": "sigmoid",
        "tie_word_embeddings": False,
    }
    write_json(folder / "config.json", config)
    write_text(folder / "chat_template.jinja", THINKING_TEMPLATE)
    _tokenizer(folder, ("Ġexaone", "Ġexpert", "Ġmoe"))
    write_sharded(folder, tensors.decoder("model.", 3, attention="normed", moe_from=1) | tensors.head())
    write_card(
        folder,
        "license: other\nlicense_name: k-exaone\nlanguage: [ko, en]\nlibrary_name: transformers\n"
        "pipeline_tag: text-generation",
        "K-EXAONE (shape)",
        "A mixture-of-experts language model.",
    )


def plain_original(folder: Path) -> None:
    """A model with its own code, tokenizer and data, of which nothing else is known."""
    config = SMALL | {
        "architectures": ["HanbitForCausalLM"],
        "model_type": "hanbit",
        "auto_map": {
            "AutoConfig": "configuration_hanbit.HanbitConfig",
            "AutoModelForCausalLM": "modeling_hanbit.HanbitForCausalLM",
        },
        "num_hidden_layers": 2,
        "tie_word_embeddings": True,
    }
    write_json(folder / "config.json", config)
    notice = f"# Copyright 2026 Hanbit Lab. All rights reserved.\n#\n{APACHE}\n"
    write_text(
        folder / "configuration_hanbit.py",
        notice
        + "from transformers import PretrainedConfig\n\n\n"
        + 'class HanbitConfig(PretrainedConfig):\n    model_type = "hanbit"\n',
    )
    write_text(
        folder / "modeling_hanbit.py",
        notice
        + "from transformers import PreTrainedModel\n\n"
        + "from .configuration_hanbit import HanbitConfig\n\n\n"
        + "class HanbitForCausalLM(PreTrainedModel):\n    config_class = HanbitConfig\n",
    )
    _tokenizer(folder, ("Ġhanbit", "Ġstar", "Ġlight"))
    write_safetensors(folder / "model.safetensors", tensors.decoder("model.", 2))
    write_card(
        folder,
        "license: apache-2.0\nlanguage: [ko]\nlibrary_name: transformers\npipeline_tag: text-generation\n"
        "datasets: [hanbit-lab/korean-web-2026]\nmodel-index:\n- name: Hanbit-1B\n  results:\n"
        "  - task: {type: text-generation}\n    dataset: {name: KMMLU, type: HAERAE-HUB/KMMLU}\n"
        "    metrics: [{type: accuracy, value: 0.41}]\nco2_eq_emissions: {emissions: 1200, source: estimate}",
        "Hanbit 1B",
        "A Korean language model trained from scratch.",
    )


def fine_tune(folder: Path) -> None:
    """An outside model, trained further and said to be so."""
    config = SMALL | {
        "_name_or_path": "meta-llama/Llama-3.1-8B",
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "num_hidden_layers": 2,
        "tie_word_embeddings": False,
        "rope_theta": 500000.0,
    }
    write_json(folder / "config.json", config)
    _tokenizer(folder, ("Ġllama", "Ġkorean", "Ġtune"))
    write_safetensors(folder / "model.safetensors", tensors.decoder("model.", 2) | tensors.head())
    write_text(
        folder / "NOTICE",
        "Llama 3.1 is licensed under the Llama 3.1 Community License, "
        "Copyright © Meta Platforms, Inc. All Rights Reserved.\n",
    )
    write_card(
        folder,
        "license: llama3.1\nlanguage: [ko]\nlibrary_name: transformers\npipeline_tag: text-generation\n"
        "base_model: meta-llama/Llama-3.1-8B\nbase_model_relation: finetune",
        "Llama 3.1 8B Korean",
        "A fine-tune for Korean.",
    )


def diffusion(folder: Path) -> None:
    """A pipeline of several models, one in each folder."""
    write_json(
        folder / "model_index.json",
        {
            "_class_name": "StableDiffusionPipeline",
            "_diffusers_version": "0.31.0",
            "scheduler": ["diffusers", "DDIMScheduler"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
            "safety_checker": [None, None],
        },
    )
    write_json(
        folder / "text_encoder/config.json",
        {
            "_name_or_path": "openai/clip-vit-large-patch14",
            "architectures": ["CLIPTextModel"],
            "model_type": "clip_text_model",
            "hidden_size": tensors.HIDDEN,
            "vocab_size": tensors.VOCABULARY,
            "num_hidden_layers": 1,
        },
    )
    write_safetensors(folder / "text_encoder/model.safetensors", tensors.clip_text_encoder())
    write_json(
        folder / "unet/config.json",
        {"_class_name": "UNet2DConditionModel", "in_channels": 4, "cross_attention_dim": tensors.HIDDEN},
    )
    write_safetensors(folder / "unet/diffusion_pytorch_model.safetensors", tensors.unet())
    write_json(folder / "vae/config.json", {"_class_name": "AutoencoderKL", "latent_channels": 4})
    write_safetensors(folder / "vae/diffusion_pytorch_model.safetensors", tensors.autoencoder())
    write_json(folder / "scheduler/scheduler_config.json", {"_class_name": "DDIMScheduler"})
    _tokenizer(folder / "tokenizer", ("Ġphoto", "Ġpaint"), "CLIPTokenizer")
    write_card(
        folder,
        "license: creativeml-openrail-m\nlibrary_name: diffusers\npipeline_tag: text-to-image",
        "Hanbit Diffusion",
        "A text-to-image pipeline.",
    )


def _tokenizer(folder: Path, words: tuple[str, ...], kind: str = "PreTrainedTokenizerFast") -> None:
    write_bpe_tokenizer(folder, words, SPECIAL, tensors.VOCABULARY)
    settings: dict[str, Any] = {"tokenizer_class": kind, "model_max_length": 4096, "eos_token": SPECIAL[1]}
    write_json(folder / "tokenizer_config.json", settings)


EXAMPLES = (
    Example(
        "solar-open",
        "upstage/Solar-Open-shape",
        "code with another developer's notice; weights untouched by it",
        solar_open,
    ),
    Example(
        "hyperclova-x",
        "naver-hyperclovax/HyperCLOVAX-SEED-shape",
        "encoders of outside families, named as parts of their own",
        hyperclova_x,
    ),
    Example("ax-k1", "skt/A.X-K1-shape", "architecture and code of an outside family", ax_k1),
    Example(
        "k-exaone",
        "LGAI-EXAONE/K-EXAONE-shape",
        "own attention, with experts and router after an outside family",
        k_exaone,
    ),
    Example("plain-original", "hanbit-lab/Hanbit-1B", "nothing outside found, much unknown", plain_original),
    Example("fine-tune", "hanbit-lab/Llama-3.1-8B-Korean", "an outside model trained further", fine_tune),
    Example("diffusion", "hanbit-lab/Hanbit-Diffusion", "a pipeline of several models", diffusion),
)
