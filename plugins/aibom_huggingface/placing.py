"""Puts every tensor name into a part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from aibom.formats.text import clean
from aibom.model import Role
from aibom_huggingface import naming
from aibom_huggingface.slots import Slot, named, network, slot

MAX_OTHER_SCOPES = 12
"""Scopes without a rule that are told apart; the rest share one part."""

MAX_NAME = 500
"""Characters of a tensor's name that rules are tried on; real ones stay under 150."""

_LANGUAGE = (Role.DECODER_CORE, Role.TEXT_ENCODER)


@dataclass(frozen=True, slots=True)
class Context:
    """What the configuration says of the tensors that carry no scope of their own.

    Attributes:
        trunk: role of the language model, or of the only network; None where nothing is known.
        encoder: what an `encoder.` scope reads in an encoder-decoder; None elsewhere.
        scopes: (segment, role) pairs that nested configurations name (`audio_encoder` → vocoder).
        composed: several networks share the table, so that an unknown scope is nobody's.
        sparse: the model has experts.
        mtp_from: number of the first layer that predicts further tokens, or None.
        prefix: qualifier of all parts (a sub-folder), or empty.
        name: the model type in letters and digits only, as modules that wrap a model are named.
    """

    trunk: Role | None = None
    encoder: Role | None = None
    scopes: tuple[tuple[str, Role], ...] = ()
    composed: bool = False
    sparse: bool = False
    mtp_from: int | None = None
    prefix: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Scope:
    role: Role | None
    qualifier: str
    below: tuple[str, ...]


def place_all(names: Iterable[str], context: Context) -> dict[str, Slot]:
    """The part of every name. Layer and expert numbers share one look-up."""
    shapes = {name: _NUMBER.sub("0", name) for name in names}
    context = complete(shapes, context)
    seen: dict[tuple[str, bool], Slot] = {}
    others: set[str] = set()
    places: dict[str, Slot] = {}
    for name, shape in shapes.items():
        key = (shape, _predicts_further(name, context))
        found = seen.get(key)
        if found is None:
            found = seen[key] = _bounded(place(name, context), others)
        places[name] = found
    return places


_NUMBER = re.compile(r"(?<![^.])\d+(?![^.])")
"""A segment that is a number: of a layer, an expert, a module in a list."""


def _bounded(found: Slot, others: set[str]) -> Slot:
    if found.role is not Role.OTHER:
        return found
    if len(others) >= MAX_OTHER_SCOPES and found.id not in others:
        return named(Role.OTHER, "other", "Tensors without a known place")
    others.add(found.id)
    return found


def complete(names: Mapping[str, str], context: Context) -> Context:
    """Adds what the names themselves tell: experts, extra prediction layers, the trunk's kind.

    `names` maps each name to its shape, the name with all numbers alike.
    """
    shapes = {shape for shape in names.values() if len(shape) <= MAX_NAME}
    segments = {segment for shape in shapes for segment in shape.split(".")}
    sparse = context.sparse or _any(naming.EXPERT_SEGMENT, segments)
    marked = any(naming.MTP_MARK.search("." + shape) for shape in shapes)
    marks = (naming.MTP_MARK.search("." + name) for name in (names if marked else ()))
    numbers = [int(match.group(1)) for match in marks if match]
    mtp_from = min(numbers) if numbers and context.mtp_from is None else context.mtp_from
    trunk = context.trunk or (None if context.name else _guessed(shapes, segments))
    if trunk is not None and trunk not in _LANGUAGE:
        return replace(context, trunk=trunk)
    scopes = {scope.role for shape in shapes if (scope := _scope(tuple(shape.split(".")), context))}
    composed = context.composed or bool(scopes - {None, trunk, context.encoder, Role.DECODER_CORE})
    return replace(context, sparse=sparse, mtp_from=mtp_from, trunk=trunk, composed=composed)


def _guessed(shapes: set[str], segments: set[str]) -> Role | None:
    """The trunk by its block names; a decoder only where token embeddings stand beside the blocks."""
    for hint, role in naming.LAYER_HINTS:
        if any(re.search(hint, shape) for shape in shapes):
            return (
                None if role is Role.DECODER_CORE and not _any(naming.EMBEDDING_SEGMENT, segments) else role
            )
    return None


def place(name: str, context: Context) -> Slot:
    """The part that a tensor belongs to. Every name gets one; role `other` where no rule speaks."""
    if len(name) > MAX_NAME:
        return _other("overlong", context.prefix)
    head = _head(name)
    if context.trunk is not None and context.trunk not in _LANGUAGE and not context.composed:
        return _single(head, context)
    scope = _scope(head, context) or _Scope(None, "", head)
    qualifier = "-".join(piece for piece in (context.prefix, scope.qualifier) if piece)
    if scope.role is None or (scope.role in _LANGUAGE and scope.role is context.trunk):
        return _language(name, head, scope, qualifier, context)
    if _is_projection(scope):
        return _projector(head, qualifier)
    return slot(scope.role, qualifier)


