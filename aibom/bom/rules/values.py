"""Rules on values that are none."""

from __future__ import annotations

from collections.abc import Callable

from aibom.bom.problem import Level
from aibom.bom.rules.document import Document, Object, Path, text
from aibom.bom.rules.rule import Hits, rule
from aibom.bom.schemas import spdx_ids
from aibom.formats.wording import is_licence_placeholder, is_placeholder

_COMPONENT = ("author", "copyright", "description", "publisher", "version")
_BY_CONTAINER = {
    "author": ("name",),
    "authors": ("name",),
    "copyright": ("text",),
    "data": ("description",),
    "inputs": ("format",),
    "manufacturer": ("name",),
    "modelParameters": ("task", "architectureFamily", "modelArchitecture"),
    "organization": ("name",),
    "outputs": ("format",),
    "performanceMetrics": ("type", "value"),
    "supplier": ("name",),
}
"""Members that must say something, by what their object stands in."""
_CONSIDERATIONS = ("users", "useCases", "technicalLimitations", "performanceTradeoffs")


@rule("placeholder", Level.ERROR, "A word that says nothing stands as a value")
def placeholder(document: Document) -> Hits:
    """`unknown` or `No description available` count as filled in; a field without a value must be absent."""
    for path, component in document.components:
        yield from _empty(path, component, _COMPONENT, is_placeholder)
    for container, keys in _BY_CONTAINER.items():
        for path, item in document.within.get(container, ()):
            yield from _empty(path, item, keys, is_placeholder)
    for container in ("license", "licenses"):
        for path, item in document.within.get(container, ()):
            yield from _empty(path, item, ("id", "name", "expression"), is_licence_placeholder)
    for path, item in document.within.get("considerations", ()):
        for key in _CONSIDERATIONS:
            listed = item.get(key)
            for index, value in enumerate(listed if isinstance(listed, list) else ()):
                if isinstance(value, str) and is_placeholder(value):
                    yield (*path, key, index), f"{value[:60]!r} says nothing"


@rule("licence-not-spdx", Level.ERROR, "`license.id` is not on the SPDX list")
def licence_not_spdx(document: Document) -> Hits:
    """An id is looked up; what is not on the list belongs into `license.name`."""
    for path, item in document.within.get("license", ()):
        if text(item, "id") and text(item, "id") not in spdx_ids():
            yield (*path, "id"), f"{text(item, 'id')!r} is no SPDX licence id"


@rule("not-a-number", Level.ERROR, "A number is NaN or infinite")
def not_a_number(document: Document) -> Hits:
    """JSON knows neither; other readers refuse the document."""
    for path in document.not_numbers:
        yield path, "not a finite number"


def _empty(path: Path, item: Object, keys: tuple[str, ...], says_nothing: Callable[[str], bool]) -> Hits:
    for key in keys:
        if isinstance(item.get(key), str) and says_nothing(item[key]):
            yield (*path, key), f"{item[key][:60]!r} says nothing"
