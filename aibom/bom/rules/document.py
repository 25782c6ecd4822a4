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
        objects: every object with its path, in document order.
        components: those that stand where a component does.
        not_numbers: paths of NaN and infinities.
    """

    def __init__(self, value: Any) -> None:
        self.root: Object = value if isinstance(value, dict) else {}
        self.objects: list[tuple[Path, Object]] = []
        self.not_numbers: list[Path] = []
        stack: list[tuple[Path, Any]] = [((), value)]
        while stack:
            path, item = stack.pop()
            if isinstance(item, dict):
                self.objects.append((path, item))
                stack += [((*path, str(key)), child) for key, child in reversed(item.items())]
            elif isinstance(item, list):
                stack += [((*path, index), item[index]) for index in reversed(range(len(item)))]
            elif isinstance(item, float) and not math.isfinite(item):
                self.not_numbers.append(path)
        self.components = [(path, item) for path, item in self.objects if _is_component(path)]

    def references(self) -> Iterator[tuple[Path, str]]:
        """Every use of a bom-ref of this document."""
        for path, item in self.objects:
            for member in _REFERENCES.get(container(path), ()):
                value = item.get(member)
                uses = value if isinstance(value, list) else [value]
                for index, use in enumerate(uses):
                    if isinstance(use, str) and not use.startswith(_BOM_LINK):
                        yield ((*path, member, index) if isinstance(value, list) else (*path, member)), use

    def definitions(self) -> Iterator[tuple[Path, str]]:
        """Every bom-ref, where it is given."""
        for path, item in self.objects:
            if isinstance(item.get("bom-ref"), str):
                yield (*path, "bom-ref"), item["bom-ref"]

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


def container(path: Path) -> str:
    """The last member name on a path: what an object, or its list, stands in."""
    return next((token for token in reversed(path) if isinstance(token, str)), "")


def full_name(component: Object) -> str:
    """`group/name`, or the name alone."""
    return "/".join(part for part in (text(component, "group"), text(component, "name")) if part)


def _is_component(path: Path) -> bool:
    if path[-1:] == ("component",):
        return True
    return len(path) > 1 and isinstance(path[-1], int) and path[-2] in _COMPONENT_LISTS
