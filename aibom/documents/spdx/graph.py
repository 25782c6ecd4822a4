"""Elements and their relationships, as both versions of SPDX state them, and the dossier of that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from aibom.bom.problem import pointer_to
from aibom.documents.hashes import safe_path
from aibom.documents.identity import MODEL_PURLS, Identity, commit, is_repository
from aibom.documents.limits import LONGEST_NAME
from aibom.documents.page import Page, Path, Read, stated
from aibom.documents.roles import role_of
from aibom.formats.fileclass import classify
from aibom.formats.licences import spdx
from aibom.formats.wording import is_licence_placeholder, is_placeholder
from aibom.model import (
    Ancestor,
    Dataset,
    FileClass,
    FileEntry,
    Licence,
    Listing,
    OrganisationRef,
    Part,
    Role,
    Unknown,
)

UNSTATED = "unstated"


class Kind(StrEnum):
    """What an element is to a model."""

    MODEL = "model"
    DATASET = "dataset"
    FILE = "file"
    PACKAGE = "package"


class Link(StrEnum):
    """Relationships that are read, from source to target."""

    CONTAINS = "contains"
    DESCENDS = "descends"
    TRAINED = "trained"
    TESTED = "tested"


_PURPOSES = {Link.TRAINED: "training", Link.TESTED: "evaluation"}


@dataclass(frozen=True, slots=True)
class Element:
    """A package, model, dataset or file.

    `publisher` is a name and where it stands; `complaint` says what is wrong with a digest that was not read.
    """

    ident: str
    kind: Kind
    name: str
    path: Path
    identity: Identity | None = None
    version: str = ""
    publisher: tuple[str, Path] | None = None
    sha256: str | None = None
    complaint: str = ""

    @property
    def full_name(self) -> str:
        """`org/name` where a package URL or page of the Hub gives it, else the name."""
        return self.identity.name if self.identity else self.name


@dataclass(slots=True)
class Graph:
    """What was read of one document; `licences` are (element, words, concluded, place)."""

    elements: dict[str, Element] = field(default_factory=dict)
    links: list[tuple[str, Link, str, Path]] = field(default_factory=list)
    licences: list[tuple[str, str, bool, Path]] = field(default_factory=list)
    roots: list[str] = field(default_factory=list)

    def targets(self, source: str, *kinds: Link) -> Iterator[tuple[Link, str, Path]]:
        """What a source is linked to."""
        return (
            (kind, target, path)
            for start, kind, target, path in self.links
            if start == source and kind in kinds
        )


def subject(graph: Graph, page: Page) -> tuple[Element | None, tuple[Unknown, ...]]:
    """The model: a root of the document that is one, else the only or first model, else the first root."""
    roots = [graph.elements[ident] for ident in graph.roots if ident in graph.elements]
    models = [each for each in graph.elements.values() if each.kind is Kind.MODEL]
    described = [each for each in roots if each.kind is Kind.MODEL] or models
    if not described:
        why = "the document describes no model"
        return next(iter(roots), None), (page.unknown(why),)
    if len(described) == 1:
        return described[0], ()
    why = (
        f"the document describes {len(described):,} models; {described[0].full_name} is taken for its subject"
    )
    return described[0], (page.unknown(why, described[0].path),)


def publisher(model: Element) -> OrganisationRef | None:
    """Who supplies the model; SPDX has no place for a country."""
    if model.publisher is None or not model.publisher[0] or is_placeholder(model.publisher[0]):
        return None
    name, path = model.publisher
    return stated(name, None, f"stated at {pointer_to(path)}")


def revision(model: Element) -> str | None:
    """The full commit, of the package URL or page, else of the version."""
    return (model.identity.revision if model.identity else None) or commit(model.version)


def tell(graph: Graph, model: Element | None, page: Page) -> Iterator[Read]:
    """Parts, files, datasets, ancestors and licences."""
    above = _ancestors(graph)
    parts = dict(_parts(graph, model, {target for _, target, _ in above}))
    files = dict(_files(graph))
    contained: dict[str, list[str]] = {}
    for source, kind, target, _ in graph.links:
        if kind is Link.CONTAINS and target in files:
            contained.setdefault(source, []).append(files[target].path)
    for ident, part in parts.items():
        yield Part(
            id=part,
            role=role_of(graph.elements[ident].name),
            name=graph.elements[ident].name,
            files=tuple(sorted(set(contained.get(ident, ())))),
            declared=True,
            locators=(page.at(graph.elements[ident].path),),
        )
    yield from _unique(files.values(), page)
    yield from (Listing(file.path, page.at(graph.elements[ident].path)) for ident, file in files.items())
    for each in graph.elements.values():
        if each.complaint:
            yield page.unknown(f"{each.name}: {each.complaint}", each.path)
        if each.kind is Kind.FILE and each.ident not in files:
            yield page.unknown("a file without a path inside the model is left out", each.path)
    yield from _datasets(graph, page)
    yield from _descent(graph, above, model, parts, page)
    yield from _licences(graph, model, parts, page)


def _ancestors(graph: Graph) -> list[tuple[str, str, Path]]:
    return [(source, target, path) for source, kind, target, path in graph.links if kind is Link.DESCENDS]


def _parts(graph: Graph, model: Element | None, above: set[str]) -> Iterator[tuple[str, str]]:
    """Ids of further models, and of packages of the model whose name says what they do."""
    held = {target for _, target, _ in graph.targets(model.ident, Link.CONTAINS)} if model else set()
    uses: Counter[str] = Counter()
    for each in graph.elements.values():
        named = each.kind is Kind.PACKAGE and each.ident in held and role_of(each.name) is not Role.OTHER
        if each is model or each.ident in above or not (each.kind is Kind.MODEL or named):
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", each.name.lower()).strip("-")[:LONGEST_NAME] or "part"
        uses[slug] += 1
        yield each.ident, slug if uses[slug] == 1 else f"{slug}#{uses[slug]}"


def _files(graph: Graph) -> Iterator[tuple[str, FileEntry]]:
    """Files, and a model or package that is a weights file by its name and has a digest."""
    for each in graph.elements.values():
        path = safe_path(each.name)
        single = each.sha256 is not None and path is not None and classify(path) is FileClass.WEIGHTS
        if path and (each.kind is Kind.FILE or (single and each.kind in (Kind.MODEL, Kind.PACKAGE))):
            yield each.ident, FileEntry(path, sha256=each.sha256, kind=classify(path))


def _unique(files: Iterable[FileEntry], page: Page) -> Iterator[FileEntry | Unknown]:
    kept: dict[str, FileEntry] = {}
    for entry in files:
        before = kept.setdefault(entry.path, entry)
        if before.sha256 is None:
            kept[entry.path] = entry
        elif entry.sha256 not in (None, before.sha256):
            yield page.unknown(f"{entry.path} is listed with two different SHA-256; the first is read")
    yield from kept.values()


def _datasets(graph: Graph, page: Page) -> Iterator[Dataset]:
    uses: dict[str, set[str]] = {}
    for _, kind, target, _ in graph.links:
        if kind in _PURPOSES:
            uses.setdefault(target, set()).add(_PURPOSES[kind])
    for each in graph.elements.values():
        if each.kind is Kind.DATASET and each.name and not is_placeholder(each.name):
            known = each.full_name if each.identity or is_repository(each.name) else None
            for purpose in sorted(uses.get(each.ident, {UNSTATED})):
                yield Dataset(each.name, page.at(each.path), known, purpose)


def _descent(
    graph: Graph,
    above: Iterable[tuple[str, str, Path]],
    model: Element | None,
    parts: Mapping[str, str],
    page: Page,
) -> Iterator[Ancestor | Unknown]:
    for source, target, path in above:
        parent = graph.elements.get(target)
        if parent is None or source == target:
            yield page.unknown("a relationship of descent leads nowhere, or back", path)
        elif (model and source == model.ident) or source in parts:
            yield Ancestor(parent.full_name, parts.get(source), locator=page.at(path))


def _licences(graph: Graph, model: Element | None, parts: Mapping[str, str], page: Page) -> Iterator[Licence]:
    for ident, words, concluded, path in graph.licences:
        ours = ident in parts or (model is not None and ident == model.ident)
        if ours and words and not is_licence_placeholder(words):
            yield Licence(words, page.at(path), spdx(words), concluded, parts.get(ident))


def named_model(identity: Identity | None) -> bool:
    """Whether a package URL or page is a model's."""
    return identity is not None and identity.kind in MODEL_PURLS and not identity.dataset
