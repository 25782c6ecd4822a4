"""A CycloneDX document's components, walked once within bounds, and what each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from aibom.bom.properties import Property
from aibom.documents.identity import MODEL_PURLS, Identity, of_purl, of_url
from aibom.documents.limits import MAX_COMPONENTS, MAX_ENTRIES, MAX_PROPERTIES
from aibom.documents.page import Page, Path, text
from aibom.formats.values import JsonValue, as_dict, as_list, as_str, clean
from aibom.model import Unknown

Object = dict[str, JsonValue]
DESCRIBED: Path = ("metadata", "component")
"""Where the component stands that the document describes."""


class Kind(StrEnum):
    """What a component is to a model."""

    MODEL = "model"
    DATASET = "dataset"
    FILE = "file"
    DATA = "data"
    """Configuration or other data that is no dataset: a tokenizer, for instance."""
    SOFTWARE = "software"


@dataclass(frozen=True, slots=True)
class Component:
    """One component with its place, its properties by name, and what its package URL or address names."""

    path: Path
    data: Object
    kind: Kind
    properties: Mapping[str, tuple[str, ...]]
    identity: Identity | None

    @property
    def ref(self) -> str | None:
        """Its bom-ref."""
        return as_str(self.data.get("bom-ref"))

    @property
    def part(self) -> str:
        """The id of the part that it is, where the document says so; else empty."""
        return self.one(Property.PART_ID)

    def one(self, name: str) -> str:
        """The first value of a property; empty where there is none."""
        return next(iter(self.properties.get(name, ())), "")

    @property
    def name(self) -> str:
        """`org/name` where it is a repository's, else group and name as written."""
        group, name = text(self.data.get("group")), text(self.data.get("name"))
        if self.identity and self.identity.kind in MODEL_PURLS:
            return self.identity.name
        return f"{group}/{name}" if group and name and not name.startswith(f"{group}/") else name or group


def entries(value: JsonValue) -> Iterator[tuple[int, Object]]:
    """The objects of a list with their numbers, within the bound."""
    for number, item in enumerate(islice(as_list(value), MAX_ENTRIES)):
        if isinstance(item, dict):
            yield number, item


def properties(owner: Object) -> dict[str, tuple[str, ...]]:
    """The values of each property, in their order."""
    found: dict[str, list[str]] = {}
    for item in as_list(owner.get("properties"))[:MAX_PROPERTIES]:
        entry = as_dict(item)
        name, value = as_str(entry.get("name")), as_str(entry.get("value"))
        if name and value is not None:
            found.setdefault(name, []).append(clean(value, 1000))
    return {name: tuple(values) for name, values in found.items()}


def component(path: Path, data: Object) -> Component:
    """A component as it stands."""
    identity, stated = _identity(data), properties(data)
    return Component(path, data, _kind(data, identity, stated), stated, identity)


def walk(root: Object, page: Page) -> tuple[tuple[Component, ...], tuple[Unknown, ...]]:
    """`metadata.component`, then all components in document order, nested ones after their owner."""
    found: list[Component] = []
    described = as_dict(as_dict(root.get("metadata")).get("component"))
    stack = _children((), root)
    if described:
        stack.append((DESCRIBED, described))
    while stack and len(found) < MAX_COMPONENTS:
        path, data = stack.pop()
        found.append(component(path, data))
        stack += _children(path, data)
    left = page.unknown(f"only the first {MAX_COMPONENTS:,} components were read")
    return tuple(found), (left,) if stack else ()


def _children(path: Path, owner: Object) -> list[tuple[Path, Object]]:
    """Nested components, the last one first: the walk takes from the end."""
    nested = as_list(owner.get("components"))[: MAX_COMPONENTS + 1]
    listed = [((*path, "components", n), item) for n, item in enumerate(nested) if isinstance(item, dict)]
    return list(reversed(listed))


def _identity(data: Object) -> Identity | None:
    """By the package URL, else the bom-ref where it is one, else a page of the Hub of the same name."""
    for value in (data.get("purl"), data.get("bom-ref")):
        found = of_purl(as_str(value) or "")
        if found and found.kind in MODEL_PURLS:
            return found
    name = text(data.get("name")).rpartition("/")[2].lower()
    for _, reference in entries(data.get("externalReferences")):
        page = of_url(as_str(reference.get("url")) or "")
        if page and not page.dataset and page.name.rpartition("/")[2].lower() == name:
            return page
    return None


def _kind(data: Object, identity: Identity | None, stated: Mapping[str, object]) -> Kind:
    """By type; a model by its package URL too, since the type is younger than CycloneDX 1.4.

    A part of ours that stands for several files of code is of type file, and is none.
    """
    kind = as_str(data.get("type"))
    if kind == "file":
        several = Property.PART_ID in stated and Property.FILE_KIND not in stated
        return Kind.DATA if several else Kind.FILE
    if kind == "data":
        types = {as_str(item.get("type")) for _, item in entries(data.get("data"))}
        return Kind.DATA if types and "dataset" not in types else Kind.DATASET
    if identity and identity.dataset:
        return Kind.DATASET
    named = of_purl(as_str(data.get("purl")) or "")
    is_model = kind == "machine-learning-model" or bool(named and named.kind in MODEL_PURLS)
    return Kind.MODEL if is_model else Kind.SOFTWARE
