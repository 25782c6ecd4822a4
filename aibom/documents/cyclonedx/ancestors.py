"""What a model is said to descend from: pedigrees, and properties that name a parent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.documents.cyclonedx.bom import Component, Object, component, entries, properties
from aibom.documents.limits import MAX_ANCESTRY
from aibom.documents.page import Page, Path
from aibom.formats.values import as_dict
from aibom.formats.wording import is_placeholder
from aibom.model import Ancestor, Evidence, Unknown

PARENT_PROPERTIES = ("base_model", "baseModel", "huggingface:baseModel", "huggingface:base_model")
"""Names under which other tools repeat the parent that the model card declares."""


def ancestors(owner: Component, part: str | None, page: Page) -> Iterator[Ancestor | Unknown]:
    """The pedigree of the model, or of one of its parts, and of its ancestors in turn."""
    pending: list[tuple[Path, Object, int]] = [(owner.path, owner.data, 0)]
    seen = {_mark(owner)}
    while pending:
        path, data, generation = pending.pop()
        listed = entries(as_dict(data.get("pedigree")).get("ancestors"))
        if generation == MAX_ANCESTRY:
            yield page.unknown(f"only {MAX_ANCESTRY} generations of the pedigree were read", path)
            continue
        for number, item in listed:
            found = component((*path, "pedigree", "ancestors", number), item)
            if _mark(found) in seen:
                yield page.unknown(f"the pedigree leads back to {found.name}; not read again", found.path)
                continue
            seen.add(_mark(found))
            pending.append((found.path, item, generation + 1))
            if found.name and not is_placeholder(found.name):
                yield Ancestor(found.name, part, None, _evidence(item), page.at(found.path))


def declared(subject: Component, page: Page) -> Iterator[Ancestor]:
    """Parents that properties of component or card name, as other tools write them."""
    card = as_dict(subject.data.get("modelCard"))
    for path, stated in (((), subject.properties), (("modelCard",), properties(card))):
        for name in PARENT_PROPERTIES:
            for value in stated.get(name, ()):
                if value and not is_placeholder(value):
                    yield Ancestor(value, locator=page.at((*subject.path, *path, "properties")))


def inverse(components: Sequence[Component], subject: Component, page: Page) -> Iterator[Ancestor]:
    """Components that list the subject among their descendants."""
    for each in components:
        for number, item in entries(as_dict(each.data.get("pedigree")).get("descendants")):
            path = (*each.path, "pedigree", "descendants", number)
            if each is not subject and _mark(component(path, item)) == _mark(subject):
                yield Ancestor(each.name, locator=page.at(path))


def _evidence(ancestor: Object) -> Evidence:
    """E1 where the document says what the descent rests on: how it was identified, or where it was seen."""
    evidence = as_dict(ancestor.get("evidence"))
    stated = evidence.get("identity") or evidence.get("occurrences")
    return Evidence.E1 if isinstance(stated, (dict, list)) else Evidence.E0


def _mark(each: Component) -> str:
    """What tells one model from another: its repository, else its bom-ref, else its name."""
    return each.name if each.identity else each.ref or each.name
