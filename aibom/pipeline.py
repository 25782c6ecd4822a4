"""The wiring: source, inventory, inspection, provenance, sovereignty; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aibom import catalog, inspection, inventory, provenance, questionnaire, registry, sovereignty
from aibom.errors import InputError, UndeterminedError
from aibom.model import Analysis, FileEntry, Inspected, Target, ToolPart, Unknown, WeightSample
from aibom.sources import Source

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to judge what a source holds.

    `profile` is a shipped profile's id or a file; `home` replaces its home set with one country;
    `organisations` is the user's own registry file, laid over the shipped one; `plugins` names the
    inspectors that may load (None: all); `strict` makes any Unknown an error; `references` is the index
    that sampled weights are held against; `answers` is the vendor's questionnaire, filled in.
    """

    profile: str = "kr"
    home: str | None = None
    organisations: Path | None = None
    plugins: Collection[str] | None = None
    strict: bool = False
    references: provenance.References | None = None
    answers: Path | None = None
    on_progress: Progress = field(default=lambda step: None)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a source holds, before anything is concluded from it."""

    target: Target
    files: tuple[FileEntry, ...]
    inspected: Inspected
    unknowns: tuple[Unknown, ...]
    tools: tuple[ToolPart, ...]


def examine(source: Source, options: ScanOptions) -> Examined:
    """Files, digests, parts and prints of one open source.

    Raises:
        InputError: nothing in the target is part of a model.
    """
    inspectors, not_loaded = registry.load(options.plugins)
    options.on_progress("listing and digesting files")
    files, not_listed = inventory.take(source)
    inspected, not_inspected = _inspected(source, inspectors, options)
    _require_a_model(source, inspected, (*not_loaded, *not_inspected))
    unknowns = (*source.unknowns, *not_loaded, *not_listed, *not_inspected)
    tools = (registry.own_tool(), *(loaded.distribution for loaded in inspectors))
    return Examined(
        source.target,
        files,
        inspected,
        tuple(dict.fromkeys(unknowns)),
        tuple(dict.fromkeys(tools)),
    )


def matrices(source: Source, options: ScanOptions) -> tuple[WeightSample, ...]:
    """What was read of the weights of a source alone: nothing is digested."""
    inspectors, _ = registry.load(options.plugins)
    return _inspected(source, inspectors, options)[0].prints_of(WeightSample)


def _inspected(
    source: Source, inspectors: Sequence[registry.LoadedInspector], options: ScanOptions
) -> tuple[Inspected, tuple[Unknown, ...]]:
    options.on_progress("inspecting parts")
    return inspection.run(source, inspectors)


def analyse(source: Source, options: ScanOptions) -> Analysis:
    """Everything that can be said about one open source.

    Raises:
        InputError: nothing in the target is part of a model.
        UndeterminedError: something could not be seen, and `strict` is on.
        DataError: the profile, registry, index or answers break their schema.
        UsageError: the answers are for another model or commit.
    """
    profile = sovereignty.load_profile(options.profile, options.home)
    knowledge = catalog.load(options.organisations)
    answers = questionnaire.read(options.answers) if options.answers else None
    not_held = questionnaire.belonging(answers, source.target) if answers else ()
    examined = examine(source, options)
    options.on_progress("tracing origins")
    origins, not_traced = provenance.conclude(
        source.target,
        examined.files,
        examined.inspected,
        catalog=knowledge,
        lookup=source.lookup,
        references=options.references,
        answers=answers,
    )
    score = sovereignty.assess(examined.inspected.parts, origins.origins, profile)
    unknowns = tuple(dict.fromkeys((*examined.unknowns, *not_held, *not_traced)))
    if options.strict and unknowns:
        first = unknowns[0]
        raise UndeterminedError(f"{len(unknowns)} unknown, the first: {first.path}: {first.reason}")
    return Analysis(
        tools=examined.tools,
        target=source.target,
        depth=source.depth,
        files=examined.files,
        inspected=examined.inspected,
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
