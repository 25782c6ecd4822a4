"""The questions: read from the published schema, so that form, check and schema are one.

A `title` of the schema is the question, a `description` says what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from aibom_schemas import schema

SCHEMA = "urn:aibom:schema:questionnaire:1"
"""`$id` of the schema that answers name."""
PARTS = "parts"
"""The section that is asked for each part."""
DOCUMENTS = "documents"

_BY_REFERENCE = "#/$defs/"


class Kind(StrEnum):
    """What an answer looks like."""

    LINE = "line"
    TEXT = "text"
    TEXTS = "texts"
    CHOICE = "choice"
    NUMBER = "number"
    YES = "yes"
    DAY = "day"
    DOCUMENTS = "documents"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        key: its name in the answers.
        kind: what its answer looks like.
        title, help: what is asked, and what is meant.
        required: whether a row is nothing without it.
        choices: the answers of a choice.
        pattern: regular expression of a line, or None.
        longest: most characters of a text.
        columns: the questions of each row.
    """

    key: str
    kind: Kind
    title: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    longest: int = 0
    columns: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Questions on one subject; of `documents` they stand in rows, of `parts` under each part's id."""

    key: str
    title: str
    help: str
    questions: tuple[Question, ...]


@cache
def sections() -> tuple[Section, ...]:
    """Every section, in the order of the schema."""
    document = schema("questionnaire")
    return tuple(_sections(document))


def _sections(document: dict[str, Any]) -> Iterator[Section]:
    definitions = document["$defs"]
    for key, content in document["properties"].items():
        if "title" not in content:
            continue  # the schema's own name
        holder = content
        if key == PARTS:
            holder = content["additionalProperties"]
        elif key == DOCUMENTS:
            holder = content["items"]
        yield Section(key, content["title"], content.get("description", ""), _questions(holder, definitions))


def _questions(holder: dict[str, Any], definitions: dict[str, Any]) -> tuple[Question, ...]:
    required = holder.get("required", ())
    return tuple(
        _question(key, content, key in required, definitions) for key, content in holder["properties"].items()
    )


def _question(key: str, content: dict[str, Any], required: bool, definitions: dict[str, Any]) -> Question:
    reference = content.get("$ref", "").removeprefix(_BY_REFERENCE)
    shape = definitions.get(reference, {}) | content
    return Question(
        key,
        _kind(shape, reference),
        shape["title"],
        shape.get("description", ""),
        required,
        tuple(choice for choice in shape.get("enum", ()) if choice is not None),
        shape.get("pattern"),
        shape.get("maxLength", 0),
        _questions(shape["items"], definitions) if "properties" in shape.get("items", {}) else (),
    )


def _kind(shape: dict[str, Any], reference: str) -> Kind:
    if reference in (Kind.DOCUMENTS, Kind.DAY, Kind.TEXT, Kind.TEXTS, Kind.YES):
        return Kind(reference)
    if "enum" in shape:
        return Kind.CHOICE
    types = shape.get("type", ())
    if "array" in types:
        return Kind.ROWS
    return Kind.NUMBER if "number" in types else Kind.LINE
