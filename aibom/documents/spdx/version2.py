"""SPDX 2.3 in JSON (and 2.2, which differs in nothing that is read)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from aibom.documents.dossier import assemble
from aibom.documents.hashes import sha256
from aibom.documents.identity import MODEL_PURLS, Identity, of_purl, of_url
from aibom.documents.limits import LONGEST_PATH, MAX_COMPONENTS, MAX_ENTRIES
from aibom.documents.page import Page, Path, text
from aibom.documents.spdx.graph import (
    Element,
    Graph,
    Kind,
    Link,
    named_model,
    publisher,
    revision,
    subject,
    tell,
)
from aibom.formats.values import JsonValue, as_dict, as_list, as_str, strings
from aibom.model import Dossier, ToolPart

Object = dict[str, JsonValue]
_LINKS = {
    "CONTAINS": (Link.CONTAINS, False),
    "CONTAINED_BY": (Link.CONTAINS, True),
    "DESCENDANT_OF": (Link.DESCENDS, False),
    "ANCESTOR_OF": (Link.DESCENDS, True),
}
"""Relationship types that are read, and whether source and target change places."""
_AGENT = re.compile(r"(?:Organization|Person): *(.*?)(?: *\([^()]*\))?", re.IGNORECASE)
_TOOL = "Tool: "
_SAYS_NOTHING = frozenset({"NOASSERTION", "NONE"})


def read_spdx2(root: Object, page: Page, digest: str) -> Dossier:
    """What the document says."""
    graph = Graph()
    for path, item in _listed(root, "packages"):
        _package(graph, path, item)
    for path, item in _listed(root, "files"):
        _file(graph, path, item)
    graph.roots += strings(root.get("documentDescribes"))
    for path, item in _listed(root, "relationships"):
        _relationship(graph, path, item)
    model, unclear = subject(graph, page)
    cut = (
        [page.unknown(f"only the first {MAX_COMPONENTS:,} elements were read")]
        if len(graph.elements) >= MAX_COMPONENTS
        else []
    )
    read = chain(cut, unclear, tell(graph, model, page))
    form = text(root.get("spdxVersion"), 20).replace("SPDX-", "SPDX ")
    return assemble(
        page,
        form,
        model.full_name if model else "",
        digest,
        read,
        tools=tuple(_tools(as_dict(root.get("creationInfo")))),
        revision=revision(model) if model else None,
        publisher=publisher(model) if model else None,
    )


def _listed(root: Object, key: str) -> Iterator[tuple[Path, Object]]:
    for number, item in enumerate(as_list(root.get(key))[: 10 * MAX_COMPONENTS]):
        if isinstance(item, dict):
            yield (key, number), item


def _package(graph: Graph, path: Path, item: Object) -> None:
    ident = as_str(item.get("SPDXID"))
    if ident is None or ident in graph.elements or len(graph.elements) >= MAX_COMPONENTS:
        return
    identity = _identity(item)
    kind = Kind.MODEL if named_model(identity) else Kind.PACKAGE
    if identity and identity.dataset:
        kind = Kind.DATASET
    digest, complaint = _digest(item)
    graph.elements[ident] = Element(
        ident=ident,
        kind=kind,
        name=text(item.get("packageFileName")) or text(item.get("name"))
        if digest
        else text(item.get("name")),
        path=path,
        identity=identity,
        version=text(item.get("versionInfo")),
        publisher=_publisher(path, item),
        sha256=digest,
        complaint=complaint,
    )
    for key, concluded in (("licenseDeclared", False), ("licenseConcluded", True)):
        words = text(item.get(key))
        if words not in _SAYS_NOTHING:
            graph.licences.append((ident, words, concluded, (*path, key)))


def _file(graph: Graph, path: Path, item: Object) -> None:
    ident = as_str(item.get("SPDXID"))
    if ident is None or ident in graph.elements or len(graph.elements) >= MAX_COMPONENTS:
        return
    digest, complaint = _digest(item)
    name = text(item.get("fileName"), LONGEST_PATH)
    graph.elements[ident] = Element(ident, Kind.FILE, name, path, sha256=digest, complaint=complaint)


def _relationship(graph: Graph, path: Path, item: Object) -> None:
    source, target = as_str(item.get("spdxElementId")), as_str(item.get("relatedSpdxElement"))
    kind = as_str(item.get("relationshipType")) or ""
    if source is None or target is None:
        return
    if kind == "DESCRIBES":
        graph.roots.append(target)
    elif kind == "DESCRIBED_BY":
        graph.roots.append(source)
    elif kind in _LINKS:
        link, turned = _LINKS[kind]
        graph.links.append((target, link, source, path) if turned else (source, link, target, path))


def _identity(item: Object) -> Identity | None:
    """By a package URL of a model, else by the download location on the Hub."""
    for reference in map(as_dict, as_list(item.get("externalRefs"))[:MAX_ENTRIES]):
        named = of_purl(as_str(reference.get("referenceLocator")) or "")
        if named and named.kind in MODEL_PURLS:
            return named
    location = (as_str(item.get("downloadLocation")) or "").removeprefix("git+")
    return of_url(location) or of_url(as_str(item.get("homepage")) or "")


def _digest(item: Object) -> tuple[str | None, str]:
    checksums = map(as_dict, as_list(item.get("checksums"))[:MAX_ENTRIES])
    return sha256((each.get("algorithm"), each.get("checksumValue")) for each in checksums)


def _publisher(path: Path, item: Object) -> tuple[str, Path] | None:
    """The originator, else the supplier, without the address behind the name."""
    for key in ("originator", "supplier"):
        match = _AGENT.fullmatch(text(item.get(key)))
        if match and match[1]:
            return match[1], (*path, key)
    return None


def _tools(creation: Object) -> Iterator[ToolPart]:
    """`Tool: syft-1.20.0`, as the specification writes name and version."""
    for creator in strings(creation.get("creators"))[:MAX_ENTRIES]:
        said = text(creator)
        if said.startswith(_TOOL):
            name, _, version = said.removeprefix(_TOOL).rpartition("-")
            numbered = bool(name) and version.removeprefix("v")[:1].isdigit()
            yield ToolPart(name, version) if numbered else ToolPart(said.removeprefix(_TOOL), "")
