"""Which families a model family's published implementation is made from, part by part.

Read off class inheritance in the catalogue's library. Three things are not taken for origin: glue
(norms, rotary embeddings, configurations, heads), classes that many families inherit, and single edges.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from aibom.catalog import Edge, EdgeKind, Inheritance
from aibom.model import Role

COMMON = 20
"""Families from which a class counts as common property: Llama's layers have 32 to 45, CLIP's and BERT's
feed-forward 30 and 35; the most inherited class that tells a design, DeepSeek V3's MoE, has 10."""

_KINDS: tuple[tuple[str, str], ...] = (
    ("glue", r"PreTrainedModel$|(?:Config|Processor|Output\w*|Norm|Embeddings?)$|ForSequence|ForToken"),
    ("container", r"ForConditionalGeneration$"),
    ("router", r"(?:Router|TopkGate|MoEGate|MoeGate)$"),
    ("sparse", r"(?:MoE|Moe|MoeBlock|MoEBlock|MoEMLP)$"),
    ("experts", r"Experts$"),
    ("attention", r"Attention$"),
    ("feed-forward", r"(?:MLP|FeedForward)$"),
    ("layer", r"(?:Layer|Block)$"),
    ("head", r"ForCausalLM$"),
    ("model", r"(?:Model|Transformer\w*|Encoder)$"),
)
_GLUE = ("glue", "container")
_TOWERS = ((Role.VISION_ENCODER, r"Vision|Visual|Image"), (Role.AUDIO_ENCODER, r"Audio|Speech"))


@dataclass(frozen=True, slots=True)
class Descent:
    """One parent of one part: the edges that say so, sorted by class."""

    role: Role
    parent: str
    edges: tuple[Edge, ...]


def descents(inheritance: Inheritance, model_type: str) -> tuple[Descent, ...]:
    """The families that core, experts, router and encoders of a family are made from.

    Core: attention with feed-forward or layer, or the whole model class with its head; encoder:
    attention with feed-forward or layer; experts: the sparse block, or the experts with their router;
    router: its own class, or the sparse block. A class `Experts` alone is the library's way to store
    them. One of the parent's classes at least must be no common property.
    """
    edges = [edge for edge in inheritance.parents(model_type) if edge.kind is EdgeKind.INHERITS]
    by_parent: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.parent_model_type != model_type:
            by_parent.setdefault(edge.parent_model_type, []).append(edge)
    found = [
        Descent(role, parent, tuple(sorted(group, key=lambda edge: edge.child_class)))
        for parent, mine in sorted(by_parent.items())
        for role, group in _roles(mine, inheritance).items()
    ]
    return tuple(sorted(found, key=lambda item: (item.role, item.parent)))


def _roles(edges: list[Edge], inheritance: Inheritance) -> dict[Role, list[Edge]]:
    telling = {edge for edge in edges if not _is_common(edge, inheritance)}
    towers: dict[Role | None, list[Edge]] = {}
    for edge in edges:
        towers.setdefault(_tower(edge.child_class), []).append(edge)
    language = _kinds(towers.pop(None, []))
    found: dict[Role, list[Edge]] = {}
    if _is_core(language) and any(_kind(edge) not in _GLUE for edge in telling):
        found[Role.DECODER_CORE] = _of(language, "attention", "feed-forward", "layer", "model", "head")
    if telling.intersection(_of(language, "sparse", "router")):
        if "sparse" in language or "experts" in language:
            found[Role.EXPERTS] = _of(language, "sparse", "experts")
        found[Role.ROUTER] = _of(language, "router", "sparse")
    for role, group in towers.items():
        inside = _kinds(group)
        if role and _is_block(inside) and telling.intersection(group):
            found[role] = _of(inside, "attention", "feed-forward", "layer", "model")
    return found


def _is_block(kinds: Mapping[str, list[Edge]]) -> bool:
    return "attention" in kinds and ("feed-forward" in kinds or "layer" in kinds)


def _is_core(kinds: Mapping[str, list[Edge]]) -> bool:
    return _is_block(kinds) or ("model" in kinds and "head" in kinds)


def _kinds(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for edge in edges:
        found.setdefault(_kind(edge), []).append(edge)
    return found


def _of(kinds: Mapping[str, list[Edge]], *names: str) -> list[Edge]:
    return [edge for name in names for edge in kinds.get(name, [])]


def _kind(edge: Edge) -> str:
    """What both classes do; glue where they do different things, or nothing of note."""
    one, other = (_kind_of(name) for name in (edge.child_class, edge.parent_class))
    return one if one == other else "glue"


def _kind_of(name: str) -> str:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, name)), "glue")


def _tower(name: str) -> Role | None:
    """The encoder that a class belongs to; a composed model's own classes belong to none."""
    if _kind_of(name) == "container":
        return None
    return next((role for role, pattern in _TOWERS if re.search(pattern, name)), None)


def _is_common(edge: Edge, inheritance: Inheritance) -> bool:
    """Whether the parent's class, or one that it is itself made from, is inherited by many families."""
    spread = _spread(inheritance)
    seen: set[tuple[str, str]] = set()
    waiting = [(edge.parent_model_type, edge.parent_class)]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if spread[place] >= COMMON:
            return True
        waiting += [
            (up.parent_model_type, up.parent_class)
            for up in inheritance.parents(place[0])
            if up.child_class == place[1] and up.kind is EdgeKind.INHERITS
        ]
    return False


@lru_cache(maxsize=4)
def _spread(inheritance: Inheritance) -> Counter[tuple[str, str]]:
    """How many families inherit each class directly."""
    return Counter(
        place
        for model_type in inheritance.model_types
        for place in {(edge.parent_model_type, edge.parent_class) for edge in inheritance.parents(model_type)}
    )
