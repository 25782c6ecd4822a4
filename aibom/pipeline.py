"""The wiring: source, inventory, inspection, provenance, sovereignty; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from aibom import catalog, inspection, inventory, provenance, registry, sovereignty
from aibom.errors import InputError, UndeterminedError
from aibom.model import Analysis, Inspected, Unknown
from aibom.sources import Source

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to judge what a source holds.

    `profile` is a shipped profile's id or a file; `home` replaces its home set with one country;
    `organisations` is the user's own registry file, laid over the shipped one; `plugins` names the
    inspectors that may load (None: all); `strict` makes any Unknown an error.
    """

    profile: str = "kr"
    home: str | None = None
    organisations: Path | None = None
    plugins: Collection[str] | None = None
    strict: bool = False
    on_progress: Progress = field(default=lambda step: None)


def analyse(source: Source, options: ScanOptions) -> Analysis:
    """Everything that can be said about one open source.

    Raises:
        InputError: nothing in the target is part of a model.
        UndeterminedError: something could not be seen, and `strict` is on.
        DataError: the profile or registry file breaks its schema.
    """
    profile = sovereignty.load_profile(options.profile, options.home)
    knowledge = catalog.load(options.organisations)
    inspectors, not_loaded = registry.load(options.plugins)

    options.on_progress("listing and digesting files")
    files, not_listed = inventory.take(source)
    options.on_progress("inspecting parts")
    inspected, not_inspected = inspection.run(source, inspectors)
    _require_a_model(source, inspected, (*not_loaded, *not_inspected))
    options.on_progress("tracing origins")
    origins, not_traced = provenance.conclude(
        source.target, files, inspected, catalog=knowledge, lookup=source.lookup
    )
    score = sovereignty.assess(inspected.parts, origins.origins, profile)

    groups = (source.unknowns, not_loaded, not_listed, not_inspected, not_traced)
    unknowns = tuple(dict.fromkeys(unknown for group in groups for unknown in group))
    if options.strict and unknowns:
        first = unknowns[0]
        raise UndeterminedError(f"{len(unknowns)} unknown, the first: {first.path}: {first.reason}")
    tools = (registry.own_tool(), *(loaded.distribution for loaded in inspectors))
    return Analysis(
        tools=tuple(dict.fromkeys(tools)),
        target=source.target,
        depth=source.depth,
        files=files,
        inspected=inspected,
        provenance=origins,
        score=score,
        unknowns=unknowns,
        read=source.stats(),
    )


def _require_a_model(source: Source, inspected: Inspected, unknowns: tuple[Unknown, ...]) -> None:
    """An empty BOM would look like a clean one; where no file could be opened the Unknowns tell why."""
    if inspected.parts or inspected.card.title or inspected.declarations or source.unknowns:
        return
    why = f" ({unknowns[0].path}: {unknowns[0].reason})" if unknowns else ""
    raise InputError(
        f"{source.target.ref}: no part of a model was found in {len(source.files)} files{why}",
        advice="Point at a model repository, its folder, or an .onnx, .gguf or .safetensors file.",
    )
