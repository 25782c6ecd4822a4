"""A file of answers, held against the schema and against itself: hostile until both have passed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aibom.errors import DataError, FormatError, LimitError
from aibom.formats.files import read_up_to
from aibom.formats.lines import Lines
from aibom.formats.text import JsonValue, as_dict, as_list, clean, parse_json, read_yaml, utf8
from aibom.formats.wording import is_placeholder
from aibom.questionnaire.answers import Answer, Answers, Document
from aibom.questionnaire.faults import Fault, Place, contents, dotted, own_faults, schema_faults
from aibom.questionnaire.questions import DOCUMENTS, PARTS, Kind, Question, Section

MAX_BYTES = 1024 * 1024
"""Bytes of a file of answers; one with every question answered has about 20 KiB."""
_LONGEST = 1000
"""Characters of an answer that are handed on; the file's digest stands for the rest."""
_SAY_SOMETHING = frozenset({"none", "nil", "n/a", "na", "not applicable"})
"""Words that stand for a value elsewhere, and are answers here: there is none."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers, unless something is wrong with them."""

    answers: Answers | None
    faults: tuple[Fault, ...] = ()


def read(path: Path) -> Answers:
    """The answers of a file.

    Raises:
        InputError: the file cannot be read.
        DataError: it breaks the schema; the message has the line of the first fault.
    """
    checked = check(read_up_to(path, MAX_BYTES), path.name)
    if checked.answers is None:
        first = checked.faults[0]
        more = f" (and {len(checked.faults) - 1} more)" if len(checked.faults) > 1 else ""
        raise DataError(
            f"{path}: line {first.line}: {first.place or 'the answers'}: {first.message}{more}",
            advice="`aibom questionnaire check` lists all that is wrong.",
        )
    return checked.answers


def check(data: bytes, name: str) -> Checked:
    """Answers in YAML or JSON, or all that is wrong with them. Never raises on content."""
    if len(data) > MAX_BYTES:
        return _refused(f"larger than {MAX_BYTES:,} bytes")
    try:
        text = utf8(data, name).decode("utf-8", "replace")
        document = parse_json(data, name) if text.lstrip().startswith("{") else read_yaml(text)
    except (FormatError, LimitError) as error:
        return _refused(error.message)
    lines = Lines(text)
    faults = [*schema_faults(document, lines)] or [*own_faults(as_dict(document), lines)]
    if faults:
        return Checked(None, tuple(sorted(faults, key=lambda fault: (fault.line, fault.place))))
    return Checked(_answers(as_dict(document), lines, name, hashlib.sha256(data).hexdigest()))


def _refused(message: str) -> Checked:
    return Checked(None, (Fault(1, "", clean(message)),))


def _answers(document: dict[str, JsonValue], lines: Lines, name: str, digest: str) -> Answers:
    model, respondent = as_dict(document["model"]), as_dict(document.get("respondent"))
    documents = tuple(sorted(_documents(document), key=lambda each: each.id))
    by_id = {each.id: each for each in documents}
    asked = 0
    given: list[Answer] = []
    for section, base, content in contents(document):
        named = tuple(by_id[str(each)] for each in as_list(content.get(DOCUMENTS)))
        for question in section.questions:
            if question.kind is not Kind.DOCUMENTS:
                asked += 1
                given += _given(section, question, base, content.get(question.key), named, lines)
    return Answers(
        name=clean(name),
        digest=digest,
        model=clean(str(model["id"])),
        revision=_word(model.get("revision")),
        respondent=_word(respondent.get("organisation")),
        day=_word(respondent.get("date")),
        documents=documents,
        given=tuple(given),
        asked=asked,
    )


def _documents(document: dict[str, JsonValue]) -> Iterator[Document]:
    for row in map(as_dict, as_list(document.get(DOCUMENTS))):
        url = _word(row.get("url"))
        place = url or _word(row.get("path")) or ""
        yield Document(str(row["id"]), place, str(row["sha256"]), _word(row.get("title")) or "", bool(url))


def _given(
    section: Section,
    question: Question,
    base: Place,
    value: JsonValue,
    documents: tuple[Document, ...],
    lines: Lines,
) -> Iterator[Answer]:
    """What one question was answered with; nothing where it was left empty."""
    place = (*base, question.key)
    part = clean(str(base[1])) if section.key == PARTS else None
    if question.kind is Kind.ROWS:
        for index, row in enumerate(map(as_dict, as_list(value))):
            fields = tuple(
                (column.key, word) for column in question.columns if (word := _word(row.get(column.key)))
            )
            words = tuple(word for _, word in fields)
            at = (*place, index)
            yield Answer(
                dotted(at),
                section.key,
                question.key,
                question.title,
                words,
                lines.of(at),
                part,
                fields,
                documents,
            )
        return
    words = tuple(word for each in (as_list(value) or [value]) if (word := _word(each)))
    if words:
        yield Answer(
            dotted(place),
            section.key,
            question.key,
            question.title,
            words,
            lines.of(place),
            part,
            documents=documents,
        )


def _word(value: JsonValue) -> str | None:
    """One answer as a safe line, or None where it is empty or says that nothing is known (`tbd`)."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    said = clean(value, _LONGEST) if isinstance(value, str) else ""
    return None if is_placeholder(said) and said.casefold() not in _SAY_SOMETHING else said
