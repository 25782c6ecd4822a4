"""A document held against a vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from aibom.bom.problem import pointer_to
from aibom.compliance.element import Answer, Element, ElementsReport, Found, Place, Status, Vocabulary
from aibom.compliance.places import ENOUGH, SCOPES, Looked, Owner, Value, parse
from aibom.compliance.vocabularies.g7 import G7
from aibom.formats.values import as_str, clean

MAX_FOUND = 5
"""Values told of one element."""
MAX_COUNTED = 10_000
"""Values counted below one owner."""


def elements(document: Any, vocabulary: Vocabulary = G7) -> ElementsReport:
    """What a CycloneDX document, ours or anyone's, has of each element of a vocabulary.

    The document need not be valid, nor an object; nothing that JSON can hold raises. A placeholder
    (`unknown`, `No description available`) is no value.
    """
    looked = Looked(document)
    scopes = {scope: find(looked) for scope, find in SCOPES.items()}
    model = looked.model[1]
    return ElementsReport(
        vocabulary=vocabulary,
        subject=_subject(model),
        version=clean(as_str(model.get("version")) or "", 100),
        document=_format(looked.document),
        answers=tuple(_answer(looked, scopes, element) for element in vocabulary.elements),
    )


def _answer(looked: Looked, scopes: dict[str, tuple[Owner, ...]], element: Element) -> Answer:
    found: list[Found] = []
    count = 0
    holders: set[str] = set()
    shared = _shared_scope(element)
    for place in sorted(element.places, key=lambda place: place.status is not Status.PRESENT):
        scope, _ = parse(place.where)
        for owner in scopes[scope]:
            values = [*_values(looked, owner, place)]
            count += len(values)
            found += values[: MAX_FOUND - len(found)]
            if values and scope == shared:
                holders.add(pointer_to(owner[0]))
    answered = [
        Found(each.text, each.pointer, Status.DECLARED, each.label) for each in _answered(looked, element)
    ]
    count += len(answered)
    found += answered[: MAX_FOUND - len(found)]
    status = found[0].status if found else Status.MISSING
    if shared is None or not scopes[shared]:
        return Answer(element, status, tuple(found), count)
    return Answer(element, status, tuple(found), count, len(holders), len(scopes[shared]))


def _values(looked: Looked, owner: Owner, place: Place) -> Iterator[Found]:
    steps = parse(place.where)[1]
    for value in islice(looked.values(owner, steps), MAX_COUNTED):
        yield Found(value.text, value.pointer, place.status, value.label)


def _answered(looked: Looked, element: Element) -> Iterator[Value]:
    """What the vendor answered to the questions on the element."""
    return (value for question in element.questions for value in looked.answers(question))


def _shared_scope(element: Element) -> str | None:
    """The scope whose owners should each have the element, if there is one."""
    scopes = (parse(place.where)[0] for place in element.places)
    return next((scope for scope in scopes if scope not in ENOUGH), None)


def _subject(model: dict[str, Any]) -> str:
    group, name = (clean(as_str(model.get(key)) or "", 200) for key in ("group", "name"))
    return f"{group}/{name}" if group and name else name


def _format(document: dict[str, Any]) -> str:
    named = (clean(as_str(document.get(key)) or "", 40) for key in ("bomFormat", "specVersion"))
    return " ".join(word for word in named if word)
