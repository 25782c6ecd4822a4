"""A file of answers, held against the schema and against itself: hostile until both have passed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aibom.errors import DataError, FormatError, InputError, LimitError
from aibom.formats.lines import Lines, meant
from aibom.formats.paths import is_safe
from aibom.formats.text import JsonValue, as_dict, as_list, as_str, clean, parse_json, read_yaml, utf8
from aibom.formats.wording import is_placeholder
from aibom.questionnaire.answers import Answer, Answers, Document
from aibom.questionnaire.questions import DOCUMENTS, PARTS, Kind, Question, Section, sections

MAX_BYTES = 1024 * 1024
"""Bytes of a file of answers; one with every question answered has about 20 KiB."""
MAX_FAULTS = 100
_LONGEST = 1000
"""Characters of an answer that are handed on; the file's digest stands for the rest."""
_SAY_SOMETHING = frozenset({"none", "nil", "n/a", "na", "not applicable"})
"""Words that stand for a value elsewhere, and are answers here: there is none."""
_WITHOUT_ANSWERS = ("model", "respondent", DOCUMENTS)
"""Sections that say what the answers are for, and by whom."""

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a block of named answers",
    "string": "a text",
}

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file of answers, and on which line."""

    line: int
    place: str
    message: str


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
    checked = check(read_bytes(path), path.name)
    if checked.answers is None:
        first = checked.faults[0]
        more = f" (and {len(checked.faults) - 1} more)" if len(checked.faults) > 1 else ""
        raise DataError(
            f"{path}: line {first.line}: {first.place or 'the answers'}: {first.message}{more}",
            advice="`aibom questionnaire check` lists all that is wrong.",
        )
    return checked.answers


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of answers, one more than the bound where there are more.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", advice="Check the file's name."
        ) from error


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
    faults = [*_schema_faults(document, lines)] or [*_own_faults(as_dict(document), lines)]
    if faults:
        return Checked(None, tuple(sorted(faults, key=lambda fault: (fault.line, fault.place))))
    return Checked(_answers(as_dict(document), lines, name, hashlib.sha256(data).hexdigest()))


def _refused(message: str) -> Checked:
    return Checked(None, (Fault(1, "", clean(message)),))


def _schema_faults(document: JsonValue, lines: Lines) -> Iterator[Fault]:
    import jsonschema_rs

    from aibom_schemas import schema

    rules = schema("questionnaire")
    found = 0
    try:
        for error in jsonschema_rs.validator_for(rules).iter_errors(document):
            for place, message in _told(error, rules):
                yield Fault(lines.of(place), _dotted(place), message)
                found += 1
            if found >= MAX_FAULTS:
                return
    except ValueError as error:  # a number that JSON does not know
        yield Fault(1, "", clean(str(error), 200))


def _told(error: Any, rules: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """A message for people for each thing that one error is about."""
    place, kind = tuple(error.instance_path), error.kind
    if kind.name == "additionalProperties":
        known = list(_at(rules, error.schema_path[:-1]).get("properties", {}))
        for key in kind.unexpected:
            yield (*place, key), f"there is no question {clean(key, 60)!r} here{meant(key, known)}"
    elif kind.name == "enum":
        options = [option for option in kind.options if option is not None]
        word = error.instance if isinstance(error.instance, str) else ""
        said = clean(str(error.instance), 60)
        yield place, f"{said!r} is none of {', '.join(options)}{meant(word, options)}"
    elif kind.name == "type":
        yield place, _wanted(kind.types, error.instance)
    elif kind.name == "pattern":
        meaning = _at(rules, error.schema_path[:-1]).get("description", "")
        yield place, f"{clean(str(error.instance), 60)!r} is not of the form that is asked for. {meaning}"
    else:
        yield place, clean(error.message, 200)


def _wanted(types: list[str], value: object) -> str:
    """What kind of answer is asked for, where it is of another kind."""
    named = [_TYPES[name] for name in types if name in _TYPES]
    quotes = "; put it in quotes" if "string" in types and isinstance(value, (int, float)) else ""
    return f"{' or '.join(named)} is asked for{quotes}"


def _at(rules: dict[str, Any], path: list[str | int]) -> dict[str, Any]:
    found: Any = rules
    for step in path:
        found = found[step]
    return found if isinstance(found, dict) else {}


def _own_faults(document: dict[str, JsonValue], lines: Lines) -> Iterator[Fault]:
    """What a schema cannot state, each with its line."""
    for place, line in lines.repeated:
        yield Fault(line, _dotted(place), "is answered twice")
    for place, message in (*_document_faults(document), *_answer_faults(document)):
        yield Fault(lines.of(place), _dotted(place), message)


def _document_faults(document: dict[str, JsonValue]) -> Iterator[tuple[Place, str]]:
    """Ids that are given twice, and places that are none."""
    known: set[str] = set()
    for index, row in enumerate(map(as_dict, as_list(document.get(DOCUMENTS)))):
        base: Place = (DOCUMENTS, index)
        ident, path = str(row["id"]), as_str(row.get("path"))
        if ident in known:
            yield (*base, "id"), f"{ident!r} is given twice"
        known.add(ident)
        if bool(path) == bool(row.get("url")):
            yield base, "a path or a URL is needed, and not both"
        if path and not is_safe(path):
            yield (*base, "path"), "the path leads out of the folder of the documents"


def _answer_faults(document: dict[str, JsonValue]) -> Iterator[tuple[Place, str]]:
    """Documents that are named nowhere, answers that cannot both hold, and parts without a name."""
    known = sorted(str(as_dict(row)["id"]) for row in as_list(document.get(DOCUMENTS)))
    for section, base, content in _contents(document):
        for index, ident in enumerate(map(str, as_list(content.get(DOCUMENTS)))):
            if ident not in known:
                yield (*base, DOCUMENTS, index), f"no document is called {ident!r}{meant(ident, known)}"
        for key, message in _clashes(section, content):
            yield (*base, key), message
        if section.key == PARTS and not clean(str(base[-1])):
            yield base, "a part has no name"


def _clashes(section: Section, content: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    """Two answers that cannot both hold: the one that is to be changed, and why."""
    if section.key == PARTS and content.get("initialisation") == "random" and content.get("start"):
        yield "start", "a random start has no model that it began from; or it began from a checkpoint"
    if section.key == "tokenizer" and content.get("vocabulary") == "own" and content.get("source"):
        yield "source", "an own vocabulary is nobody else's; or it was extended"
    if section.key == "data" and content.get("collection") == "own" and content.get("collectors"):
        yield "collectors", "data that you collected alone has no other collectors; or it is mixed"


def _contents(document: dict[str, JsonValue]) -> Iterator[tuple[Section, Place, dict[str, JsonValue]]]:
    """Every section that holds answers, with its place; `parts` once for each part."""
    for section in sections():
        if section.key in _WITHOUT_ANSWERS:
            continue
        content = as_dict(document.get(section.key))
        if section.key == PARTS:
            for part, said in content.items():
                yield section, (PARTS, part), as_dict(said)
        else:
            yield section, (section.key,), content


def _answers(document: dict[str, JsonValue], lines: Lines, name: str, digest: str) -> Answers:
    model, respondent = as_dict(document["model"]), as_dict(document.get("respondent"))
    documents = tuple(sorted(_documents(document), key=lambda each: each.id))
    by_id = {each.id: each for each in documents}
    asked = 0
    given: list[Answer] = []
    for section, base, content in _contents(document):
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
                _dotted(at),
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
            _dotted(place),
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


def _dotted(place: Place) -> str:
    return clean(".".join(map(str, place)), 300)
