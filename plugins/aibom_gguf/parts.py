"""From the tensor tables of one model to its parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from aibom.formats.gguf import Gguf, GgufTensor
from aibom.formats.text import as_float, clean
from aibom.model import Fact, Locator, Part, Role
from aibom_gguf.listing import Listed
from aibom_gguf.roles import Slot, place_all, trunk_of

MAX_FACTS = 64
"""Hyperparameters of one part that are told; real files have about 40."""
_SHARED = re.compile(r"clip\.\w+")
_SHOWN = 3
"""Tensors of a part whose place is given."""


@dataclass(slots=True)
class _Piece:
    """The tensors of one part, each with its file."""

    tensors: list[tuple[Gguf, GgufTensor]] = field(default_factory=list)

    @property
    def elements(self) -> int:
        return sum(tensor.elements for _, tensor in self.tensors)


def parts(listed: Listed) -> Iterator[Part]:
    """The parts of one model, the largest first; their parameters sum to the elements of its tensors."""
    rows = list(listed.model.tensors())
    places = place_all((tensor.name for _, tensor in rows), listed.model.head)
    pieces: dict[Slot, _Piece] = {}
    for shard, tensor in rows:
        pieces.setdefault(places[tensor.name], _Piece()).tensors.append((shard, tensor))
    tied = (
        Slot(Role.EMBEDDING) in pieces and Slot(Role.DECODER_CORE) in pieces and Slot(Role.HEAD) not in pieces
    )
    for slot, piece in sorted(pieces.items(), key=lambda item: (-item[1].elements, item[0])):
        yield _part(listed, slot, piece, tied=tied and listed.model.complete)


def _part(listed: Listed, slot: Slot, piece: _Piece, *, tied: bool) -> Part:
    types: Counter[str] = Counter()
    for _, tensor in piece.tensors:
        types[tensor.type] += tensor.elements
    head = listed.model.head
    facts = list(_facts(slot, head))
    if tied and slot.role is Role.EMBEDDING:
        facts.append(Fact("tied_head", True, Locator(head.path)))
    return Part(
        id=listed.prefix + slot.id,
        role=slot.role,
        name=f"{slot.name} in {clean(listed.model.name, 120)}" if listed.prefix else slot.name,
        files=tuple(sorted({shard.path for shard, _ in piece.tensors})),
        parameters=piece.elements,
        tensors=len(piece.tensors),
        present=True,
        alternative=listed.alternative,
        dtypes=tuple(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        facts=tuple(facts),
        locators=tuple(_locators(piece)),
    )


def _locators(piece: _Piece) -> Iterator[Locator]:
    """The largest tensors, with the bytes they take."""
    for shard, tensor in sorted(piece.tensors, key=lambda row: (-row[1].elements, row[1].name))[:_SHOWN]:
        yield Locator(
            shard.path,
            offset=shard.data_offset + tensor.offset,
            length=tensor.nbytes,
            key=clean(tensor.name, 120),
        )


def _facts(slot: Slot, head: Gguf) -> Iterator[Fact]:
    """Architecture and hyperparameters, on the part that they are about."""
    architecture = head.text("general.architecture")
    scope = _scope(slot, head, architecture or "")
    if architecture is None or scope is None:
        return
    yield Fact("gguf_architecture", clean(architecture, 80), Locator(head.path, key="general.architecture"))
    told = 0
    for key, value in head.metadata.items():
        name = _below(key, scope)
        if name is None or told >= MAX_FACTS or (slot.role is Role.PROJECTOR) != ("projector" in name):
            continue
        number = as_float(value) if isinstance(value, float) else value
        shown = clean(number, 120) if isinstance(number, str) else number
        if isinstance(shown, str | int | float):
            told += 1
            yield Fact(f"hyperparameter:{clean(name, 80)}", shown, Locator(head.path, key=clean(key, 120)))


def _below(key: str, scope: str) -> str | None:
    """A key without its scope; those right under `clip.` speak of vision and audio alike."""
    if key.startswith(scope):
        return key.removeprefix(scope)
    shared = scope.startswith("clip.") and _SHARED.fullmatch(key)
    return key.removeprefix("clip.") if shared else None


def _scope(slot: Slot, head: Gguf, architecture: str) -> str | None:
    """The prefix of the metadata keys that describe a part; None where none do."""
    if architecture == "clip":
        audio = slot.role is Role.AUDIO_ENCODER or slot.suffix == "audio"
        scope = "clip.audio." if audio else "clip.vision."
        return scope if slot.role in (Role.VISION_ENCODER, Role.AUDIO_ENCODER, Role.PROJECTOR) else None
    return f"{architecture}." if slot.role is trunk_of(head) else None
