"""What the page shows of a dossier, put in order: no text of a language, no markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aibom.model import (
    WHOLE_MODEL,
    Dossier,
    Finding,
    Layer,
    OrganisationRef,
    Origin,
    Part,
    Role,
    Score,
    Severity,
    Signal,
)
from aibom.render.words import in_order, weightiest
from aibom.sovereignty import Profile, assess
from aibom.sovereignty.judgement import Judgement, Standing, judge
from aibom.sovereignty.levels import in_question

SIZES: Final = 8
"""Steps of height that a part's share of the parameters is shown in."""
STAGES: Final[Mapping[str, tuple[Role, ...]]] = {
    "text": (Role.TOKENIZER, Role.CHAT_TEMPLATE, Role.EMBEDDING),
    "input": (Role.VISION_ENCODER, Role.AUDIO_ENCODER, Role.TEXT_ENCODER),
    "bridge": (Role.PROJECTOR, Role.ADAPTER),
    "core": (Role.DECODER_CORE, Role.EXPERTS, Role.ROUTER, Role.DENOISER),
    "output": (Role.HEAD, Role.VAE, Role.VOCODER),
    "code": (Role.REMOTE_CODE, Role.OTHER),
}
"""The columns of the picture, in the order in which data flows."""
DUTY: Final = "licence.duty-"
"""How the rules begin that tell what a licence asks for."""
_SUBSTANCE: Final = {
    Role.TOKENIZER: Layer.TOKENIZER,
    Role.CHAT_TEMPLATE: Layer.CODE,
    Role.REMOTE_CODE: Layer.CODE,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One part and layer.

    Attributes:
        origin: what is concluded, or None where nothing is known.
        standing: `home`, `outside`, `denied`, `unknown`, or `open`: an outside origin is declared, untested.
        grade: 0 to 4, or None.
    """

    layer: Layer
    standing: str
    grade: int | None
    origin: Origin | None

    @property
    def findings(self) -> tuple[str, ...]:
        """Ids that it rests on."""
        return self.origin.findings if self.origin else ()


@dataclass(frozen=True, slots=True)
class PartView:
    """A part with its cells.

    Attributes:
        row: its place among the parts, which the picture leads to.
        share: of the model's parameters, 0 to 1, or None.
        size: 1 to `SIZES`.
        cells: by layer; a layer that does not apply is left out.
        main: the cell that colours the part.
    """

    row: int
    part: Part
    share: float | None
    size: int
    cells: Mapping[Layer, Cell]
    main: Cell


@dataclass(frozen=True, slots=True)
class View:
    """The page's content, in its order."""

    dossier: Dossier
    profile: Profile
    score: Score
    stages: tuple[tuple[str, tuple[PartView, ...]], ...]
    parts: tuple[PartView, ...]
    model: Mapping[Layer, Cell]
    layers: tuple[Layer, ...]
    findings: tuple[tuple[str | None, tuple[Finding, ...]], ...]
    security: tuple[Finding, ...]
    unknown_layers: tuple[Layer, ...]
    organisations: tuple[OrganisationRef, ...]
    duties: tuple[Finding, ...]


def view(dossier: Dossier, profile: Profile) -> View:
    """Everything that the page needs, under one profile."""
    judged = {layer: judge(dossier.parts, dossier.origins, layer, profile) for layer in Layer}
    cells = _cells(judged)
    ordered = in_order(dossier.parts)
    total = sum(part.parameters or 0 for part in dossier.parts if not part.alternative)
    parts = tuple(_part(row, part, cells.get(part.id, {}), total) for row, part in enumerate(ordered))
    model = cells.get(WHOLE_MODEL, {})
    used = {layer for found in cells.values() for layer in found}
    shown = [item for item in dossier.findings if item.signal is not Signal.SECURITY]
    return View(
        dossier=dossier,
        profile=profile,
        score=assess(dossier.parts, dossier.origins, profile),
        stages=tuple(_stages(parts)),
        parts=parts,
        model=model,
        layers=tuple(layer for layer in Layer if layer in used),
        findings=tuple(_grouped(shown, [part.id for part in ordered])),
        security=tuple(weightiest(item for item in dossier.findings if item.signal is Signal.SECURITY)),
        unknown_layers=tuple(
            layer for layer in Layer if all(item.grade is None and not _told(item) for item in judged[layer])
        ),
        organisations=tuple(_organisations(dossier)),
        duties=tuple(weightiest(item for item in dossier.findings if item.rule.startswith(DUTY))),
    )


def _organisations(dossier: Dossier) -> list[OrganisationRef]:
    """Every organisation that is named, once, by its id."""
    named = [dossier.publisher] if dossier.publisher else []
    named += [each for origin in dossier.origins for each in origin.organisations]
    named += [each for finding in dossier.findings for each in finding.organisations]
    return [found for _, found in sorted({each.id: each for each in reversed(named)}.items())]


def serious(finding: Finding) -> bool:
    """Whether a finding's severity is worth a mark."""
    return finding.severity is not Severity.INFO


def _cells(judged: Mapping[Layer, Sequence[Judgement]]) -> dict[str, dict[Layer, Cell]]:
    found: dict[str, dict[Layer, Cell]] = {}
    for layer, items in judged.items():
        for item in items:
            standing = item.standing.value if _told(item) else Standing.UNKNOWN.value
            if in_question(item) and not _told(item):
                standing = "open"
            found.setdefault(item.subject, {})[layer] = Cell(layer, standing, item.grade, item.origin)
    return found


def _told(item: Judgement) -> bool:
    """Whether relation and place of the origin are known."""
    return item.unknown < 1


def _part(row: int, part: Part, cells: Mapping[Layer, Cell], total: int) -> PartView:
    share = (
        part.parameters / total if part.parameters is not None and total and not part.alternative else None
    )
    layer = _SUBSTANCE.get(part.role, Layer.WEIGHTS)
    main = cells.get(layer) or Cell(layer, Standing.UNKNOWN.value, None, None)
    size = 1 if share is None else max(1, min(SIZES, round(SIZES * share**0.5)))
    return PartView(row, part, share, size, cells, main)


def _stages(parts: Iterable[PartView]) -> Iterable[tuple[str, tuple[PartView, ...]]]:
    """Columns that hold something; a text encoder without any decoder is the core itself."""
    shown = [each for each in parts if not each.part.alternative]
    has_core = any(each.part.role in STAGES["core"] for each in shown)
    for stage, roles in STAGES.items():
        own = [each for each in shown if each.part.role in roles]
        if not has_core and stage == "input":
            own = [each for each in own if each.part.role is not Role.TEXT_ENCODER]
        if not has_core and stage == "core":
            own = [each for each in shown if each.part.role is Role.TEXT_ENCODER]
        if own:
            yield stage, tuple(own)


def _grouped(
    findings: Sequence[Finding], order: Sequence[str]
) -> Iterable[tuple[str | None, tuple[Finding, ...]]]:
    """By part in the order of the parts, those of the whole model last; the weightiest first."""
    others = sorted({item.part for item in findings if item.part} - set(order))
    for part in (*order, *others, None):
        group = weightiest(item for item in findings if item.part == part)
        if group:
            yield part, tuple(group)
