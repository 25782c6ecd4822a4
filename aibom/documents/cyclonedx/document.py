"""A CycloneDX document in JSON, of any version and from any tool, as a dossier."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from aibom.bom.properties import Property
from aibom.documents.cyclonedx.ancestors import ancestors, declared, inverse
from aibom.documents.cyclonedx.bom import Component, Object, properties, walk
from aibom.documents.cyclonedx.claims import claims
from aibom.documents.cyclonedx.datasets import datasets
from aibom.documents.cyclonedx.files import files, paths
from aibom.documents.cyclonedx.licences import licences
from aibom.documents.cyclonedx.organisations import listed, publisher
from aibom.documents.cyclonedx.own import origins, score, unknowns
from aibom.documents.cyclonedx.parts import identified, owned_files, parts
from aibom.documents.cyclonedx.subject import choose, revision
from aibom.documents.dossier import assemble
from aibom.documents.limits import MAX_ENTRIES
from aibom.documents.page import Page, Read, member, text
from aibom.formats.values import JsonValue, as_dict, as_list
from aibom.model import WHOLE_MODEL, Ancestor, Depth, Dossier, ToolPart, Unknown


def read_cyclonedx(root: Object, page: Page, digest: str) -> Dossier:
    """What the document says; `digest` is its SHA-256."""
    components, cut = walk(root, page)
    subject, unclear = choose(components, page)
    metadata = as_dict(root.get("metadata"))
    about = properties(metadata)
    told = unknowns(about.get(Property.UNKNOWN, ()))
    read = chain(cut, unclear, told, _read(root, components, subject, page))
    if subject is None:
        return assemble(page, _form(root), "", digest, read, tools=_tools(metadata))
    card = as_dict(as_dict(subject.data.get("modelCard")).get("modelParameters"))
    return assemble(
        page,
        _form(root),
        subject.name,
        digest,
        read,
        tools=_tools(metadata),
        revision=revision(subject),
        publisher=publisher(root, subject),
        depth=member(Depth, next(iter(about.get(Property.DEPTH, ())), None)),
        task=text(card.get("task")) or None,
        score=score(root, subject),
    )


def _read(
    root: Object, components: tuple[Component, ...], subject: Component | None, page: Page
) -> Iterator[Read]:
    above = tuple(_above(components, subject, page)) if subject else ()
    yield from above
    parents = {each.name for each in above if isinstance(each, Ancestor)}
    named = identified(components, subject, parents)
    yield from parts(named, owned_files(root, paths(components)), subject.name if subject else "", page)
    yield from files(components, subject, page)
    yield from datasets(components, subject, page)
    organisations = listed(subject) if subject else {}
    if subject is not None:
        yield from licences(subject, None, page)
        yield from origins(subject, WHOLE_MODEL, organisations, page)
    for owner, ident in named:
        yield from licences(owner, ident, page)
        yield from origins(owner, ident, organisations, page)
        yield from ancestors(owner, ident, page)
    idents = {each.ref: ident for each, ident in reversed(named) if each.ref}
    yield from claims(root, idents, organisations)


def _above(components: tuple[Component, ...], subject: Component, page: Page) -> Iterator[Ancestor | Unknown]:
    """What the model as a whole is said to descend from."""
    yield from ancestors(subject, None, page)
    yield from declared(subject, page)
    yield from inverse(components, subject, page)


def _form(root: Object) -> str:
    return f"CycloneDX {text(root.get('specVersion'), 20) or 'without version'}"


def _tools(metadata: Object) -> tuple[ToolPart, ...]:
    """Of the present form (`tools.components`, `tools.services`) and of the older one, a list."""
    tools = metadata.get("tools")
    found = as_list(tools) or [
        each for key in ("components", "services") for each in as_list(as_dict(tools).get(key))
    ]
    return tuple(_tool(as_dict(each)) for each in found[:MAX_ENTRIES] if text(as_dict(each).get("name")))


def _tool(tool: dict[str, JsonValue]) -> ToolPart:
    return ToolPart(text(tool.get("name")), text(tool.get("version")), text(tool.get("description")))
