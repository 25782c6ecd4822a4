"""What a vocabulary asks for, and what a document has of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How an element stands in a document."""

    PRESENT = "present"
    """Found in the model's own bytes, or, of elements about the document, in the document."""
    DECLARED = "declared"
    """Stated by model card, configuration, Hub or vendor; nobody checked it."""
    MISSING = "missing"


class Supply(StrEnum):
    """Who can supply an element."""

    AUTOMATIC = "a tool that reads the model"
    CARD = "the model's developer, in the model card or configuration"
    VENDOR = "the vendor, in the questionnaire"
    AUTHOR = "whoever issues the BOM"
    REVIEW = "a reviewer"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element may stand (see `aibom.compliance.places`), and what it counts as there."""

    where: str
    status: Status


def seen(*places: str) -> tuple[Place, ...]:
    """Places of values that a tool finds."""
    return tuple(Place(place, Status.PRESENT) for place in places)


def said(*places: str) -> tuple[Place, ...]:
    """Places of values that somebody states."""
    return tuple(Place(place, Status.DECLARED) for place in places)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a vocabulary.

    Attributes:
        ident: its id there.
        name: what it is called there.
        cluster: the group that it stands in.
        places: where a CycloneDX document may hold it.
        supply: who can supply it, the likeliest first.
        how: what to do where it is missing.
        questions: fields of the questionnaire by which the vendor answers, the likeliest first.
        cyclonedx, spdx, law: its place in CycloneDX, in SPDX 3.0.1, and in Annex XI of the EU AI Act
            (with the item of the model documentation form), for people; empty where there is none.
        source: where aibom gets it; empty where it cannot.
    """

    ident: str
    name: str
    cluster: str
    places: tuple[Place, ...]
    supply: tuple[Supply, ...]
    how: str
    questions: tuple[str, ...] = ()
    cyclonedx: str = ""
    spdx: str = ""
    law: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A published list of elements.

    Attributes:
        ident: its name on the command line.
        title: for people.
        date: of the publication.
        source: whose list, and through what it was read.
        note: what the list is and is not.
        elements: in their order.
    """

    ident: str
    title: str
    date: str
    source: str
    note: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One value.

    Attributes:
        value: as text of at most 120 characters.
        pointer: the JSON pointer of where it stands.
        status: what it counts as.
        label: name of the property, type of the measure or algorithm of the digest that it is the value
            of; else empty.
    """

    value: str
    pointer: str
    status: Status
    label: str = ""

    @property
    def text(self) -> str:
        """The value with its label."""
        return f"{self.label}: {self.value}" if self.label else self.value


@dataclass(frozen=True, slots=True)
class Answer:
    """What a document has of one element.

    Attributes:
        element: what was asked.
        status: the best status of any value.
        found: up to five values, those of the best status first.
        count: values in all, as far as they were counted.
        held, of: of an element that several components should each have: how many have it; else None.
    """

    element: Element
    status: Status
    found: tuple[Found, ...] = ()
    count: int = 0
    held: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class ElementsReport:
    """A document held against a vocabulary, element by element.

    Attributes:
        vocabulary: the list.
        subject: name of the model that the document is of, or empty.
        version: its version, or empty.
        document: format and version of the document (`CycloneDX 1.7`).
        answers: one for each element, in the vocabulary's order.
    """

    vocabulary: Vocabulary
    subject: str
    version: str
    document: str
    answers: tuple[Answer, ...]

    def of(self, status: Status) -> tuple[Answer, ...]:
        """The answers of one status."""
        return tuple(answer for answer in self.answers if answer.status is status)

    def answer(self, ident: str) -> Answer:
        """The answer to one element.

        Raises:
            KeyError: the vocabulary has no such element.
        """
        for answer in self.answers:
            if answer.element.ident == ident:
                return answer
        raise KeyError(ident)
