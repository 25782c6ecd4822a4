"""Models composed of other models' parts: an encoder taken over as it is, trained on, renamed or fused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.zoo import storage, training
from benchmarks.zoo.checkpoint import Checkpoint, Made, State
from benchmarks.zoo.data import Source
from benchmarks.zoo.families import FAMILIES

RATE = 5e-4
_PARTS = {
    "whisper": (r"^model\.encoder\.", "audio_tower."),
    "qwen-vl": (r"^visual\.", "vision_model."),
    "clip": (r"^(?=vision_model\.)", "vision_tower."),
    "siglip": (r"^(?=vision_model\.)", "vision_tower."),
}
"""Where the encoder of a family stands, and where in the composed model it goes."""


def composed(
    parents: Sequence[Checkpoint],
    seed: int,
    *,
    family: str,
    steps: int = 20,
    frozen: bool = True,
    text: int = 0,
) -> Made:
    """The first parent's encoder, before the second parent's decoder or, without one, before a new one.

    A frozen encoder stays as it is while projector and decoder are trained; otherwise all are.
    """
    donor = parents[0]
    pattern, place = _PARTS[donor.family]
    origin = {re.sub(pattern, place, name): name for name in donor.state if re.search(pattern, name)}
    source = Source(text=text)
    settings = {"encoder": donor.family} if family == "llava" else {}
    config = FAMILIES[family].configure(vocab_size=source.size, **settings)
    torch.manual_seed(seed)
    state: State = dict(FAMILIES[family].module(config).state_dict())
    state |= {name: donor.state[old] for name, old in origin.items()}
    origins = [origin]
    if len(parents) > 1:
        words = {f"language_model.{name}": name for name in parents[1].state}
        state |= {name: parents[1].state[old] for name, old in words.items()}
        origins.append(words)
    start = Checkpoint(family, config, state, source)
    rate = RATE if len(parents) > 1 or not frozen else FAMILIES[family].rate
    held = "|".join(re.escape(name) for name in origin) if frozen else ""
    made = training.tune(start, seed=seed, steps=steps, rate=rate, frozen=f"^(?:{held})$" if held else "")
    return Made(made, tuple(origins))


def renamed(model: Checkpoint, folder: Path) -> storage.Renamed:
    """An audio encoder under the names of OpenAI's own Whisper."""
    return _stored(model, folder, {name: _own_name(name) for name in model.state})


def _own_name(name: str) -> str:
    if not name.startswith("audio_tower."):
        return name
    for old, new in _OWN_NAMES:
        name = re.sub(old, new, name)
    return name


_OWN_NAMES = (
    (r"^audio_tower\.", "speech_encoder."),
    (r"\.layers\.", ".blocks."),
    (r"\.self_attn\.q_proj", ".attn.query"),
    (r"\.self_attn\.k_proj", ".attn.key"),
    (r"\.self_attn\.v_proj", ".attn.value"),
    (r"\.self_attn\.out_proj", ".attn.out"),
    (r"\.self_attn_layer_norm", ".attn_ln"),
    (r"\.fc1", ".mlp.0"),
    (r"\.fc2", ".mlp.2"),
    (r"\.final_layer_norm", ".mlp_ln"),
    (r"\.embed_positions\.weight", ".positional_embedding"),
    (r"^speech_encoder\.layer_norm", "speech_encoder.ln_post"),
)


def _stored(model: Checkpoint, folder: Path, names: dict[str, str]) -> storage.Renamed:
    state = {names[name]: value for name, value in model.state.items()}
    storage.whole(replace(model, state=state), folder)
    return {new: old for old, new in names.items()}


def fused(model: Checkpoint, folder: Path) -> storage.Renamed:
    """Queries, keys and values of every layer as one matrix, one over the other; no bias of the keys is none.

    In what is given back a piece of a fused matrix carries its kind behind `#`.
    """
    state: State = {}
    told: storage.Renamed = {}
    for name, value in model.state.items():
        found = re.fullmatch(r"(.+\.self_attn)\.([qkv])_proj\.(weight|bias)", name)
        if not found or not name.startswith(("audio_tower", "vision_tower")):
            state[name], told[name] = value, name
            continue
        key = f"{found[1]}.qkv_proj.{found[3]}"
        told[f"{key}#{_KINDS[found[2]]}"] = name
        if found[2] == "q":
            pieces = [model.state.get(f"{found[1]}.{one}_proj.{found[3]}") for one in "qkv"]
            state[key] = torch.cat([torch.zeros_like(value) if piece is None else piece for piece in pieces])
    storage.whole(replace(model, state=state), folder)
    return told


_KINDS = {"q": "query", "k": "key", "v": "value"}
