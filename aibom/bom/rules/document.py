"""A document of anyone's, indexed once for all rules. Nothing about its shape is taken for granted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]
Object = dict[str, Any]

_COMPONENT_LISTS = frozenset({"ancestors", "components", "descendants", "variants"})
_BOM_LINK = "urn:cdx:"
"""A reference into another document; it cannot be checked here."""
_REFERENCES = {
    "affects": ("ref",),
    "annotations": ("subjects",),
    "attestations": ("assessor",),
    "citations": ("attributedTo", "process"),
    "claims": ("target", "evidence", "counterEvidence", "mitigationStrategies"),
    "compositions": ("assemblies", "dependencies", "vulnerabilities"),
    "conformance": ("mitigationStrategies",),
    "datasets": ("ref",),
    "dependencies": ("ref", "dependsOn", "provides"),
    "identity": ("tools",),
    "levels": ("requirements",),
    "map": ("requirement", "claims", "counterClaims"),
    "requirements": ("parent",),
}
"""Members that hold bom-refs, by the member that their object stands in."""


class Document:
    """Objects, components, bom-refs and references of a JSON value of any shape.

    Attributes:
        root: the document, or an empty object where the value is none.
        within: objects with their paths, by the member that they, or their list, stand in.
        components: those that stand where a component does, in document order.
        bom_refs: every bom-ref with the path where it is given.
        not_numbers: paths of NaN and infinities.
    """

    def __init__(self, value: Any) -> None:
        self.root: Object = value if isinstance(value, dict) else {}
        self.within: dict[str, list[tuple[Path, Object]]] = {}
        self.components: list[tuple[Path, Object]] = []
        self.bom_refs: list[tuple[Path, str]] = []
        self.not_numbers: list[Path] = []
        stack: list[tuple[Path, str, Any]] = [((), "", value)]
        while stack:
            path, container, item = stack.pop()
            if isinstance(item, dict):
                self._enter(path, container, item)
                children = [((*path, key), key, child) for key, child in item.items() if _walked(child)]
            elif isinstance(item, list):
                children = [((*path, n), container, child) for n, child in enumerate(item) if _walked(child)]
            else:
                self.not_numbers.append(path)
                continue
            stack += reversed(children)

    def _enter(self, path: Path, container: str, item: Object) -> None:
        self.within.setdefault(container, []).append((path, item))
        if isinstance(item.get("bom-ref"), str):
            self.bom_refs.append(((*path, "bom-ref"), item["bom-ref"]))
        if path[-1:] == ("component",) or (container in _COMPONENT_LISTS and path[-1] != container):
            self.components.append((path, item))

    def references(self) -> Iterator[tuple[Path, str]]:
        """Every use of a bom-ref of this document."""
        for container, members in _REFERENCES.items():
            for path, item in self.within.get(container, ()):
                for name in members:
                    value = item.get(name)
                    if isinstance(value, str) and not value.startswith(_BOM_LINK):
                        yield (*path, name), value
                    elif isinstance(value, list):
                        for index, use in enumerate(value):
                            if isinstance(use, str) and not use.startswith(_BOM_LINK):
                                yield (*path, name, index), use

    @property
    def subject(self) -> Object:
        """`metadata.component`."""
        return member(member(self.root, "metadata"), "component")


def member(item: Object, key: str) -> Object:
    """The object under a key, or an empty one."""
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def items(item: Object, key: str) -> list[Object]:
    """The objects of the list under a key."""
    value = item.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(item: Object, key: str) -> str:
    """The text under a key, or an empty one."""
    value = item.get(key)
    return value if isinstance(value, str) else ""


def properties(item: Object) -> dict[str, list[str]]:
    """The values of each property of a component."""
    found: dict[str, list[str]] = {}
    for each in items(item, "properties"):
        found.setdefault(text(each, "name"), []).append(text(each, "value"))
    return found


def full_name(component: Object) -> str:
    """`group/name`, or the name alone."""
    return "/".join(part for part in (text(component, "group"), text(component, "name")) if part)


def _walked(value: Any) -> bool:
    """Whether a value is looked into: objects, lists, and the floats that are no numbers."""
    kind = type(value)
    return kind is dict or kind is list or (kind is float and not math.isfinite(value))
