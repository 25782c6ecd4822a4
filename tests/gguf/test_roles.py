"""Every tensor name that llama.cpp knows has a part."""

from __future__ import annotations

from aibom.formats.gguf import Gguf
from aibom.model import Role
from aibom_gguf.roles import place_all


def head(architecture: str) -> Gguf:
    return Gguf("m.gguf", 3, False, {"general.architecture": architecture}, (), 32, 0)


def test_every_name_of_the_gguf_package_has_a_place() -> None:
    from gguf.constants import TENSOR_NAMES

    names = {f"{name.format(bid=0, xid=0)}.weight" for name in TENSOR_NAMES.values()}
    projector = {name for name in names if name.startswith(("v.", "a.", "mm.", "resampler."))}
    text = place_all({name for name in names - projector if "nextn" not in name}, head("llama"))
    beside = place_all(projector, head("clip"))
    assert Role.OTHER not in {slot.role for slot in (*text.values(), *beside.values())}
    assert {slot.role for slot in beside.values()} == {
        Role.VISION_ENCODER,
        Role.AUDIO_ENCODER,
        Role.PROJECTOR,
    }
    assert text["blk.0.attn_q.weight"].role is Role.DECODER_CORE


def test_many_layers_that_predict_further_cost_no_more_than_others() -> None:
    names = [
        f"blk.{number}.{name}" for number in range(20_000) for name in ("nextn.eh_proj.weight", "x.weight")
    ]
    assert {slot.id for slot in place_all(names, head("glm4moe")).values()} == {"head-mtp"}
