"""Several models side by side: one row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from aibom.formats.text import clean
from aibom.model import Analysis, Layer, Origin, Part, Role, Score
from aibom.render.words import origin_words, weightiest

SHOWN_FINDINGS = 2
_ENCODERS = (Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER)
_LAYERS = (Layer.WEIGHTS, Layer.ARCHITECTURE, Layer.CODE)
"""The layers whose origin a row shows, the first that is known of them."""


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
    notable = weightiest(analysis.provenance.findings)[:SHOWN_FINDINGS]
    yield "\n".join(clean(finding.statement, 200) for finding in notable)


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
    own = {origin.layer: origin for origin in origins if origin.part == part.id}
    known = [layer for layer in _LAYERS if layer in own and own[layer].organisations]
    said = [f"{layer.value} {origin_words(own[layer])}" for layer in known]
    if Layer.WEIGHTS not in known:
        said.insert(0, "weights unknown")
    return "; ".join(said)
