"""Module paths in names, and the roles that they name."""

from __future__ import annotations

import pytest

from aibom.model import Role
from aibom_onnx.scopes import layer, named_role, names_embedding, pieces, slug


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("/model/layers.0/attn/q_proj/MatMul", ("model", "layers", "0", "attn", "q_proj", "MatMul")),
        ("model.embed_tokens.weight", ("model", "embed_tokens", "weight")),
        ("If_0_else_branch__Inline_0__classifier.weight", ("classifier", "weight")),
        ("onnx::MatMul_123", ()),
        ("val_7", ()),
        ("/Constant_12_output_0", ()),
        ("", ()),
    ],
)
def test_pieces(name: str, path: tuple[str, ...]) -> None:
    assert pieces(name) == path


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("visual.blocks.0.attn.qkv.weight", Role.VISION_ENCODER),
        ("visual.merger.mlp.0.weight", Role.PROJECTOR),
        ("vision_tower.vision_model.head.classifier", Role.VISION_ENCODER),
        ("audio_tower.layers.1.fc1.weight", Role.AUDIO_ENCODER),
        ("text_model.encoder.layers.0.mlp.fc1.weight", Role.TEXT_ENCODER),
        ("language_model.model.layers.0.mlp.weight", Role.DECODER_CORE),
        ("language_model.lm_head.weight", Role.HEAD),
        ("model.layers.0.moe.router.weight", Role.ROUTER),
        ("model.layers.0.moe.experts.gate_up_proj.weight", Role.EXPERTS),
        ("model.layers.0.mlp.gate_proj.weight", None),
        ("bert.encoder.layer.0.output.dense.weight", None),
    ],
)
def test_named_role(name: str, role: Role | None) -> None:
    found = named_role(pieces(name))
    assert (found[0] if found else None) is role


def test_embeddings_and_layers() -> None:
    assert names_embedding(pieces("bert.embeddings.LayerNorm.weight"))
    assert not names_embedding(pieces("bert.encoder.layer.0.output"))
    assert layer(pieces("transformer.h.11.mlp.c_fc")) == "transformer.h.11"
    assert layer(pieces("model.layers.norm")) is None


@pytest.mark.parametrize(
    ("stem", "expected"), [("Decoder_model (1)", "decoder-model-1"), ("모델", "graph"), ("", "graph")]
)
def test_slug(stem: str, expected: str) -> None:
    assert slug(stem) == expected
