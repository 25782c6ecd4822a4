"""SPDX 3.0 in JSON-LD, with the AI and Dataset profiles: a walk over the graph as it is written.

The context is taken for granted and never fetched; names count in the short form that it defines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from aibom.documents.dossier import assemble
from aibom.documents.hashes import sha256
from aibom.documents.identity import MODEL_PURLS, Identity, of_purl, of_url
from aibom.documents.limits import LONGEST_PATH, MAX_COMPONENTS, MAX_ENTRIES
from aibom.documents.page import Page, Path, text
from aibom.documents.spdx.graph import Element, Graph, Kind, Link, publisher, revision, subject, tell
from aibom.formats.values import JsonValue, as_dict, as_list, as_str
from aibom.model import Dossier, ToolPart

Object = dict[str, JsonValue]
_CONTEXT = re.compile(r"https?://(?:www\.)?spdx\.(?:org|github\.io)/.*", re.DOTALL)
_VERSION = re.compile(r"/(3\.[0-9]+(?:\.[0-9]+)?)/")
_KINDS = {
    "ai_AIPackage": Kind.MODEL,
    "dataset_DatasetPackage": Kind.DATASET,
    "software_File": Kind.FILE,
    "software_Package": Kind.PACKAGE,
}
_LINKS = {
    "contains": (Link.CONTAINS, False),
    "hasDataFile": (Link.CONTAINS, False),
    "descendantOf": (Link.DESCENDS, False),
    "ancestorOf": (Link.DESCENDS, True),
    "trainedOn": (Link.TRAINED, False),
    "finetunedOn": (Link.TRAINED, False),
    "testedOn": (Link.TESTED, False),
}
"""Relationship types that are read, and whether source and target change places."""
_LICENCES = {"hasDeclaredLicense": False, "hasConcludedLicense": True}
_COLLECTIONS = frozenset({"SpdxDocument", "Bom", "software_Sbom"})
_LISTED = re.compile(r"(?:https?://spdx\.org/licenses/)?([A-Za-z0-9.+-]+)")


def is_spdx3(root: Object) -> bool:
    """Whether an object is SPDX 3 in JSON-LD, by its context."""
    contexts = root.get("@context")
    every = contexts if isinstance(contexts, list) else [contexts]
    return any(_CONTEXT.fullmatch(each) for each in every if isinstance(each, str))


def read_spdx3(root: Object, page: Page, digest: str) -> Dossier:
    """What the document says."""
    nodes = dict(_nodes(root))
    graph = Graph()
    for ident, (path, node) in nodes.items():
        kind = _KINDS.get(_type(node))
        if kind is not None:
            graph.elements[ident] = _element(ident, kind, path, node, nodes)
    for path, node in nodes.values():
        if _type(node).endswith("Relationship"):
            _relationship(graph, path, node, nodes)
    graph.roots += _roots(nodes)
    model, unclear = subject(graph, page)
    cut = (
        [page.unknown(f"only the first {MAX_COMPONENTS:,} elements were read")]
        if len(nodes) >= MAX_COMPONENTS
        else []
    )
    read = chain(cut, unclear, tell(graph, model, page))
    return assemble(
        page,
        f"SPDX {_version(root, nodes)}",
        model.full_name if model else "",
        digest,
        read,
        tools=tuple(_tools(nodes)),
        revision=revision(model) if model else None,
        publisher=publisher(model) if model else None,
    )


Nodes = dict[str, tuple[Path, Object]]


def _nodes(root: Object) -> Iterator[tuple[str, tuple[Path, Object]]]:
    """The elements of the graph by id, or by number without one; of two with one id the last counts."""
    graph = root.get("@graph")
    listed = as_list(graph) if graph is not None else [root]
    for number, node in enumerate(listed[:MAX_COMPONENTS]):
        if isinstance(node, dict):
            path: Path = ("@graph", number) if graph is not None else ()
            yield _id(node) or f"_:{number}", (path, node)


def _id(node: Object) -> str | None:
    return as_str(node.get("spdxId")) or as_str(node.get("@id"))


def _type(node: Object) -> str:
    return as_str(node.get("type")) or as_str(node.get("@type")) or ""


def _many(value: JsonValue) -> list[JsonValue]:
    """The values of a property: JSON-LD writes one without a list."""
    if isinstance(value, list):
        return value[:MAX_COMPONENTS]
    return [] if value is None else [value]


def _resolved(value: JsonValue, nodes: Nodes) -> Object:
    """The element that a value names or is."""
    if isinstance(value, str):
        return nodes[value][1] if value in nodes else {}
    return as_dict(value)


def _ref(value: JsonValue) -> str:
    return (as_str(value) or _id(as_dict(value))) or ""


def _element(ident: str, kind: Kind, path: Path, node: Object, nodes: Nodes) -> Element:
    hashes = map(as_dict, _many(node.get("verifiedUsing"))[:MAX_ENTRIES])
    digest, complaint = sha256((each.get("algorithm"), each.get("hashValue")) for each in hashes)
    identity = _identity(node)
    if identity and identity.dataset is not (kind is Kind.DATASET):
        identity = None
    return Element(
        ident=ident,
        kind=kind,
        name=text(node.get("name"), LONGEST_PATH),
        path=path,
        identity=identity,
        version=text(node.get("software_packageVersion")),
        publisher=_publisher(path, node, nodes),
        sha256=digest,
        complaint=complaint,
    )


def _identity(node: Object) -> Identity | None:
    """By a package URL of a model, else by the download location or home page on the Hub."""
    stated = [node.get("software_packageUrl")]
    for each in map(as_dict, _many(node.get("externalIdentifier"))[:MAX_ENTRIES]):
        stated.append(each.get("identifier"))
    for value in stated:
        named = of_purl(as_str(value) or "")
        if named and named.kind in MODEL_PURLS:
            return named
    pages = (node.get("software_downloadLocation"), node.get("software_homePage"))
    return next((found for page in pages if (found := of_url(as_str(page) or ""))), None)


def _publisher(path: Path, node: Object, nodes: Nodes) -> tuple[str, Path] | None:
    """Who it originates from, else who supplies it."""
    for key in ("originatedBy", "suppliedBy"):
        for value in _many(node.get(key))[:MAX_ENTRIES]:
            name = text(_resolved(value, nodes).get("name"))
            if name:
                return name, (*path, key)
    return None


def _relationship(graph: Graph, path: Path, node: Object, nodes: Nodes) -> None:
    kind, source = as_str(node.get("relationshipType")) or "", _ref(node.get("from"))
    for target in _many(node.get("to")):
        if kind in _LINKS:
            link, turned = _LINKS[kind]
            pair = (_ref(target), source) if turned else (source, _ref(target))
            graph.links.append((pair[0], link, pair[1], path))
        elif kind in _LICENCES:
            graph.licences.append((source, _licence(target, nodes), _LICENCES[kind], path))


def _licence(value: JsonValue, nodes: Nodes) -> str:
    """An expression, the name of a licence of its own, or the id of the SPDX list."""
    node = _resolved(value, nodes)
    expression = text(node.get("simplelicensing_licenseExpression")) or text(node.get("name"))
    if expression:
        return expression
    listed = _LISTED.fullmatch(_ref(value))
    return listed[1] if listed else ""


def _roots(nodes: Nodes) -> Iterator[str]:
    """Root elements of document and BOM."""
    for _, node in nodes.values():
        if _type(node) in _COLLECTIONS:
            yield from filter(None, map(_ref, _many(node.get("rootElement"))))


def _version(root: Object, nodes: Nodes) -> str:
    """As the creation information says, else as the context does."""
    for _, node in nodes.values():
        if _type(node) == "CreationInfo" and text(node.get("specVersion"), 20):
            return text(node.get("specVersion"), 20)
    contexts = [each for each in _many(root.get("@context")) if isinstance(each, str)]
    return next((match[1] for each in contexts if (match := _VERSION.search(each[:200]))), "3")


def _tools(nodes: Nodes) -> Iterator[ToolPart]:
    for _, node in nodes.values():
        if _type(node) == "Tool" and text(node.get("name")):
            yield ToolPart(text(node.get("name")), "")
