"""The library: typed, without globals or prints. What the command line does is done here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aibom import catalog, provenance
from aibom.errors import InternalError, UsageError
from aibom.model import (
    Analysis,
    Comparison,
    Depth,
    Finding,
    Part,
    ReadStats,
    Score,
    Unknown,
    WeightSample,
)
from aibom.pipeline import Examined, Progress, ScanOptions, analyse, examine, matrices
from aibom.sources import Recorder, Source, SourceOptions, open_source

if TYPE_CHECKING:
    from aibom.bom import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a scan, and its renderings."""

    analysis: Analysis

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the model."""
        return self.analysis.inspected.parts

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every claim, with its evidence."""
        return self.analysis.provenance.findings

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """What could not be seen."""
        return self.analysis.unknowns

    @property
    def score(self) -> Score:
        """Level and interval under the profile."""
        return self.analysis.score

    def to_json(self) -> dict[str, Any]:
        """The report as `report.schema.json` describes it."""
        from aibom.render import report_json

        return report_json(self.analysis)

    def to_cyclonedx(
        self, spec: str = "1.7", *, reproducible: bool = False, timestamp: datetime | None = None
    ) -> dict[str, Any]:
        """The CycloneDX document, validated and linted.

        Raises:
            InternalError: the document breaks the schema or our own rules; it is not handed out.
        """
        from aibom import bom

        document = bom.build(self.analysis, spec=spec, reproducible=reproducible, timestamp=timestamp)
        errors = [problem for problem in lint(document) if problem.severity == "error"]
        if errors:
            first = errors[0]
            raise InternalError(f"the BOM breaks {first.rule} at {first.pointer}: {first.message}")
        return document


def generate(
    target: str,
    *,
    profile: str = "kr",
    home: str | None = None,
    depth: str = "headers",
    organisations: Path | None = None,
    plugins: Collection[str] | None = None,
    strict: bool = False,
    index: Path | None = None,
    answers: Path | None = None,
    on_progress: Progress | None = None,
    record_to: Path | None = None,
    **source_options: Any,
) -> Report:
    """Inspect a model and conclude where its parts come from.

    Args:
        target: `org/name[@revision]`, `hf:org/name`, a folder, a model file or a recorded snapshot.
        profile: id of a shipped profile, or the path of a profile file.
        home: ISO 3166-1 alpha-2 code that replaces the profile's home set.
        depth: `metadata`, `headers` or `weights`; how far files are read.
        organisations: registry file laid over the shipped one.
        plugins: names of inspectors that may load; None allows all that are installed.
        strict: raise where anything could not be seen.
        index: folder of an index (`aibom index add`) that weights, sampled at depth `weights`, are held
            against.
        answers: the vendor's questionnaire (`aibom questionnaire form`), filled in; what it says enters
            as declared.
        on_progress: called with one line per step.
        record_to: folder to store all that was read in, for a repeat without the network.
        source_options: fields of `aibom.sources.SourceOptions` (endpoint, revision, token, …).

    Raises:
        AibomError: with exit code and advice; see `aibom.errors`.
    """
    progress = on_progress or (lambda step: None)
    options = ScanOptions(
        profile=profile,
        home=home,
        organisations=organisations,
        plugins=plugins,
        strict=strict,
        answers=answers,
        on_progress=progress,
    )
    if index is not None:
        if Depth(depth) is not Depth.WEIGHTS:
            raise UsageError("an index is for weights", advice="Ask for --depth weights, which samples them.")
        from aibom.index import open_index

        with open_index(index) as references:
            return _scanned(target, replace(options, references=references), depth, record_to, source_options)
    return _scanned(target, options, depth, record_to, source_options)


def _scanned(
    target: str, options: ScanOptions, depth: str, record_to: Path | None, source_options: dict[str, Any]
) -> Report:
    options.on_progress(f"opening {target}")
    with open_source(target, SourceOptions(depth=Depth(depth), **source_options)) as source:
        if record_to is None:
            return Report(analyse(source, options))
        with Recorder(source) as recorder:
            report = Report(analyse(recorder, options))
            recorder.store(record_to)
            return report


def record(target: str, directory: Path, **options: Any) -> Report:
    """As `generate`, and store what was read in `directory` as a snapshot that can be scanned again."""
    return generate(target, record_to=directory, **options)


def compare(
    a: str,
    b: str,
    *,
    alias_a: str | None = None,
    alias_b: str | None = None,
    depth: str = "headers",
    organisations: Path | None = None,
    plugins: Collection[str] | None = None,
    on_progress: Progress | None = None,
    **source_options: Any,
) -> Comparison:
    """Hold two models against each other, signal by signal; nothing is blended.

    Args:
        a, b: targets, as for `generate`; a revision stands in the target (`org/name@revision`).
        alias_a, alias_b: the Hub repositories that local folders are checkouts of.
        depth, organisations, plugins, on_progress, source_options: as for `generate`, for both.

    Raises:
        AibomError: one of the two cannot be read; see `aibom.errors`.
    """

    options = ScanOptions(
        organisations=organisations, plugins=plugins, on_progress=on_progress or (lambda step: None)
    )
    knowledge = catalog.load(organisations)

    def opened(target: str, alias: str | None, depth: Depth) -> Source:
        options.on_progress(f"opening {target}")
        return open_source(target, SourceOptions(depth=depth, alias=alias, **source_options))

    def scan(target: str, alias: str | None) -> tuple[Examined, ReadStats]:
        with opened(target, alias, Depth(depth)) as source:
            return examine(source, options), source.stats()

    def read_matrices(target: str, alias: str | None) -> tuple[WeightSample, ...]:
        with opened(target, alias, Depth.MATRICES) as source:
            return matrices(source, options)

    (one, read_a), (other, read_b) = scan(a, alias_a), scan(b, alias_b)
    return provenance.compare(
        provenance.Context(one.target, one.files, one.inspected, knowledge),
        provenance.Context(other.target, other.files, other.inspected, knowledge),
        unknowns=(one.unknowns, other.unknowns),
        read=(read_a, read_b),
        deeper=lambda: (read_matrices(a, alias_a), read_matrices(b, alias_b)),
    )


def lint(document: dict[str, Any], *, cross_check: bool = False) -> tuple[Problem, ...]:
    """Problems of anyone's CycloneDX document: its schema first, then our semantic rules.

    `cross_check` asks a second, independent schema validator too; it takes seconds on a large BOM.
    """
    from aibom import bom

    second = bom.cross_check(document) if cross_check else ()
    return (*bom.validate(document), *second, *bom.lint(document))
