"""Several models side by side: one row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from aibom.formats.text import clean
from aibom.model import (
    Analysis,
    Layer,
    Locator,
    Origin,
    Part,
    Provenance,
    Relation,
    Role,
    Score,
    Severity,
    Signal,
)
from aibom.render.words import organisation_words, place, weightiest

SHOWN_FINDINGS = 3
_ENCODERS = (Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER)
_LAYERS = (Layer.WEIGHTS, Layer.ARCHITECTURE, Layer.CODE)
"""The layers whose origin a row shows."""


def comparison(analyses: Iterable[Analysis]) -> Table:
    """One row a model: level/evidence and ceiling, interval and coverage, core, encoders, findings."""
    table = Table(show_lines=True)
    for heading in ("Model", "Level", "Score", "Core", "Encoders", "Notable findings"):
        table.add_column(heading, overflow="fold")
    for analysis in analyses:
        table.add_row(*(Text(cell) for cell in _row(analysis)))
    return table


def _row(analysis: Analysis) -> Iterator[str]:
    score, origins = analysis.score, analysis.provenance.origins
    parts = [part for part in analysis.inspected.parts if not part.alternative]
    core = _core(parts)
    encoders = [part for part in parts if part.role in _ENCODERS and part is not core]
    yield clean(analysis.target.repository or analysis.target.name)
    yield _level(score)
    interval = "not graded" if score.level is None else f"{score.lower:.0f} to {score.upper:.0f}"
    yield f"{interval}\n{score.coverage:.0f} known"
    yield _origin(core, origins) if core else "no core seen"
    yield "\n".join(f"{clean(part.id)}: {_origin(part, origins)}" for part in encoders) or "none"
    yield "\n".join(_notable(analysis.provenance)[:SHOWN_FINDINGS]) or "none"


def _level(score: Score) -> str:
    if score.level is None:
        return "none"
    level = f"{score.level}/{score.evidence.name}"
    return level if score.ceiling in (None, score.level) else f"{level}\nup to {score.ceiling}"


def _core(parts: Sequence[Part]) -> Part | None:
    """The part that the model is named for: the first role of its kind that is there."""
    order = (Role.DECODER_CORE, Role.DENOISER, Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER)
    return next((part for role in order for part in parts if part.role is role), None)


def _origin(part: Part, origins: Sequence[Origin]) -> str:
    """`names OpenAI (US): weights unknown, architecture adapted`; weights are always spoken of."""
    own = {origin.layer: origin for origin in origins if origin.part == part.id}
    said: dict[str, list[str]] = {}
    for layer in _LAYERS:
        relation = own[layer].relation if layer in own else Relation.UNKNOWN
        if layer is Layer.WEIGHTS or relation is not Relation.UNKNOWN:
            organisations = own[layer].organisations if layer in own else ()
            names = ", ".join(organisation_words(each) for each in organisations)
            said.setdefault(names, []).append(f"{layer.value} {relation.value}")
    return "; ".join(
        f"names {names}: {', '.join(layers)}" if names else ", ".join(layers)
        for names, layers in said.items()
    )


def _notable(provenance: Provenance) -> list[str]:
    """One line for each signal on each part, the weightiest first: who is named, and in which file.

    That the publisher is named in its own repository is not notable, nor is what names nobody,
    speaks of no layer and matters to no gate.
    """
    publisher = provenance.publisher.id if provenance.publisher else None
    lines: dict[tuple[Signal, str | None], str] = {}
    for finding in weightiest(provenance.findings):
        others = [each for each in finding.organisations if each.id != publisher]
        told_of_no_layer = finding.layer is None and finding.severity is Severity.INFO
        if not others and (finding.organisations or told_of_no_layer):
            continue
        names = ", ".join(organisation_words(each) for each in others)
        where = f", {_file(finding.locators[0])}" if finding.locators else ""
        said = f"{names}{where}" if names else clean(finding.statement, 100)
        lines.setdefault((finding.signal, finding.part), f"{finding.signal.value}: {said}")
    return list(dict.fromkeys(lines.values()))


def _file(locator: Locator) -> str:
    return place(Locator(locator.path, line=locator.line))
