"""Who publishes the model, and the organisations that our own properties list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from aibom.bom.problem import pointer_to
from aibom.bom.properties import Property
from aibom.documents.cyclonedx.bom import DESCRIBED, Component, Object
from aibom.documents.page import Path, stated, text
from aibom.formats.values import JsonValue, as_dict, as_list
from aibom.formats.wording import is_placeholder
from aibom.model import OrganisationRef

Organisations = Mapping[str, OrganisationRef]
"""Organisations by id."""
_HEAD = Property.ORGANISATION_NAME.value.partition("<")[0]
_TAIL = Property.ORGANISATION_NAME.value.rpartition(">")[2]


def listed(subject: Component) -> dict[str, OrganisationRef]:
    """The organisations of `aibom:organisation:<id>:…`; a country only where its source stands."""
    idents = (name[len(_HEAD) : -len(_TAIL)] for name in subject.properties if name.startswith(_HEAD))
    found = {}
    for ident in idents:
        name = subject.one(Property.ORGANISATION_NAME.of(ident))
        if name:
            source = subject.one(Property.ORGANISATION_SOURCE.of(ident))
            found[unquote(ident)] = OrganisationRef(
                unquote(ident),
                name,
                (subject.one(Property.ORGANISATION_COUNTRY.of(ident)) or None) if source else None,
                (subject.one(Property.ORGANISATION_ULTIMATE.of(ident)) or None) if source else None,
                source,
            )
    return found


def publisher(root: Object, subject: Component) -> OrganisationRef | None:
    """The model's manufacturer, else publisher, author or supplier, with the place as its source.

    `metadata.supplier` supplies the component that the document describes, so it counts where the model is
    that one.
    """
    own = subject.one(Property.MANUFACTURER_ID)
    for path, name, country in _stated(root, subject):
        if name and not is_placeholder(name):
            if own and path[-1] == "manufacturer":
                return _resolved(own, name, subject)
            return stated(name, country, f"stated at {pointer_to(path)}")
    return None


def _resolved(ident: str, name: str, subject: Component) -> OrganisationRef:
    source = subject.one(Property.MANUFACTURER_SOURCE)
    country = subject.one(Property.MANUFACTURER_COUNTRY) or None
    ultimate = subject.one(Property.MANUFACTURER_ULTIMATE) or None
    return OrganisationRef(ident, name, country if source else None, ultimate if source else None, source)


def _stated(root: Object, subject: Component) -> Iterator[tuple[Path, str, JsonValue]]:
    """Place, name and country of everyone who may be the publisher, the likeliest first."""
    data = subject.data
    yield _entity((*subject.path, "manufacturer"), data.get("manufacturer"))
    for key in ("publisher", "author"):
        yield (*subject.path, key), text(data.get(key)), None
    for number, author in enumerate(as_list(data.get("authors"))[:1]):
        yield (*subject.path, "authors", number), text(as_dict(author).get("name")), None
    yield _entity((*subject.path, "supplier"), data.get("supplier"))
    if subject.path == DESCRIBED:
        for key in ("manufacture", "supplier"):
            yield _entity(("metadata", key), as_dict(root.get("metadata")).get(key))


def _entity(path: Path, value: JsonValue) -> tuple[Path, str, JsonValue]:
    entity = as_dict(value)
    return path, text(entity.get("name")), as_dict(entity.get("address")).get("country")
