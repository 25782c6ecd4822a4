"""Datasets: components that are one, and those that the model card names or points at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aibom.bom.properties import Property
from aibom.documents.cyclonedx.bom import Component, Kind, Object, entries
from aibom.documents.identity import is_repository, of_url
from aibom.documents.page import Page, text
from aibom.formats.values import as_dict, as_str
from aibom.formats.wording import is_placeholder
from aibom.model import Dataset, Unknown

UNSTATED = "unstated"
"""Purpose of a dataset of which the document does not say what it was used for."""


def datasets(
    components: Sequence[Component], subject: Component | None, page: Page
) -> Iterator[Dataset | Unknown]:
    """Every dataset; one that card and component name alike comes once."""
    seen: set[str] = set()
    for each in components:
        if each.kind is Kind.DATASET and not each.part:
            for dataset in _component(each, page):
                seen.add(dataset.name)
                yield dataset
    if subject is not None:
        by_ref = {each.ref: each for each in components if each.ref}
        for found in _named(subject, by_ref, page):
            if isinstance(found, Unknown) or found.name not in seen:
                yield found


def _component(each: Component, page: Page) -> Iterator[Dataset]:
    name = each.name
    if not name or is_placeholder(name):
        return
    purl = each.identity.name if each.identity and each.identity.dataset else None
    known = purl or _hub_id(each.data) or _ident(name)
    for purpose in each.properties.get(Property.DATASET_PURPOSE, (UNSTATED,)):
        yield Dataset(name, page.at(each.path), known, purpose)


def _named(subject: Component, by_ref: Mapping[str, Component], page: Page) -> Iterator[Dataset | Unknown]:
    """`modelCard.modelParameters.datasets`: a reference, or the dataset itself."""
    parameters = as_dict(as_dict(subject.data.get("modelCard")).get("modelParameters"))
    for number, item in entries(parameters.get("datasets")):
        path = (*subject.path, "modelCard", "modelParameters", "datasets", number)
        ref = as_str(item.get("ref"))
        if ref is not None and ref in by_ref:
            continue  # the component itself is listed
        name = text(item.get("name")) or text(item.get("ref"))
        if ref is not None:
            yield page.unknown(f"no component has the bom-ref {name!r}; it is read as a dataset's name", path)
        if name and not is_placeholder(name):
            url = as_str(as_dict(item.get("contents")).get("url")) or ""
            named = of_url(url)
            yield Dataset(name, page.at(path), named.name if named else _ident(name), UNSTATED)


def _hub_id(data: Object) -> str | None:
    for _, reference in entries(data.get("externalReferences")):
        named = of_url(as_str(reference.get("url")) or "")
        if named and named.dataset:
            return named.name
    return None


def _ident(name: str) -> str | None:
    return name if is_repository(name) else None
