"""What is said of one model, by a scan or by anyone's BOM, in one shape: what gates and comparisons read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from aibom.model.analysis import Analysis, ToolPart
from aibom.model.enums import Depth, Evidence, Layer
from aibom.model.files import FileEntry, Locator
from aibom.model.inspected import Dataset, DeclarationKind, Licence, Part, Unknown
from aibom.model.provenance import WHOLE_MODEL, Finding, OrganisationRef, Origin
from aibom.model.score import Score

DESCENT = frozenset({DeclarationKind.BASE_MODEL, DeclarationKind.ADAPTER_BASE, DeclarationKind.NAME_OR_PATH})
"""Declarations that name a parent."""


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A model that another one is said to descend from.

    Attributes:
        name: `org/name` where it is a repository, else as written.
        part: Part.id of what descends from it, or None for the whole model.
        relation: as declared (finetune, merge, quantized, …), or None.
        evidence: E0 where the document gives none, E1 where it gives some, or the
            repository itself declares it.
        locator: where it is said.
    """

    name: str
    part: str | None = None
    relation: str | None = None
    evidence: Evidence = Evidence.E0
    locator: Locator | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Where a document lists a file."""

    path: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class Dossier:
    """Parts, origins, files and claims of one model.

    Attributes:
        form: where it comes from: `scan`, or the document's format and version (`CycloneDX 1.6`).
        subject: the model's name, `org/name` where it is a repository.
        revision: the full commit, where one is stated.
        digest: SHA-256 of the document; empty for a scan.
        tools: what made it.
        depth: how far files were read, where that is stated.
        publisher: who publishes the model. A document's word for it has the id `stated:<name>` where the
            document gives no id, and a country only where the document does.
        task: what the model is for (`text-generation`), where that is stated.
        parts, files, origins, findings, licences, datasets, ancestors, unknowns: as stated; of a document,
            locators carry the document's name as their path and a JSON pointer as their key, but findings
            keep the places in the model that they rest on.
        listings: of a document, where it lists each file; a file may be listed more than once.
        score: as stated by the document; it is never trusted, and computed anew where a gate needs it.
    """

    form: str
    subject: str
    revision: str | None = None
    digest: str = ""
    tools: tuple[ToolPart, ...] = ()
    depth: Depth | None = None
    publisher: OrganisationRef | None = None
    task: str | None = None
    parts: tuple[Part, ...] = ()
    files: tuple[FileEntry, ...] = ()
    listings: tuple[Listing, ...] = ()
    origins: tuple[Origin, ...] = ()
    findings: tuple[Finding, ...] = ()
    licences: tuple[Licence, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    ancestors: tuple[Ancestor, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    score: Score | None = None

    @classmethod
    def of(cls, analysis: Analysis) -> Self:
        """What a scan says."""
        target, inspected, provenance = analysis.target, analysis.inspected, analysis.provenance
        declared = (item for item in inspected.declarations if item.kind in DESCENT)
        return cls(
            form="scan",
            subject=target.repository or target.name,
            revision=target.revision,
            tools=analysis.tools,
            depth=analysis.depth,
            publisher=provenance.publisher,
            task=inspected.card.task or (target.hub.task if target.hub else None),
            parts=inspected.parts,
            files=analysis.files,
            origins=provenance.origins,
            findings=provenance.findings,
            licences=inspected.licences,
            datasets=inspected.datasets,
            ancestors=tuple(
                Ancestor(item.value, item.part, item.relation, Evidence.E1, item.locator) for item in declared
            )
            + proven_ancestors(provenance.origins),
            unknowns=analysis.unknowns,
            score=analysis.score,
        )


def proven_ancestors(origins: Iterable[Origin]) -> tuple[Ancestor, ...]:
    """The models that weights come from on more than a declaration."""
    return tuple(
        Ancestor(
            name=item.upstream,
            part=None if item.part == WHOLE_MODEL else item.part,
            relation=item.relation.value,
            evidence=item.evidence,
        )
        for item in origins
        if item.upstream and item.layer is Layer.WEIGHTS and item.evidence > Evidence.E1
    )
