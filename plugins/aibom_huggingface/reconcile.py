"""Holds what is declared against what is present, and builds the parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aibom.model import Fact, Locator, Observation, Part, Role, Severity, Stage, Unknown
from aibom_huggingface.declared import Declared, DeclaredParts
from aibom_huggingface.families import LANGUAGE_HEADED
from aibom_huggingface.present import Present
from aibom_huggingface.slots import Slot

TOWERS = frozenset(
    {
        Role.DECODER_CORE, Role.EXPERTS, Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER,
        Role.DENOISER, Role.VAE, Role.VOCODER,
    }
)  # fmt: skip
"""Roles whose undeclared presence is worth a finding."""

MAX_FACTS = 80
"""Facts of one part."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What is known of the weights of one unit.

    Attributes:
        present: parts that the tensor tables show.
        files: all weight files, read or not.
        readable: no tensor can be missing from the tables.
        configured: a configuration was read, so that "undeclared" has a meaning.
    """

    present: Mapping[str, Present]
    files: tuple[str, ...] = ()
    readable: bool = False
    configured: bool = False


def reconcile(declared: DeclaredParts, weights: Weights) -> Iterator[Part | Observation | Unknown]:
    """Parts, and findings where the configuration and the tensor tables differ.

    No finding rests on a table that could not be read in full.
    """
    unmatched = [item for item in weights.present.values() if item.slot.role is Role.OTHER]
    for ident in sorted({*declared.by_id, *weights.present}):
        named, held = declared.by_id.get(ident), weights.present.get(ident)
        tied = named is not None and held is None and _tied(named, weights)
        yield _part(named, held, weights, tied)
        if not weights.readable:
            continue
        if named is not None and held is None and named.firm and not tied:
            yield _absent(named, unmatched)
        elif named is None and held is not None and weights.configured:
            yield from _undeclared(held)


def _part(named: Declared | None, held: Present | None, weights: Weights, tied: bool) -> Part:
    where = (named or held).slot  # type: ignore[union-attr]
    unread = held is None and bool(weights.files) and not weights.readable
    facts = [*(named.facts if named else ()), *(held.facts if held else ())]
    if tied:
        facts.append(Fact("tied_to", "embedding", named.locators[0] if named else None))
    locators = [*(named.locators if named else ()), *((held.locator,) if held else ())]
    return Part(
        id=where.id,
        role=where.role,
        name=where.name,
        files=held.files if held else (weights.files if unread else ()),
        parameters=held.parameters if held else (0 if tied else None),
        tensors=held.tensors if held else (0 if tied else None),
        declared=named is not None,
        present=held is not None or unread or tied,
        dtypes=held.element_types if held else (),
        facts=tuple(dict.fromkeys(facts))[:MAX_FACTS],
        locators=tuple(locators),
    )


def _tied(named: Declared, weights: Weights) -> bool:
    """A head without tensors of its own reads the token embedding backwards, unless it is said not to.

    transformers ties the two where `tie_word_embeddings` does not stand in the configuration.
    """
    if named.slot.role is not Role.HEAD or not weights.readable or named.slot.id.endswith("-mtp"):
        return False
    classes = [str(fact.value) for fact in named.facts if fact.name == "architecture"]
    if not any(LANGUAGE_HEADED.search(name) for name in classes):
        return False
    said = [fact.value for fact in named.facts if fact.name == "hyperparameter:tie_word_embeddings"]
    embedded = any(item.slot.role is Role.EMBEDDING for item in weights.present.values())
    return embedded and False not in said


def _absent(named: Declared, unmatched: Sequence[Present]) -> Observation | Unknown:
    where, name = named.locators[0], _spoken(named.slot)
    if unmatched:
        scopes = ", ".join(item.slot.id.removeprefix("other-") for item in unmatched[:4])
        reason = f"{name} is declared and not recognised among the tensors; without a known place: {scopes}"
        return Unknown(where.path, Stage.INSPECTION, reason)
    return Observation(
        "huggingface.declared-absent",
        f"{where.path} declares {name} ({where.key}); the tensor table holds none of its tensors.",
        severity=Severity.INFO if named.slot.role is Role.HEAD else Severity.LOW,
        part=named.slot.id,
        alternative="The part was left out on purpose, or is loaded from elsewhere at run time.",
        locators=tuple(named.locators),
    )


def _spoken(where: Slot) -> str:
    """A part within a sentence: `a vision encoder`, `an audio encoder`, `experts`."""
    name = where.name[:1].lower() + where.name[1:]
    if where.role is Role.EXPERTS:
        return name
    return f"an {name}" if name[0] in "aeio" else f"a {name}"


def _undeclared(held: Present) -> Iterator[Observation]:
    further = held.slot.id.endswith("head-mtp")
    if held.slot.role not in TOWERS and not further:
        return
    place: Locator = held.locator
    yield Observation(
        "huggingface.present-undeclared",
        f"{place.path} lists {held.tensors:,} tensor(s) of {_spoken(held.slot)} ({place.key}); "
        "no configuration declares it.",
        severity=Severity.INFO if further else Severity.LOW,
        part=held.slot.id,
        alternative="The configuration leaves the part to the code's defaults.",
        locators=(place,),
    )
