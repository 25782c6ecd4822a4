"""Configurations to declared parts and declarations; declared held against present."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.model import Observation, Severity
from aibom_huggingface.hubids import hub_id
from aibom_huggingface.levels import MAX_LEVELS
from tests.huggingface.looking import LLAMA, LLAMA_WEIGHTS, layers, look, weights

TEXT = {"model_type": "hyperclovax", "hidden_size": 4, "num_hidden_layers": 2, "vocab_size": 8}
VISION = {"model_type": "qwen2_5_vl", "depth": 2, "hidden_size": 4, "num_heads": 2}
COMPOSED = {
    "model_type": "vlm",
    "architectures": ["HCXVisionV2ForCausalLM"],
    "text_config": TEXT,
    "vision_config": VISION,
    "audio_config": {"model_type": "whisper", "d_model": 4, "encoder_layers": 2},
}


def roles(config: dict[str, Any]) -> set[str]:
    return set(look({"config.json": config}).parts)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (LLAMA, {"decoder-core", "embedding", "head"}),
        (
            COMPOSED,
            {"decoder-core", "embedding", "head", "vision-encoder", "audio-encoder", "projector"},
        ),
        (
            LLAMA | {"n_routed_experts": 4, "num_nextn_predict_layers": 1},
            {"decoder-core", "embedding", "head", "experts", "router", "head-mtp"},
        ),
        ({"model_type": "bert", "vocab_size": 9}, {"text-encoder", "embedding"}),
        (
            {"model_type": "bert", "architectures": ["BertForMaskedLM"], "vocab_size": 9},
            {"text-encoder", "embedding", "head"},
        ),
        (
            {"model_type": "t5", "is_encoder_decoder": True, "vocab_size": 9, "d_model": 4},
            {"text-encoder", "decoder-core", "embedding"},
        ),
        (
            {"model_type": "whisper", "is_encoder_decoder": True, "num_mel_bins": 80, "vocab_size": 9},
            {"audio-encoder", "decoder-core", "embedding"},
        ),
        (
            {
                "model_type": "clip",
                "text_config": {"model_type": "clip_text_model", "vocab_size": 9},
                "vision_config": {"model_type": "clip_vision_model", "hidden_size": 4},
            },
            {"text-encoder", "vision-encoder", "embedding"},
        ),
        (
            {
                "model_type": "vision-encoder-decoder",
                "is_encoder_decoder": True,
                "encoder": {"model_type": "donut-swin", "embed_dim": 4},
                "decoder": {"model_type": "mbart", "vocab_size": 9, "is_decoder": True},
            },
            {"vision-encoder", "decoder-core", "embedding", "projector"},
        ),
        ({"model_type": "vit", "architectures": ["ViTForImageClassification"]}, {"vision-encoder", "head"}),
        ({"model_type": "wav2vec2", "architectures": ["Wav2Vec2ForCTC"]}, {"audio-encoder", "head"}),
        ({"model_type": "hifigan", "architectures": ["SpeechT5HifiGan"]}, {"vocoder"}),
        (
            {
                "model_type": "qwen2_5_omni",
                "thinker_config": {
                    "model_type": "qwen2_5_omni_thinker",
                    "text_config": {"model_type": "qwen2_5_omni_text", "vocab_size": 9, "hidden_size": 4},
                    "vision_config": {"model_type": "qwen2_5_omni_vision_encoder", "depth": 2},
                    "audio_config": {"model_type": "qwen2_5_omni_audio_encoder", "d_model": 4},
                },
                "talker_config": {"model_type": "qwen2_5_omni_talker", "vocab_size": 9, "hidden_size": 4},
                "token2wav_config": {
                    "model_type": "qwen2_5_omni_token2wav",
                    "dit_config": {"model_type": "qwen2_5_omni_dit", "dim": 4},
                    "bigvgan_config": {"model_type": "qwen2_5_omni_bigvgan"},
                },
            },
            {
                "decoder-core", "embedding", "vision-encoder", "audio-encoder", "projector",
                "talker-decoder-core", "talker-embedding", "vocoder",
            },
        ),
        # a multimodal class names an encoder that no sub-configuration describes
        (
            LLAMA | {"architectures": ["Qwen3_5MoeForConditionalGeneration"]},
            {"decoder-core", "embedding", "head", "vision-encoder"},
        ),
        # the old LLaVA names its encoder as a repository
        (
            LLAMA | {"model_type": "llava_llama", "mm_vision_tower": "openai/clip-vit-large-patch14"},
            {"decoder-core", "embedding", "head", "vision-encoder"},
        ),
        ({"model_type": "patchtst", "architectures": ["PatchTSTModel"], "d_model": 4}, {"network"}),
    ],
)  # fmt: skip
def test_declared_parts(config: dict[str, Any], expected: set[str]) -> None:
    assert roles(config) == expected


def test_nothing_is_present_where_only_a_configuration_is_here() -> None:
    seen = look({"config.json": COMPOSED})
    assert all(part.declared and not part.present for part in seen.parts.values())
    assert not seen.rules()


def test_every_level_speaks_for_its_part() -> None:
    seen = look({"config.json": COMPOSED | {"_name_or_path": "someone/base"}})
    assert seen.declared("model-type") == [
        ("vlm", None),
        ("hyperclovax", "decoder-core"),
        ("qwen2_5_vl", "vision-encoder"),
        ("whisper", "audio-encoder"),
    ]
    assert seen.declared("name-or-path") == [("someone/base", None)]
    fact = next(f for f in seen.parts["vision-encoder"].facts if f.name == "model_type")
    assert fact.locator is not None and fact.locator.key == "vision_config.model_type"


def test_an_encoder_that_is_fetched_by_name() -> None:
    seen = look({"config.json": LLAMA | {"mm_vision_tower": "openai/clip-vit-large-patch14"}})
    assert ("openai/clip-vit-large-patch14", "vision-encoder") in seen.declared("name-or-path")


def test_auto_map_forms() -> None:
    mapping = {
        "AutoConfig": "configuration_x.XConfig",
        "AutoModel": "org/other--modeling_x.XModel",
        "AutoTokenizer": ["tokenization_x.XTokenizer", None],
        "AutoProcessor": "bad value\n\x1b[31m",
    }
    seen = look({"config.json": LLAMA | {"auto_map": mapping}})
    assert seen.declared("auto-map") == [
        ("configuration_x.XConfig", None),
        ("org/other--modeling_x.XModel", None),
        ("tokenization_x.XTokenizer", None),
    ]
    code = seen.parts["remote-code"]
    assert code.declared and not code.present
    assert code.fact("code_repository") == "org/other"


PATHS = r"""D:\.cache\huggingface\models--x /fsx/loubna/checkpoints/500000 ./workspace/Mistral-7B ../x/y a/b/c
checkpoints/final outputs/foo model gpt2 C:/models/x ~/models/x org/checkpoint-500 models--org--name/snapshots
org/.. tmp/model"""


@pytest.mark.parametrize("value", [*PATHS.split(), "", None, 7, "or g/name", "org/na\u202eme"])
def test_paths_are_no_origin(value: object) -> None:
    assert hub_id(value) is None


@pytest.mark.parametrize(
    "value", ["nreimers/MiniLM-L6-H384-uncased", "Qwen/Qwen3.5-35B-A3B", "0x/y_z", "a/b"]
)
def test_hub_ids(value: str) -> None:
    assert hub_id(value) == value


# --- declared against present ---------------------------------------------------------------------


def test_a_declared_encoder_without_tensors_is_a_finding() -> None:
    shapes = {f"language_model.{name}": shape for name, shape in LLAMA_WEIGHTS.items()}
    seen = look({"config.json": COMPOSED, "model.safetensors": weights(shapes)})
    absent = [item for item in seen.of(Observation) if item.rule == "huggingface.declared-absent"]
    assert {item.part for item in absent} == {"vision-encoder", "audio-encoder"}
    assert all(item.locators and item.alternative and item.severity is Severity.LOW for item in absent)
    assert "config.json declares a vision encoder (vision_config.model_type)" in absent[1].statement


def test_a_projector_is_implied_and_never_missed() -> None:
    shapes = {**LLAMA_WEIGHTS, "vision_tower.blocks.0.w": (2, 2)}
    config = {
        "model_type": "x",
        "text_config": TEXT,
        "vision_config": VISION,
        "perceiver_config": {"depth": 2},
    }
    seen = look({"config.json": config, "model.safetensors": weights(shapes)})
    assert seen.parts["projector"].declared and not seen.parts["projector"].present
    assert not seen.rules()


def test_an_encoder_set_to_null_is_not_declared() -> None:
    config = LLAMA | {"architectures": ["Gemma3nForConditionalGeneration"], "audio_config": None}
    assert {"vision-encoder"} == roles(config) & {"vision-encoder", "audio-encoder"}


def test_unmatched_tensors_may_be_the_declared_part() -> None:
    shapes = {f"language_model.{name}": shape for name, shape in LLAMA_WEIGHTS.items()}
    seen = look({"config.json": COMPOSED, "model.safetensors": weights(shapes | {"eye.blocks.0.w": (2, 2)})})
    assert "huggingface.declared-absent" not in seen.rules()
    assert {unknown.path for unknown in seen.unknowns} == {"config.json"}
    assert "without a known place: eye" in seen.unknowns[0].reason


def test_tensors_without_a_declared_part_are_a_finding() -> None:
    shapes = LLAMA_WEIGHTS | {"vision_tower.encoder.layers.0.fc1.weight": (2, 2)}
    seen = look({"config.json": LLAMA, "model.safetensors": weights(shapes)})
    (found,) = seen.of(Observation)
    assert (found.rule, found.part) == ("huggingface.present-undeclared", "vision-encoder")
    assert found.locators[0].key == "vision_tower.encoder.layers.0.fc1"
    assert seen.parts["vision-encoder"].present and not seen.parts["vision-encoder"].declared


def test_without_a_configuration_nothing_is_undeclared() -> None:
    seen = look({"model.safetensors": weights(LLAMA_WEIGHTS)})
    assert set(seen.parts) == {"decoder-core", "embedding", "head"}
    assert not seen.rules()


def test_no_finding_rests_on_an_unread_table() -> None:
    for weight_files in (
        {"pytorch_model.bin": b"\x80"},
        {"model-00001-of-00002.safetensors": weights({"a": (1,)})},
    ):
        assert "huggingface.declared-absent" not in look({"config.json": COMPOSED, **weight_files}).rules()


def test_a_tied_head_is_no_finding() -> None:
    shapes = {name: shape for name, shape in LLAMA_WEIGHTS.items() if name != "lm_head.weight"}
    for said in ({"tie_word_embeddings": True}, {}):
        config = {key: value for key, value in LLAMA.items() if key != "tie_word_embeddings"} | said
        seen = look({"config.json": config, "model.safetensors": weights(shapes)})
        head = seen.parts["head"]
        assert (head.present, head.parameters, head.fact("tied_to")) == (True, 0, "embedding")
        assert not seen.rules()


def test_a_prediction_head_that_was_left_out_is_worth_a_note() -> None:
    config = LLAMA | {"num_nextn_predict_layers": 1}
    seen = look({"config.json": config, "model.safetensors": weights(LLAMA_WEIGHTS)})
    (found,) = seen.of(Observation)
    assert (found.part, found.severity) == ("head-mtp", Severity.INFO)


def test_an_index_that_disagrees_with_its_shards() -> None:
    shard = "model-00001-of-00001.safetensors"
    index = {
        "weight_map": {**dict.fromkeys(LLAMA_WEIGHTS, shard), "ghost.weight": shard, "far.weight": "../x"}
    }
    seen = look({"config.json": LLAMA, shard: weights(LLAMA_WEIGHTS), "model.safetensors.index.json": index})
    assert {"huggingface.index-missing-tensors", "huggingface.index-unsafe-shard"} <= set(seen.rules())
    assert seen.parts["decoder-core"].parameters == 164


# --- hostile configurations -----------------------------------------------------------------------


def test_thousands_of_nested_configurations_are_bounded() -> None:
    config = LLAMA | {f"x{n}_config": {"model_type": f"t{n}"} for n in range(5000)}
    seen = look({"config.json": config})
    assert len(seen.declared("model-type")) == MAX_LEVELS
    assert [unknown.reason for unknown in seen.unknowns] == [f"more than {MAX_LEVELS} nested configurations"]


def test_deep_nesting_is_bounded() -> None:
    config: dict[str, Any] = {"model_type": "end"}
    for _ in range(150):
        config = {"model_type": "x", "text_config": config}
    seen = look({"config.json": config})
    assert any("nested configurations" in unknown.reason for unknown in seen.unknowns)


def test_a_broken_configuration_loses_nothing_else() -> None:
    seen = look({"config.json": b"{", "model.safetensors": weights(LLAMA_WEIGHTS), "README.md": "# T\n"})
    assert set(seen.parts) == {"decoder-core", "embedding", "head"}
    assert [unknown.path for unknown in seen.unknowns] == ["config.json"]


@pytest.mark.parametrize("content", ["[]", "7", '"text"'])
def test_a_configuration_that_is_no_object(content: str) -> None:
    seen = look({"config.json": content})
    assert [unknown.reason for unknown in seen.unknowns] == ["holds no JSON object"]


def test_strings_are_made_safe() -> None:
    evil = "ev\u202eil\x1b[31m\n" + "x" * 10_000
    config = LLAMA | {"model_type": evil, "architectures": [evil], "torch_dtype": evil, "hidden_act": evil}
    seen = look({"config.json": config, "model.safetensors": weights({f"{evil}.weight": (1,), "b": (1,)})})
    text = repr(seen.emissions)
    assert "\\x1b" not in text and "\\u202e" not in text and "\\n" not in text
    assert len(text) < 20_000


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
KEYS = """model_type architectures auto_map vision_config text_config thinker_config talker_config encoder
decoder num_experts vocab_size quantization_config _name_or_path is_encoder_decoder tie_word_embeddings"""
keys = st.sampled_from(KEYS.split())


@given(st.dictionaries(keys, values | st.dictionaries(keys, values, max_size=4), max_size=8))
def test_any_configuration_is_read_without_error(config: dict[str, Any]) -> None:
    seen = look({"config.json": config, "model.safetensors": weights(layers("model.", 1))})
    assert sum(part.parameters or 0 for part in seen.parts.values()) == 80


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            LLAMA
            | {
                "vision_config": {
                    "model_type": "vision",
                    "model_name": "vit_so400m_patch14_siglip_384",
                    "layers": 2,
                    "width": 4,
                }
            },
            [("vit_so400m_patch14_siglip_384", "vision-encoder")],
        ),
        (
            {"architecture": "resnet50", "num_classes": 10, "pretrained_cfg": {"tag": "a1_in1k"}},
            [("resnet50", None)],
        ),
        ({"model_type": "timm_wrapper", "architecture": "vit_pe_core_base_patch16_224.fb"}, None),
        ({"model_type": "llama", "architecture": "resnet50"}, []),
        ({"model_type": "timm_wrapper", "architecture": "org/resnet50"}, []),
        ({"model_type": "timm_wrapper", "architecture": "siglip"}, []),
    ],
)
def test_a_vision_encoder_may_be_named_as_a_model_of_timm(
    config: dict[str, Any], expected: list[tuple[str, str | None]] | None
) -> None:
    named = [item for item in look({"config.json": config}).declared("architecture") if item[0].islower()]
    if expected is None:
        assert [name for name, _ in named] == [config["architecture"]]
    else:
        assert named == expected
