"""Pipelines, sentence-transformers, adapters, tokenizers, templates, quantisation."""

from __future__ import annotations

from typing import Any

import pytest

from aibom.model import CardFacts, Role
from tests.builders.safetensors import safetensors
from tests.builders.tokenizer import tokenizer_json
from tests.huggingface.looking import LLAMA, LLAMA_WEIGHTS, look, weights

FLUX: dict[str, Any] = {
    "_class_name": "FluxPipeline",
    "_diffusers_version": "0.30.0",
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "text_encoder_2": ["transformers", "T5EncoderModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "transformer": ["diffusers", "FluxTransformer2DModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "safety_checker": [None, None],
}


def test_a_pipeline_names_its_components() -> None:
    seen = look(
        {
            "model_index.json": FLUX,
            "text_encoder/config.json": {"model_type": "clip_text_model", "_name_or_path": "openai/clip"},
            "text_encoder/model.safetensors": weights({"text_model.encoder.layers.0.x.weight": (2, 2)}),
            "text_encoder_2/config.json": {"model_type": "t5"},
            "text_encoder_2/model.safetensors": weights({"shared.weight": (2, 2)}),
            "transformer/config.json": {"_class_name": "FluxTransformer2DModel"},
            "transformer/diffusion_pytorch_model.safetensors": weights({"x_embedder.weight": (3, 2)}),
            "transformer/diffusion_pytorch_model.fp16.safetensors": weights({"x_embedder.weight": (3, 2)}),
            "vae/diffusion_pytorch_model.safetensors": weights({"decoder.conv_in.weight": (5,)}),
        }
    )
    counted = {part.id: (part.role, part.parameters) for part in seen.parts.values() if not part.alternative}
    assert counted == {
        "text-encoder": (Role.TEXT_ENCODER, 4),
        "text-encoder-2": (Role.TEXT_ENCODER, 4),
        "denoiser": (Role.DENOISER, 6),
        "vae": (Role.VAE, 5),
    }
    assert [part.id for part in seen.parts.values() if part.alternative] == [
        "denoiser-diffusion-pytorch-model-fp16"
    ]
    assert ("openai/clip", "text-encoder") in seen.declared("name-or-path")
    assert ("FluxTransformer2DModel", "denoiser") in seen.declared("architecture")
    (facts,) = [card for card in seen.of(CardFacts) if card.architecture]
    assert (facts.architecture, facts.library) == ("FluxPipeline", "diffusers")
    assert seen.parts["denoiser"].fact("architecture") == "FluxTransformer2DModel"
    assert not seen.rules() and not seen.unknowns


def test_a_component_without_files_is_declared_only() -> None:
    parts = look({"model_index.json": FLUX}).parts
    assert set(parts) == {"text-encoder", "text-encoder-2", "denoiser", "vae"}
    assert all(part.declared and not part.present for part in parts.values())


def test_a_pipeline_in_one_file_beside_its_folders_is_an_alternative() -> None:
    seen = look(
        {
            "model_index.json": {"unet": ["diffusers", "UNet2DConditionModel"]},
            "unet/diffusion_pytorch_model.safetensors": weights({"conv_in.weight": (2, 2)}),
            "v1-5.safetensors": weights(
                {
                    "model.diffusion_model.input_blocks.0.weight": (2, 2),
                    "first_stage_model.decoder.conv_in.weight": (3,),
                    "cond_stage_model.transformer.text_model.x.weight": (5,),
                }
            ),
        }
    )
    counted = {part.id: part.parameters for part in seen.parts.values() if not part.alternative}
    assert counted == {"denoiser": 4}
    assert {part.id for part in seen.parts.values() if part.alternative} == {
        "single-file-denoiser",
        "single-file-vae",
        "single-file-text-encoder",
    }


def test_a_network_in_a_folder_of_its_own_speaks_for_its_part() -> None:
    seen = look(
        {
            "config.json": LLAMA,
            "model.safetensors": weights(LLAMA_WEIGHTS),
            "speech_tokenizer/config.json": {"model_type": "mimi", "hidden_size": 4},
            "speech_tokenizer/model.safetensors": weights({"encoder.layers.0.conv.weight": (2, 2)}),
        }
    )
    assert ("mimi", "speech-tokenizer-vocoder") in seen.declared("model-type")
    assert seen.parts["speech-tokenizer-vocoder"].parameters == 4
    assert not seen.rules()


def test_two_components_of_one_role_stay_apart() -> None:
    index = {"_class_name": "X", "transformer": ["diffusers", "A"], "unet": ["diffusers", "B"]}
    assert set(look({"model_index.json": index}).parts) == {"denoiser", "denoiser-unet"}


@pytest.mark.parametrize("content", [[], "x", {"a": 1, "b": [1, 2], "c": ["x"], "../d": ["diffusers", "E"]}])
def test_a_strange_pipeline_is_read_without_error(content: Any) -> None:
    seen = look({"model_index.json": content, "modules.json": content, "config.json": LLAMA})
    assert "decoder-core" in seen.parts


def test_sentence_transformers() -> None:
    kinds = ["Transformer", "Pooling", "Dense", "Normalize"]
    modules = [
        {
            "idx": n,
            "name": str(n),
            "path": f"{n}_{kind}" if n else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for n, kind in enumerate(kinds)
    ]
    seen = look(
        {
            "modules.json": modules,
            "config.json": {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 9},
            "model.safetensors": weights(
                {"embeddings.word_embeddings.weight": (9, 2), "encoder.layer.0.output.dense.weight": (2, 2)}
            ),
            "1_Pooling/config.json": {"word_embedding_dimension": 2, "pooling_mode_mean_tokens": True},
            "2_Dense/config.json": {"in_features": 2, "out_features": 3},
            "2_Dense/model.safetensors": weights({"linear.weight": (3, 2), "linear.bias": (3,)}),
        }
    )
    parts = seen.parts
    assert {part.id: part.parameters for part in parts.values()} == {
        "pooling": 0,
        "embedding": 18,
        "text-encoder": 4,
        "head-dense": 9,
    }
    assert parts["pooling"].fact("pooling_mode") == "mean_tokens"
    assert parts["pooling"].fact("normalised") is True


ADAPTER = {
    "peft_type": "LORA",
    "base_model_name_or_path": "meta-llama/Llama-3.1-8B",
    "r": 16,
    "lora_alpha": 32,
    "target_modules": ["q_proj", "v_proj"],
}


def test_an_adapter_declares_its_base() -> None:
    table = {"base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight": (2, 4)}
    seen = look({"adapter_config.json": ADAPTER, "adapter_model.safetensors": weights(table)})
    part = seen.parts["adapter"]
    assert set(seen.parts) == {"adapter"}
    assert (part.role, part.parameters, part.declared, part.present) == (Role.ADAPTER, 8, True, True)
    assert (part.fact("peft_type"), part.fact("r")) == ("LORA", 16)
    assert seen.declared("adapter-base") == [("meta-llama/Llama-3.1-8B", "adapter")]


def test_an_adapter_base_on_a_disk_is_no_base() -> None:
    seen = look({"adapter_config.json": ADAPTER | {"base_model_name_or_path": "./local/base"}})
    assert seen.declared("adapter-base") == []
    assert not seen.parts["adapter"].present


def test_an_adapter_beside_a_model() -> None:
    seen = look(
        {
            "config.json": LLAMA,
            "model.safetensors": weights(LLAMA_WEIGHTS),
            "speech-lora/adapter_config.json": ADAPTER,
            "speech-lora/adapter_model.safetensors": weights({"a.lora_A.weight": (2, 2)}),
        }
    )
    assert seen.parts["adapter-speech-lora"].parameters == 4
    assert seen.parts["decoder-core"].parameters == 164


def test_a_tokenizer_with_its_settings() -> None:
    seen = look(
        {
            "tokenizer.json": tokenizer_json({"a": 0, "b": 1, "ab": 2}, merges=[("a", "b")]),
            "tokenizer_config.json": {
                "tokenizer_class": "XTokenizer",
                "name_or_path": "org/parent",
                "eos_token": "b",
                "auto_map": {"AutoTokenizer": ["tokenization_x.XTokenizer", None]},
            },
        }
    )
    part = seen.parts["tokenizer"]
    assert (part.fact("vocabulary_size"), part.fact("merges"), part.fact("eos_token")) == (3, 1, "b")
    assert part.files == ("tokenizer.json", "tokenizer_config.json")
    assert part.declared and part.present
    assert seen.declared("tokenizer-class") == [("XTokenizer", "tokenizer")]
    assert seen.declared("name-or-path") == [("org/parent", "tokenizer")]
    assert seen.declared("auto-map") == [("tokenization_x.XTokenizer", "tokenizer")]


def test_settings_alone_are_no_tokenizer() -> None:
    part = look({"tokenizer_config.json": {"tokenizer_class": "X"}}).parts["tokenizer"]
    assert part.declared and not part.present


def test_two_tokenizers_of_a_pipeline() -> None:
    data = tokenizer_json({"a": 0})
    parts = look({"tokenizer/tokenizer.json": data, "tokenizer_2/tokenizer.json": data}).parts
    assert {"tokenizer", "tokenizer-2"} <= set(parts)


THINKING = "{% if enable_thinking %}<think>{% endif %}{% if tools %}<tool_call>{% endif %}"


def test_the_same_template_in_two_files_is_one_part() -> None:
    seen = look(
        {
            "chat_template.jinja": THINKING,
            "tokenizer_config.json": {"chat_template": THINKING, "tokenizer_class": "X"},
            "chat_template.json": {"chat_template": [{"name": "rag", "template": "plain {{ x }}"}]},
        }
    )
    first = seen.parts["chat-template"]
    assert first.files == ("chat_template.jinja", "tokenizer_config.json")
    assert (first.fact("reasoning"), first.fact("tool_calls")) == (True, True)
    assert "<think>" in str(first.fact("markers"))
    other = seen.parts["chat-template-rag"]
    assert (other.fact("reasoning"), other.fact("tool_calls")) == (False, False)


def test_parsers_that_the_card_names() -> None:
    text = "# T\n\n`vllm serve x --reasoning-parser deepseek_r1 --tool-call-parser hermes`\n"
    parts = look({"README.md": text, "config.json": LLAMA}).parts
    reasoning = parts["reasoning-parser"]
    assert reasoning.fact("parser") == "deepseek_r1"
    assert (reasoning.role, reasoning.present, reasoning.locators[0].line) == (Role.OTHER, False, 3)
    assert parts["tool-call-parser"].fact("parser") == "hermes"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {"quant_method": "gptq", "bits": 4, "group_size": 128},
            {"method": "gptq", "bits": 4, "group_size": 128},
        ),
        ({"quant_method": "fp8", "fmt": "e4m3"}, {"method": "fp8", "format": "e4m3"}),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, {"method": "bitsandbytes", "bits": 4}),
        (
            {
                "quant_method": "compressed-tensors",
                "format": "pack-quantized",
                "config_groups": {"group_0": {"weights": {"num_bits": 4, "group_size": 32}}},
            },
            {"method": "compressed-tensors", "format": "pack-quantized", "bits": 4, "group_size": 32},
        ),
    ],
)
def test_quantisation(settings: dict[str, Any], expected: dict[str, object]) -> None:
    seen = look({"config.json": LLAMA | {"quantization_config": settings}})
    for facts in (seen.of(CardFacts)[0].facts, seen.parts["decoder-core"].facts):
        told = {
            f.name.removeprefix("quantisation:"): f.value for f in facts if f.name.startswith("quantisation:")
        }
        assert told == expected
        assert any(fact.name == "quantisation" for fact in facts)


