"""One model in a line: level, interval, where its core, encoders, tokenizer and code come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aibom.formats.text import clean
from aibom.model import (
    Dossier,
    Evidence,
    Finding,
    Layer,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Score,
    Severity,
    Signal,
)
from aibom.render.words import country, organisation_words, place, weightiest

_ENCODERS = (Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER)
_WEIGHED = (Layer.WEIGHTS, Layer.ARCHITECTURE, Layer.CODE)
"""The layers of a trained part whose origin a row tells."""


@dataclass(frozen=True, slots=True)
class Row:
    """One model.

    Attributes:
        model, revision, publisher, country: who and what; empty where not known.
        level, ceiling, evidence, lower, upper, coverage: of the score; level and ceiling are None where the
            profile has no home.
        core, encoders, tokenizer, code: where each comes from, in words.
        licences: expressions or names.
        notable: what is worth a look, the weightiest first.
        security: security findings of severity medium or above.
        unknowns: how many things could not be seen.
    """

    model: str
    revision: str
    publisher: str
    country: str
    level: int | None
    ceiling: int | None
    evidence: Evidence
    lower: float
    upper: float
    coverage: float
    core: str
    encoders: tuple[str, ...]
    tokenizer: str
    code: str
    licences: tuple[str, ...]
    notable: tuple[str, ...]
    security: int
    unknowns: int


def row(dossier: Dossier, score: Score) -> Row:
    """The row of a model under the score of a profile."""
    parts = [part for part in dossier.parts if not part.alternative]
    core = _core(parts)
    encoders = [part for part in parts if part.role in _ENCODERS and part is not core]
    publisher, origins = dossier.publisher, dossier.origins
    return Row(
        model=clean(dossier.subject),
        revision=clean(dossier.revision or ""),
        publisher=clean(publisher.name) if publisher else "",
        country=country(publisher) if publisher else "",
        level=score.level,
        ceiling=score.ceiling,
        evidence=score.evidence,
        lower=score.lower,
        upper=score.upper,
        coverage=score.coverage,
        core=_origin(core, origins, _WEIGHED) if core else "no core seen",
        encoders=tuple(f"{clean(part.id)}: {_origin(part, origins, _WEIGHED)}" for part in encoders),
        tokenizer=_of_role(parts, Role.TOKENIZER, origins, Layer.TOKENIZER),
        code=_of_role(parts, Role.REMOTE_CODE, origins, Layer.CODE),
        licences=tuple(dict.fromkeys(clean(item.expression or item.name, 60) for item in dossier.licences)),
        notable=_notable(dossier.findings, publisher),
        security=sum(_is_danger(item) for item in dossier.findings),
        unknowns=len(dossier.unknowns),
    )


def _is_danger(finding: Finding) -> bool:
    return finding.signal is Signal.SECURITY and finding.severity in (Severity.MEDIUM, Severity.HIGH)


def _core(parts: Sequence[Part]) -> Part | None:
    """The part that the model is named for: the first role of its kind that is there."""
    order = (Role.DECODER_CORE, Role.DENOISER, Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER)
    return next((part for role in order for part in parts if part.role is role), None)


def _of_role(parts: Sequence[Part], role: Role, origins: Sequence[Origin], layer: Layer) -> str:
    told = (_origin(part, origins, (layer,)) for part in parts if part.role is role)
    return "; ".join(dict.fromkeys(told)) or "none"


def _origin(part: Part, origins: Sequence[Origin], layers: Sequence[Layer]) -> str:
    """`names OpenAI (US): weights unknown, architecture adapted`; the first layer is always spoken of."""
    own = {origin.layer: origin for origin in origins if origin.part == part.id}
    said: dict[str, list[str]] = {}
    for layer in layers:
        relation = own[layer].relation if layer in own else Relation.UNKNOWN
        if layer is layers[0] or relation is not Relation.UNKNOWN:
            organisations = own[layer].organisations if layer in own else ()
            names = ", ".join(organisation_words(each) for each in organisations)
            said.setdefault(names, []).append(f"{layer.value} {relation.value}")
    return "; ".join(
        f"names {names}: {', '.join(told)}" if names else ", ".join(told) for names, told in said.items()
    )


def _notable(findings: Iterable[Finding], publisher: OrganisationRef | None) -> tuple[str, ...]:
    """One line for each signal on each part, the weightiest first: who is named, and in which file.

    That the publisher is named in its own repository is not notable, nor is what names nobody,
    speaks of no layer and matters to no gate.
    """
    lines: dict[tuple[Signal, str | None], str] = {}
    for finding in weightiest(findings):
        others = [each for each in finding.organisations if publisher is None or each.id != publisher.id]
        told_of_no_layer = finding.layer is None and finding.severity is Severity.INFO
        if not others and (finding.organisations or told_of_no_layer):
            continue
        names = ", ".join(organisation_words(each) for each in others)
        where = f", {_file(finding.locators[0])}" if finding.locators else ""
        said = f"{names}{where}" if names else clean(finding.statement, 100)
        lines.setdefault((finding.signal, finding.part), f"{finding.signal.value}: {said}")
    return tuple(dict.fromkeys(lines.values()))


def _file(locator: Locator) -> str:
    return place(Locator(locator.path, line=locator.line))
