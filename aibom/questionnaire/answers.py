"""Answers, once they are known to be well formed: what was answered, where it stands, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """What an answer rests on: its place (a path or URL) and the SHA-256 of its bytes, lower-case hex."""

    id: str
    place: str
    sha256: str
    title: str = ""
    remote: bool = False
    """Whether the place is a URL."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered question, or one row of those that are answered by rows.

    Attributes:
        key: dotted path in the answers (`use.intended`, `data.sources.0`, `parts.decoder-core.seed`).
        section, name: its section and the question's own key.
        part: the part's id, of the section `parts`.
        title: the question.
        words: the answer; several where the question takes several.
        fields: of a row, its named values.
        line: where it stands, from 1.
        documents: what it rests on.
    """

    key: str
    section: str
    name: str
    title: str
    words: tuple[str, ...]
    line: int
    part: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    documents: tuple[Document, ...] = ()

    @property
    def text(self) -> str:
        """The answer as one text."""
        if self.fields:
            return "; ".join(f"{name}: {value}" for name, value in self.fields)
        return "; ".join(self.words)

    def field(self, name: str) -> str | None:
        """A named value of a row."""
        return dict(self.fields).get(name)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one vendor on one model. What was left empty is not among them.

    Attributes:
        name: of the file.
        digest: SHA-256 of the file.
        model, revision: what they are for; without a commit they are for each.
        respondent: the organisation that answers, as it calls itself.
        day: when, ISO 8601.
        documents: all that are named, by id.
        given: by the order of the questions.
        asked: how many questions there were.
    """

    name: str
    digest: str
    model: str
    revision: str | None = None
    respondent: str | None = None
    day: str | None = None
    documents: tuple[Document, ...] = ()
    given: tuple[Answer, ...] = ()
    asked: int = 0

    def get(self, section: str, name: str, part: str | None = None) -> Answer | None:
        """The answer to one question."""
        found = (item for item in self.given if (item.section, item.name, item.part) == (section, name, part))
        return next(found, None)

    def rows(self, section: str, name: str) -> tuple[Answer, ...]:
        """Every row of one question."""
        return tuple(item for item in self.given if (item.section, item.name) == (section, name))

    def first(self, section: str, name: str, part: str | None = None) -> str | None:
        """The first word of one answer, or None."""
        answer = self.get(section, name, part)
        return answer.words[0] if answer else None

    @property
    def answered(self) -> int:
        """How many of the questions that were asked have an answer; rows of one count once."""
        return len({(item.section, item.part, item.name) for item in self.given})

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the parts that something is said of."""
        return tuple(dict.fromkeys(item.part for item in self.given if item.part is not None))
