"""A reference record: what is kept of one model, so that others can be held against it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aibom.errors import UndeterminedError
from aibom.model import Analysis, Role, ShapePrint, TokenizerPrint, WeightSample

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class RecordedModel:
    """Which model a record speaks of.

    `id` is `org/name` on the Hub, or the name of what was read; `commit` the full commit; `organisation`
    an id of the registry, or `hub:<namespace>`; `released` the ISO day on which the Hub says that the
    repository was made. What is not known is None.
    """

    id: str
    commit: str | None = None
    organisation: str | None = None
    released: str | None = None

    @property
    def name(self) -> str:
        """`id@commit`, or the id alone."""
        return f"{self.id}@{self.commit}" if self.commit else self.id


@dataclass(frozen=True, slots=True)
class RecordedPart:
    """One part of the model: Part.id, role, and number of parameters where counted."""

    id: str
    role: Role
    parameters: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Samples and prints of one model; `tool` is the version of aibom that took them."""

    model: RecordedModel
    tool: str
    parts: tuple[RecordedPart, ...]
    samples: tuple[WeightSample, ...]
    tokenizers: tuple[TokenizerPrint, ...] = ()
    shapes: tuple[ShapePrint, ...] = ()


def record_of(analysis: Analysis) -> Record:
    """The record of a model that was read at depth `weights`.

    A part in another serialisation (an ONNX export beside safetensors) is left out: it holds the same.

    Raises:
        UndeterminedError: no matrix could be sampled, so nothing could ever be held against the record.
    """
    target, inspected = analysis.target, analysis.inspected
    parts = {part.id: part for part in inspected.parts if not part.alternative}
    prints = [item for item in inspected.prints if item.part in parts]
    samples = [item for item in prints if isinstance(item, WeightSample)]
    if not samples:
        why = f" ({analysis.unknowns[0].path}: {analysis.unknowns[0].reason})" if analysis.unknowns else ""
        raise UndeterminedError(
            f"{target.ref}: no matrix of weights could be sampled{why}",
            advice="Point at a model whose weights are there, in a format that samples are taken of.",
        )
    publisher = analysis.provenance.publisher
    created = _DAY.match((target.hub.created if target.hub else None) or "")
    commit = _COMMIT.fullmatch(target.revision or "")
    return Record(
        model=RecordedModel(
            id=target.repository or target.name,
            commit=commit[0] if commit else None,
            organisation=publisher.id if publisher else None,
            released=created[0] if created else None,
        ),
        tool=analysis.tools[0].version,
        parts=tuple(
            RecordedPart(part.id, part.role, part.parameters)
            for part in sorted(parts.values(), key=lambda part: part.id)
        ),
        samples=tuple(sorted(samples, key=_place)),
        tokenizers=tuple(item for item in prints if isinstance(item, TokenizerPrint)),
        shapes=tuple(item for item in prints if isinstance(item, ShapePrint)),
    )


def _place(item: WeightSample) -> tuple[str, str, str, int, tuple[int, int], str]:
    return item.part, item.name, item.kind, item.expert or 0, item.rows, item.digest
