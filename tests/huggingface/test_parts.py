"""Tensor tables to parts: nothing lost, every scope in its place."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.model import Depth, Observation, Role
from aibom_huggingface.placing import Context, place, place_all
from tests.builders import msgpack, pickles
from tests.builders.lfs import pointer
from tests.builders.safetensors import index, safetensors
from tests.huggingface.looking import LLAMA, LLAMA_WEIGHTS, layers, look, weights

DECODER = Context(trunk=Role.DECODER_CORE)
SPARSE = Context(trunk=Role.DECODER_CORE, sparse=True)
COMPOSED = Context(trunk=Role.DECODER_CORE, composed=True)
CLIP = Context(trunk=Role.TEXT_ENCODER, composed=True)
WHISPER = Context(trunk=Role.DECODER_CORE, encoder=Role.AUDIO_ENCODER)
T5 = Context(trunk=Role.DECODER_CORE, encoder=Role.TEXT_ENCODER)


@pytest.mark.parametrize(
    ("name", "context", "ident"),
    [
        ("model.layers.0.self_attn.q_proj.weight", DECODER, "decoder-core"),
        ("model.norm.weight", DECODER, "decoder-core"),
        ("transformer.h.3.attn.c_attn.weight", DECODER, "decoder-core"),
        ("backbone.layers.4.mixer.A_log", DECODER, "decoder-core"),
        ("model.embed_tokens.weight", DECODER, "embedding"),
        ("transformer.wte.weight", DECODER, "embedding"),
        ("tok_embeddings.weight", DECODER, "embedding"),
        ("lm_head.weight", DECODER, "head"),
        ("output.weight", DECODER, "head"),
        ("score.weight", DECODER, "head"),
        ("v_head.weight", DECODER, "head"),
        # experts and what chooses them
        ("model.layers.1.mlp.experts.17.gate_proj.weight", SPARSE, "experts"),
        ("model.layers.1.mlp.shared_experts.up_proj.weight", SPARSE, "experts"),
        ("model.layers.1.block_sparse_moe.experts.0.w1.weight", SPARSE, "experts"),
        ("model.layers.1.block_sparse_moe.input_linear.weight", SPARSE, "experts"),
        ("model.layers.1.feed_forward.experts.gate_up_proj", SPARSE, "experts"),
        ("backbone.layers.1.mixer.experts.3.up_proj.weight", SPARSE, "experts"),
        ("model.layers.1.mlp.gate.weight", SPARSE, "router"),
        ("model.layers.1.mlp.gate.e_score_correction_bias", SPARSE, "router"),
        ("model.layers.1.mlp.router.weight", SPARSE, "router"),
        ("model.layers.1.block_sparse_moe.gate.weight", SPARSE, "router"),
        ("model.layers.1.mlp.shared_expert_gate.weight", SPARSE, "router"),
        ("model.layers.1.mlp.gate_proj.weight", SPARSE, "decoder-core"),
        ("model.layers.1.mlp.gate.weight", DECODER, "decoder-core"),
        # multi-token prediction
        ("mtp.layers.0.self_attn.q_proj.weight", SPARSE, "head-mtp"),
        ("model.mtp_layers.0.mlp.experts.1.up_proj.weight", SPARSE, "head-mtp"),
        # vision
        ("visual.blocks.0.attn.proj.weight", COMPOSED, "vision-encoder"),
        ("visual.patch_embed.proj.weight", COMPOSED, "vision-encoder"),
        ("visual.merger.mlp.0.weight", COMPOSED, "projector"),
        ("model.visual.deepstack_merger_list.0.norm.weight", COMPOSED, "projector"),
        ("model.vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight", COMPOSED, "vision-encoder"),
        ("vision_model.embeddings.patch_embedding.weight", COMPOSED, "vision-encoder"),
        ("model.mm_projector.0.weight", COMPOSED, "projector"),
        ("multi_modal_projector.linear_1.weight", COMPOSED, "projector"),
        ("model.connector.modality_projection.proj.weight", COMPOSED, "projector"),
        ("mlp1.1.weight", COMPOSED, "projector"),
        ("language_model.model.layers.0.self_attn.q_proj.weight", COMPOSED, "decoder-core"),
        ("model.language_model.embed_tokens.weight", COMPOSED, "embedding"),
        ("language_model.lm_head.weight", COMPOSED, "head"),
        # audio
        ("model.audio_tower.layers.0.self_attn.q_proj.weight", COMPOSED, "audio-encoder"),
        ("audio_tower.proj.weight", COMPOSED, "projector-audio"),
        ("model.audio_projector.weight", COMPOSED, "projector-audio"),
        ("model.encoder.conv1.weight", WHISPER, "audio-encoder"),
        ("model.decoder.layers.0.encoder_attn.q_proj.weight", WHISPER, "decoder-core"),
        ("model.decoder.embed_tokens.weight", WHISPER, "embedding"),
        ("proj_out.weight", WHISPER, "head"),
        # text encoder and decoder
        ("shared.weight", T5, "embedding"),
        ("encoder.block.0.layer.0.SelfAttention.q.weight", T5, "text-encoder"),
        ("decoder.block.0.layer.1.EncDecAttention.q.weight", T5, "decoder-core"),
        # two encoders side by side
        ("text_model.encoder.layers.0.self_attn.q_proj.weight", CLIP, "text-encoder"),
        ("text_model.embeddings.token_embedding.weight", CLIP, "embedding"),
        ("vision_model.encoder.layers.0.self_attn.q_proj.weight", CLIP, "vision-encoder"),
        ("visual_projection.weight", CLIP, "projector"),
        ("logit_scale", CLIP, "projector"),
        # speech out
        ("thinker.model.layers.0.mlp.up_proj.weight", COMPOSED, "decoder-core"),
        ("thinker.visual.blocks.0.attn.q.weight", COMPOSED, "vision-encoder"),
        ("talker.model.layers.0.mlp.up_proj.weight", COMPOSED, "talker-decoder-core"),
        ("talker.model.embed_tokens.weight", COMPOSED, "talker-embedding"),
        ("token2wav.code2wav_bigvgan_model.conv_pre.weight", COMPOSED, "vocoder"),
        # nobody's
        ("time_machine.flux.weight", COMPOSED, "other-time-machine"),
        ("x", Context(), "network"),
    ],
)
def test_place(name: str, context: Context, ident: str) -> None:
    assert place(name, context).id == ident


def test_layers_after_the_last_predict_further_tokens() -> None:
    names = [
        *layers("model.", 3),
        "model.layers.2.eh_proj.weight",
        "vision_tower.encoder.layers.9.fc1.weight",
    ]
    places = place_all(names, Context(trunk=Role.DECODER_CORE, mtp_from=2))
    assert places["model.layers.2.mlp.down_proj.weight"].id == "head-mtp"
    assert places["model.layers.1.mlp.down_proj.weight"].id == "decoder-core"
    assert places["vision_tower.encoder.layers.9.fc1.weight"].id == "vision-encoder"


def test_the_joining_projection_marks_extra_layers_without_a_configuration() -> None:
    names = [*LLAMA_WEIGHTS, *layers("model.", 1, start=2), "model.layers.2.eh_proj.weight"]
    places = place_all(names, Context())
    assert places["model.layers.2.self_attn.q_proj.weight"].id == "head-mtp"
    assert places["model.layers.0.self_attn.q_proj.weight"].id == "decoder-core"


SEGMENTS = "model layers visual merger mlp experts gate weight 0 17 talker lm_head embed_tokens proj ü x"
segment = st.sampled_from([*SEGMENTS.split(), "\u202e"])
tensor_names = st.lists(segment, min_size=1, max_size=6).map(".".join)


@given(
    st.dictionaries(tensor_names, st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30)
)
def test_parameters_sum_to_the_table(shapes: dict[str, tuple[int, int]]) -> None:
    seen = look({"config.json": LLAMA, "model.safetensors": weights(shapes)})
    held = [part for part in seen.parts.values() if part.tensors]
    assert sum(part.parameters or 0 for part in held) == sum(math.prod(shape) for shape in shapes.values())
    assert sum(part.tensors or 0 for part in held) == len(shapes)


@given(tensor_names)
def test_every_name_has_a_place(name: str) -> None:
    for context in (Context(), DECODER, SPARSE, COMPOSED, CLIP, WHISPER):
        assert place(name, context).id


def test_unmatched_scopes_are_bounded() -> None:
    names = [f"strange{n}x.weight" for n in range(500)]
    places = place_all([*names, "vision_tower.a.weight"], COMPOSED)
    assert len({where.id for where in places.values()}) < 20
    assert len(places) == 501


def test_a_decoder_comes_out_whole() -> None:
    seen = look({"config.json": LLAMA, "model.safetensors": weights(LLAMA_WEIGHTS)})
    parts = seen.parts
    assert {ident: (part.parameters, part.tensors) for ident, part in parts.items()} == {
        "decoder-core": (164, 11),
        "embedding": (32, 1),
        "head": (32, 1),
    }
    assert all(part.declared and part.present for part in parts.values())
    assert parts["decoder-core"].dtypes == (("BF16", 164),)
    assert parts["decoder-core"].fact("hyperparameter:num_hidden_layers") == 2
    assert parts["head"].locators[-1].key == "lm_head"
    assert not seen.rules() and not seen.unknowns


def test_names_without_shapes_give_parts_without_parameters() -> None:
    shard = "model-00001-of-00001.safetensors"
    seen = look(
        {
            "config.json": LLAMA,
            shard: pointer(1000),
            "model.safetensors.index.json": index(dict.fromkeys(LLAMA_WEIGHTS, shard)),
        }
    )
    assert {part.id: (part.present, part.parameters, part.tensors) for part in seen.parts.values()} == {
        "decoder-core": (True, None, 11),
        "embedding": (True, None, 1),
        "head": (True, None, 1),
    }
    assert [unknown.path for unknown in seen.unknowns] == [shard]
    assert seen.parts["head"].locators[-1].path == "model.safetensors.index.json"


def test_depth_metadata_reads_no_table_and_says_so() -> None:
    seen = look({"config.json": LLAMA, "model.safetensors": weights(LLAMA_WEIGHTS)}, Depth.METADATA)
    assert seen.parts["decoder-core"].present and seen.parts["decoder-core"].tensors is None
    assert [unknown.reason for unknown in seen.unknowns] == ["tensor table not read at depth metadata"]
    assert not seen.rules()


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "tf_model.h5", "flax_model.msgpack"])
def test_formats_without_a_readable_table(name: str) -> None:
    seen = look({"config.json": LLAMA, name: b"\x80\x04."})
    assert seen.parts["decoder-core"].present
    assert seen.parts["decoder-core"].files == (name,)
    assert seen.parts["decoder-core"].parameters is None
    assert {u.path for u in seen.unknowns} == {name}
    assert not seen.rules()


def table() -> dict[str, Any]:
    """A small Flax tree: one layer and the embedding."""
    return {
        "params": {
            "model": {
                "embed_tokens": {"embedding": msgpack.array((6, 4))},
                "layers": {"0": {"mlp": {"up_proj": {"kernel": msgpack.array((4, 8))}}}},
            }
        }
    }


TORCH = {"model.embed_tokens.weight": ("F32", (6, 4)), "model.layers.0.mlp.up_proj.weight": ("BF16", (8, 4))}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pytorch_model.bin", pickles.checkpoint(TORCH)),
        ("model.pt", pickles.legacy(TORCH)),
        ("flax_model.msgpack", msgpack.checkpoint(table())),
    ],
)
def test_archives_are_taken_apart_like_safetensors(name: str, data: bytes) -> None:
    seen = look({"config.json": LLAMA, name: data})
    assert seen.parts["embedding"].parameters == 24
    assert seen.parts["decoder-core"].parameters == 32
    assert seen.parts["decoder-core"].files == (name,)
    assert not seen.unknowns


def test_shards_of_an_archive_add_up_and_a_missing_one_is_told() -> None:
    first, second = (pickles.checkpoint({key: value}) for key, value in TORCH.items())
    names = [f"pytorch_model-0000{number}-of-00003.bin" for number in (1, 2)]
    seen = look({"config.json": LLAMA, names[0]: first, names[1]: second})
    assert seen.parts["embedding"].files == (names[0],)
    assert seen.parts["decoder-core"].parameters == 32
    assert [unknown.reason for unknown in seen.unknowns] == ["2 of 3 shards are here; the rest unread"]


def test_the_same_weights_in_an_archive_are_an_alternative() -> None:
    tensors = {name: shape for name, (_, shape) in TORCH.items()}
    seen = look(
        {
            "config.json": LLAMA,
            "model.safetensors": weights(tensors),
            "pytorch_model.bin": pickles.checkpoint(TORCH),
        }
    )
    counted = [part.parameters for part in seen.parts.values() if part.parameters and not part.alternative]
    assert sum(counted) == 56


def test_a_missing_shard_is_told() -> None:
    seen = look({"config.json": LLAMA, "model-00001-of-00003.safetensors": weights(LLAMA_WEIGHTS)})
    assert [unknown.reason for unknown in seen.unknowns] == ["1 of 3 shards are here; the rest unread"]


def test_training_state_is_no_weight() -> None:
    seen = look({"config.json": LLAMA, "training_args.bin": b"\x80", "optimizer.pt": b"\x80"})
    assert not seen.unknowns
    assert not seen.parts["decoder-core"].present


def test_a_second_precision_is_an_alternative() -> None:
    seen = look(
        {
            "config.json": LLAMA,
            "model.safetensors": weights(LLAMA_WEIGHTS, "F32"),
            "model.fp16.safetensors": weights(LLAMA_WEIGHTS, "F16"),
            "checkpoint-500/model.safetensors": weights(LLAMA_WEIGHTS, "F32"),
            "checkpoint-500/config.json": LLAMA,
        }
    )
    counted = [part for part in seen.parts.values() if not part.alternative]
    assert {part.id for part in counted} == {"decoder-core", "embedding", "head"}
    again = {part.id for part in seen.parts.values() if part.alternative}
    assert {"decoder-core-model-fp16", "checkpoint-500-decoder-core"} <= again


def test_a_file_of_its_own_adds_a_part() -> None:
    seen = look(
        {
            "config.json": LLAMA,
            "model.safetensors": weights(LLAMA_WEIGHTS),
            "vocoder.safetensors": weights({"conv_pre.weight": (2, 3)}),
        }
    )
    assert seen.parts["vocoder"].parameters == 6
    assert seen.parts["vocoder"].files == ("vocoder.safetensors",)


def test_packed_weights_have_no_parameter_count() -> None:
    table = {
        "model.embed_tokens.weight": ("F16", (8, 4)),
        "model.layers.0.self_attn.q_proj.qweight": ("I32", (1, 4)),
        "model.layers.0.self_attn.q_proj.scales": ("F16", (1, 4)),
        "model.norm.weight": ("F16", (4,)),
    }
    seen = look({"config.json": LLAMA, "model.safetensors": safetensors(table)})
    core = seen.parts["decoder-core"]
    assert core.parameters is None
    assert core.fact("packed") == 4
    assert core.fact("stored_elements") == 12
    assert seen.parts["embedding"].parameters == 32


def test_four_bits_in_bytes_are_known_by_their_scales() -> None:
    table = {
        "model.layers.0.mlp.up_proj.weight": ("U8", (4, 2)),
        "model.layers.0.mlp.up_proj.weight_scale": ("F8_E4M3", (4, 1)),
        "model.layers.0.mlp.mask": ("U8", (4,)),
    }
    seen = look({"config.json": LLAMA, "model.safetensors": safetensors(table)})
    assert seen.parts["decoder-core"].fact("packed") == 8


def test_a_template_that_reaches_out_is_a_security_finding() -> None:
    seen = look({"config.json": LLAMA, "chat_template.jinja": "{{ ''.__class__.__mro__ }}"})
    (finding,) = [item for item in seen.of(Observation) if item.rule == "huggingface.template-reaches-out"]
    assert (finding.part, finding.severity, finding.signal) == ("chat-template", "high", "security")
    assert "__class__" in finding.statement


def test_one_model_in_several_frameworks_counts_once() -> None:
    tree = {"params": {"embed_tokens": {"embedding": msgpack.array((6, 4))}}}
    seen = look(
        {
            "config.json": LLAMA,
            "model.pt": pickles.checkpoint(TORCH),
            "model.safetensors": weights({name: shape for name, (_, shape) in TORCH.items()}),
            "flax_model.msgpack": msgpack.checkpoint(tree),
        }
    )
    counted = [part for part in seen.parts.values() if part.parameters and not part.alternative]
    assert sum(part.parameters or 0 for part in counted) == 56
    assert {path for part in counted for path in part.files} == {"model.safetensors"}


def test_the_state_of_training_is_no_weight() -> None:
    state = {f"state_dict.{name}": row for name, row in TORCH.items()} | {"optimizer.m": ("F32", (100,))}
    seen = look({"config.json": LLAMA, "model.ckpt": pickles.checkpoint(state)})
    assert sum(part.parameters or 0 for part in seen.parts.values()) == 56