def _single(head: tuple[str, ...], context: Context) -> Slot:
    """A network that is no language model, and alone: its head and its projection, else itself."""
    trunk = context.trunk or Role.OTHER
    if _any(naming.PROJECTOR_SEGMENT, head):
        return _projector(head, context.prefix)
    return slot(Role.HEAD if _any(naming.HEAD_SEGMENT, head) else trunk, context.prefix)


def _head(name: str) -> tuple[str, ...]:
    """Module names before the first number."""
    segments = name.split(".")
    numbered = next((index for index, segment in enumerate(segments) if segment.isdigit()), len(segments))
    return tuple(segments[:numbered])


def _scope(head: tuple[str, ...], context: Context) -> _Scope | None:
    """The outermost scope with a role; a language scope counts only where none lies inside it."""
    found: _Scope | None = None
    own = dict(context.scopes)
    for index, segment in enumerate(head):
        below = head[index + 1 :]
        if segment in own:
            return _Scope(own[segment], "", below)
        for pattern, role, qualifier in naming.SCOPES:
            if re.fullmatch(pattern, segment):
                found = _Scope(role, qualifier, below)
                break
        if found and found.role is not None:
            return found
        if found is None and (half := _half(segment, context)):
            return _Scope(half, "", below)
    return found


def is_scope(segment: str) -> bool:
    """Whether a module name alone tells the part of all that lies below it."""
    scoped = any(role and re.fullmatch(pattern, segment) for pattern, role, _ in naming.SCOPES)
    return scoped or _any(f"{naming.MTP_SEGMENT}|{naming.PROJECTOR_SEGMENT}", [segment])


def _half(segment: str, context: Context) -> Role | None:
    """The side of an encoder-decoder that a segment opens."""
    if context.encoder is None:
        return None
    if re.fullmatch(naming.ENCODER_SCOPE, segment):
        return context.encoder
    return Role.DECODER_CORE if re.fullmatch(naming.DECODER_SCOPE, segment) else None


def _is_projection(scope: _Scope) -> bool:
    ends = naming.ENCODER_PROJECTIONS.get(scope.role) if scope.role else None
    return ends is not None and (_any(ends, scope.below[:1]) or _any(naming.PROJECTOR_SEGMENT, scope.below))


def _language(name: str, head: tuple[str, ...], scope: _Scope, qualifier: str, context: Context) -> Slot:
    trunk = scope.role or context.trunk
    rooted = scope.below is head
    further = not scope.qualifier and _predicts_further(name, context)
    if further or _any(naming.MTP_SEGMENT, head):
        return slot(Role.HEAD, qualifier, "mtp")
    if context.sparse and (inner := _sparse_role(name)):
        return slot(inner, qualifier)
    if _any(naming.PROJECTOR_SEGMENT, head) or (rooted and naming.TOP_PROJECTORS.match(name)):
        return _projector(head, qualifier)
    if trunk in _LANGUAGE and _any(naming.EMBEDDING_SEGMENT, scope.below):
        return slot(Role.EMBEDDING, qualifier)
    if naming.WAVE_DECODER.match(name):
        return slot(Role.VOCODER, qualifier)
    if _any(naming.HEAD_SEGMENT, scope.below) or naming.TOP_HEADS.match(name):
        return slot(Role.HEAD, qualifier)
    unknown = next((segment for segment in head if not _is_core(segment, context)), None)
    if context.composed and rooted and (unknown or trunk is None):
        return _other(unknown or head[0], qualifier)
    return slot(trunk, qualifier) if trunk else network(qualifier)


def _is_core(segment: str, context: Context) -> bool:
    """Whether a segment is an ordinary one of a language model, or bears the model's own name."""
    plain = re.sub(r"[^a-z0-9]", "", segment.lower())
    return re.fullmatch(naming.CORE_SEGMENT, segment) is not None or plain == context.name


def _sparse_role(name: str) -> Role | None:
    dotted = "." + name
    if naming.ROUTER.search(dotted):
        return Role.ROUTER
    inside = _any(naming.EXPERT_SEGMENT, name.split(".")) or naming.FUSED_EXPERTS.search(dotted)
    return Role.EXPERTS if inside else None


def _predicts_further(name: str, context: Context) -> bool:
    if context.mtp_from is None:
        return False
    match = naming.LAYER_NUMBER.search("." + name)
    return match is not None and int(match.group(1)) >= context.mtp_from


def _projector(head: tuple[str, ...], qualifier: str) -> Slot:
    spoken = any(naming.AUDIO_WORD.search(segment) for segment in head)
    return slot(Role.PROJECTOR, qualifier, "audio" if spoken else "")


def _other(scope: str, qualifier: str) -> Slot:
    label = clean(scope, 40) or "unnamed"
    ident = "-".join(piece for piece in (qualifier, "other", label) if piece)
    return named(Role.OTHER, ident, f"Tensors without a known place ({label})")


def _any(pattern: str, segments: Iterable[str]) -> bool:
    return any(re.fullmatch(pattern, segment) for segment in segments)