def test_quantisation_at_the_root_speaks_for_the_language_model() -> None:
    config = {
        "model_type": "qwen3_5",
        "text_config": {"model_type": "qwen3_5_text", "hidden_size": 4},
        "vision_config": {"model_type": "qwen3_5_vision", "depth": 2},
        "quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4"},
    }
    parts = look({"config.json": config}).parts
    assert parts["decoder-core"].fact("quantisation:algorithm") == "NVFP4"
    assert parts["vision-encoder"].fact("quantisation") is None


def test_modelopt_file() -> None:
    data = {"producer": {"name": "modelopt", "version": "0.44"}, "quantization": {"quant_algo": "FP8"}}
    facts = {fact.name: fact.value for fact in look({"hf_quant_config.json": data}).of(CardFacts)[0].facts}
    assert facts["quantisation:algorithm"] == "FP8"
    assert facts["quantisation:producer"] == "modelopt 0.44"


def test_model_wide_facts() -> None:
    seen = look(
        {
            "config.json": LLAMA | {"transformers_version": "4.57.1", "torch_dtype": "bfloat16"},
            "generation_config.json": {"temperature": 0.6, "do_sample": True},
            "preprocessor_config.json": {
                "image_processor_type": "XImageProcessor",
                "auto_map": {"AutoImageProcessor": "image_processing_x.XImageProcessor"},
            },
        }
    )
    (card,) = seen.of(CardFacts)
    assert (card.architecture_family, card.architecture) == ("llama", "LlamaForCausalLM")
    assert {fact.name: fact.value for fact in card.facts} == {
        "transformers_version": "4.57.1",
        "precision": "bfloat16",
        "generation:temperature": 0.6,
        "generation:do_sample": True,
        "image_processor_type": "XImageProcessor",
    }
    assert ("image_processing_x.XImageProcessor", None) in seen.declared("auto-map")


def test_a_header_that_breaks_the_format_is_told() -> None:
    seen = look({"config.json": LLAMA, "model.safetensors": b"\xff" * 16})
    assert [unknown.path for unknown in seen.unknowns] == ["model.safetensors"]
    empty = look({"config.json": LLAMA, "model.safetensors": safetensors({}, data=False)})
    assert not empty.rules()
