"""Licences of the model and its parts: declared, or concluded from a text that is carried."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.bom.properties import Property
from aibom.documents.cyclonedx.bom import Component, Object, entries
from aibom.documents.page import Page, text
from aibom.formats.licences import spdx
from aibom.formats.values import as_dict
from aibom.formats.wording import is_licence_placeholder
from aibom.model import Licence, Locator


def licences(owner: Component, part: str | None, page: Page) -> Iterator[Licence]:
    """What a component declares, then what stands concluded or in its evidence."""
    for number, choice in entries(owner.data.get("licenses")):
        yield from _licence(choice, False, part, page.at((*owner.path, "licenses", number)))
    evidence = as_dict(owner.data.get("evidence"))
    for number, choice in entries(evidence.get("licenses")):
        yield from _licence(choice, True, part, page.at((*owner.path, "evidence", "licenses", number)))
    for words in owner.properties.get(Property.DECLARED_LICENCE, ()):
        yield Licence(words, page.at((*owner.path, "properties")), part=part)


def _licence(choice: Object, carried: bool, part: str | None, place: Locator) -> Iterator[Licence]:
    """One choice: `{"expression": …}` or `{"license": {"id" or "name": …}}`."""
    named = as_dict(choice.get("license"))
    words = text(choice.get("expression")) or text(named.get("id")) or text(named.get("name"))
    how = text(named.get("acknowledgement")) or text(choice.get("acknowledgement"))
    if words and not is_licence_placeholder(words):
        yield Licence(words, place, spdx(words), carried or how == "concluded", part)
