"""A unit is a folder that holds one network or one composition: its configuration and its weights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aibom.formats.text import JsonValue, clean
from aibom.model import Declaration, Observation, Part, Role, ShapePrint, Unknown
from aibom_huggingface.checkpoints import Checkpoint, names_whole_model
from aibom_huggingface.declared import EXPERT_KEYS, MTP_KEYS, DeclaredParts, declarations, declare
from aibom_huggingface.level import QUALIFIED_KEYS, TEXT_KEYS, Level
from aibom_huggingface.levels import read_levels
from aibom_huggingface.placing import Context, is_scope
from aibom_huggingface.present import Present, present_parts
from aibom_huggingface.reconcile import Weights, reconcile
from aibom_huggingface.roles import encoder_of, is_dual
from aibom_huggingface.slots import Slot, named, slug
from aibom_huggingface.trained import Trained, trained

_PREFERRED = ("model", "diffusion_pytorch_model", "pytorch_model")

SHARED_NAMES = 0.5
"""Share of tensor names from which two checkpoints in one place count as the same network twice."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One folder.

    Attributes:
        path: where its config.json stands or would stand.
        config: the content of that file, or None.
        checkpoints: the weight files in the folder.
        fixed: the part that the whole folder is (a pipeline's component), or None.
        prefix: qualifier of its parts, or empty.
    """

    path: str
    config: Mapping[str, JsonValue] | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    fixed: Slot | None = None
    prefix: str = ""


def inspect_unit(
    unit: Unit, declared: DeclaredParts | None = None
) -> Iterator[Part | Declaration | Observation | ShapePrint | Trained | Unknown]:
    """Declared and present parts of a unit with their tensors, its declarations, where they differ, prints.

    `declared` holds what a composition says of the unit already.
    """
    declared = declared or DeclaredParts()
    levels: tuple[Level, ...] = ()
    if unit.config is not None:
        levels, unknowns = read_levels(unit.path, unit.config)
        yield from unknowns
        yield from declarations(levels, unit.prefix, unit.fixed)
    declare(declared, levels, unit.prefix, unit.fixed)
    first, further, again = _sorted_out(unit.checkpoints)
    context = context_of(levels, unit.prefix)
    counted = tuple(item for item in (first, *further) if item is not None)
    present: dict[str, Present] = {}
    for checkpoint in counted:
        present = _joined(present, present_parts(checkpoint, context, unit.fixed, _scope_of(checkpoint)))
    files = tuple(sorted(path for item in counted for path in item.files))
    readable = bool(counted) and all(item.readable for item in counted)
    yield from reconcile(declared, Weights(present, files, readable, bool(levels)))
    yield from filter(None, (item.print for item in present.values()))
    yield from (trained(item, unit.path, levels) for item in present.values())
    for checkpoint in again:
        yield from _alternatives(checkpoint, context, unit.fixed)


def context_of(levels: Sequence[Level], prefix: str = "") -> Context:
    """What the levels of one configuration tell about tensors without a scope."""
    if not levels:
        return Context(prefix=prefix)
    root = levels[0]
    roles = [level.role for level in levels if level.role and not level.qualifier]
    dual = is_dual(root)
    encoder = encoder_of(root) or next(
        (level.role for level in levels if level.keys[-1:] in _ENCODER_KEYS), None
    )
    trunk: Role | None
    if dual:
        trunk = Role.TEXT_ENCODER
    elif Role.DECODER_CORE in roles or encoder:
        trunk = Role.DECODER_CORE
    else:
        trunk = root.role or next(iter(roles), None)
    own = {level.keys[-1].removesuffix("_config"): level.role for level in levels[1:] if level.role}
    return Context(
        trunk=trunk,
        encoder=encoder,
        scopes=tuple(
            (key, role) for key, role in sorted(own.items()) if key not in TEXT_KEYS | QUALIFIED_KEYS
        ),
        composed=dual or len({*roles}) > 1,
        sparse=any((level.number(*EXPERT_KEYS) or 0) > 1 for level in levels),
        mtp_from=_mtp_from(levels),
        prefix=prefix,
        name=re.sub(r"[^a-z0-9]", "", (root.model_type or "").lower()),
    )


_ENCODER_KEYS = (("encoder",), ("encoder_config",))


def _mtp_from(levels: Iterable[Level]) -> int | None:
    """DeepSeek's form: the layers after `num_hidden_layers` predict further tokens."""
    for level in levels:
        if level.role is Role.DECODER_CORE and not level.qualifier and (level.number(*MTP_KEYS) or 0) > 0:
            return level.number("num_hidden_layers")
    return None


def _sorted_out(
    checkpoints: Sequence[Checkpoint],
) -> tuple[Checkpoint | None, tuple[Checkpoint, ...], tuple[Checkpoint, ...]]:
    """The main checkpoint of a folder, those that add to it, and those that hold the same again."""
    ordered = sorted(checkpoints, key=_rank)
    if not ordered:
        return None, (), ()
    first = ordered[0]
    further: list[Checkpoint] = []
    again: list[Checkpoint] = []
    for item in ordered[1:]:
        if not item.rows and first.rows and names_whole_model(item.stem):
            continue  # another serialisation, unread; the Unknown of its table tells
        (again if same_network(first, item) else further).append(item)
    return first, tuple(further), tuple(again)


def _rank(item: Checkpoint) -> tuple[bool, bool, int, str]:
    """Tables that were read first, of those safetensors, of those the usual names."""
    preferred = _PREFERRED.index(item.stem) if item.stem in _PREFERRED else len(_PREFERRED)
    return not item.rows, item.form != "safetensors", preferred, item.stem


def same_network(first: Checkpoint, item: Checkpoint) -> bool:
    """Whether two checkpoints hold the same network in two precisions or formats."""
    if not item.rows:
        return not first.rows
    if item.stem.startswith("consolidated"):
        return True
    if item.form != first.form and names_whole_model(item.stem) and names_whole_model(first.stem):
        return True  # frameworks name tensors differently, and each says that its file is the model
    return len(first.names & item.names) >= SHARED_NAMES * min(len(first.names), len(item.names))


def _scope_of(checkpoint: Checkpoint) -> str:
    """The module that a file with a telling name stands for (`vocoder.safetensors`), or empty."""
    module = re.sub(r"[-.]", "_", checkpoint.stem)
    return module if is_scope(module) else ""


def _joined(one: dict[str, Present], two: dict[str, Present]) -> dict[str, Present]:
    """Parts of two checkpoints that add up."""
    for ident, item in two.items():
        if ident in one:
            one[ident].merge(item)
        else:
            one[ident] = item
    return one


def _alternatives(checkpoint: Checkpoint, context: Context, fixed: Slot | None) -> Iterator[Part]:
    label = clean(checkpoint.stem, 60)
    for item in present_parts(checkpoint, context, fixed).values():
        item.slot = named(item.slot.role, f"{item.slot.id}-{slug(label)}", f"{item.slot.name} ({label})")
        for part in reconcile(DeclaredParts(), Weights({item.slot.id: item})):
            if isinstance(part, Part):
                yield replace(part, alternative=True)
