"""What is wrong with a file of answers: by the schema, and by what a schema cannot state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aibom.formats.lines import Lines, meant
from aibom.formats.paths import is_safe
from aibom.formats.values import JsonValue, as_dict, as_list, as_str, clean
from aibom.questionnaire.questions import DOCUMENTS, PARTS, Section, sections

MAX_FAULTS = 100
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


def schema_faults(document: JsonValue, lines: Lines) -> Iterator[Fault]:
    """What breaks the schema, at most `MAX_FAULTS` errors of it."""
    import jsonschema_rs

    from aibom_schemas import schema

    rules = schema("questionnaire")
    found = 0
    try:
        for error in jsonschema_rs.validator_for(rules).iter_errors(document):
            for place, message in _told(error, rules):
                yield Fault(lines.of(place), dotted(place), message)
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


def own_faults(document: dict[str, JsonValue], lines: Lines) -> Iterator[Fault]:
    """What a schema cannot state, each with its line."""
    for place, line in lines.repeated:
        yield Fault(line, dotted(place), "is answered twice")
    for place, message in (*_document_faults(document), *_answer_faults(document)):
        yield Fault(lines.of(place), dotted(place), message)


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
    for section, base, content in contents(document):
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


def contents(document: dict[str, JsonValue]) -> Iterator[tuple[Section, Place, dict[str, JsonValue]]]:
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


def dotted(place: Place) -> str:
    """A place as people write it: `data.sources.0`."""
    return clean(".".join(map(str, place)), 300)
