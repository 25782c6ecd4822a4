"""YAML and front matter: the core schema of YAML 1.2, nothing constructed but plain values.

The core schema keeps what model cards mean: `no` is Norwegian and not false, `2024-01-31` and `12:30`
are strings. Source: https://yaml.org/spec/1.2.2/#103-core-schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import yaml

from aibom.errors import FormatError, LimitError
from aibom.formats.values import JsonValue, as_list, clean

MAX_YAML = 1024 * 1024
"""Characters of a YAML document."""
MAX_VALUES = 100_000
"""Values after aliases are followed: a bound on alias bombs."""
MAX_NESTING = 100
"""Levels of sequences and mappings."""

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_WORDS: dict[str, JsonValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]{1,40}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_OPEN = re.compile(r"\s*---[ \t]*\n")
_CLOSE = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY = re.compile(r"\s*[A-Za-z_][\w.-]*:(?:\s|\Z)")


def read_yaml(text: str, *, first_line: int = 1) -> JsonValue:
    """The value of one YAML document; `first_line` is the line of the file that `text` begins on.

    Tags are ignored, merge keys stay ordinary keys, keys become strings.

    Raises:
        FormatError: invalid YAML, with the line; or nested too deep.
        LimitError: too long, or too many values once aliases are followed.
    """
    if len(text) > MAX_YAML:
        raise LimitError(f"YAML longer than {MAX_YAML:,} characters", limit="YAML length")
    try:
        return _build(yaml.parse(text, Loader=_LOADER), first_line)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else first_line
        raise FormatError(f"line {line}: invalid YAML: {clean(error.problem or str(error), 160)}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise FormatError(f"invalid YAML: {clean(str(error), 160)}") from None


@dataclass(slots=True)
class _Item:
    """A value under construction, with what it would weigh once its aliases are written out."""

    value: JsonValue
    anchor: str | None = None
    key: str | None = None
    keyed: bool = False
    size: int = 1
    depth: int = 0


def _build(events: Iterator[yaml.Event], first_line: int) -> JsonValue:
    """The first document as plain values. PyYAML's own composer overflows the C stack on deep nesting."""
    root = _Item([])
    stack = [root]
    anchors: dict[str, _Item] = {}
    for event in events:
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            empty: JsonValue = {} if isinstance(event, yaml.MappingStartEvent) else []
            stack.append(_Item(empty, event.anchor))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            _add(stack, stack.pop(), anchors)
        elif isinstance(event, yaml.ScalarEvent):
            _add(stack, _Item(_scalar(event, key=_wants_key(stack[-1])), event.anchor), anchors)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in anchors:
                raise FormatError(f"line {_line(event, first_line)}: YAML alias without an anchor before it")
            _add(stack, replace(anchors[event.anchor], anchor=None), anchors)
        elif isinstance(event, yaml.DocumentEndEvent):
            break
        if len(stack) + stack[-1].depth > MAX_NESTING:
            raise FormatError(
                f"line {_line(event, first_line)}: YAML nested deeper than {MAX_NESTING} levels"
            )
    documents = as_list(root.value)
    return documents[0] if documents else None


def _wants_key(parent: _Item) -> bool:
    return isinstance(parent.value, dict) and not parent.keyed


def _add(stack: list[_Item], item: _Item, anchors: dict[str, _Item]) -> None:
    """Puts a finished value into the container that is open."""
    parent = stack[-1]
    if item.anchor is not None:
        anchors[item.anchor] = item
    parent.size += item.size
    parent.depth = max(parent.depth, item.depth + 1)
    if parent.size > MAX_VALUES:
        raise LimitError(f"YAML of more than {MAX_VALUES:,} values", limit="YAML values")
    if isinstance(parent.value, list):
        parent.value.append(item.value)
    elif not parent.keyed:
        if not isinstance(item.value, str):
            raise FormatError("a YAML key must be a word")
        parent.key, parent.keyed = item.value, True
    elif isinstance(parent.value, dict) and parent.key is not None:
        parent.value[parent.key], parent.keyed = item.value, False


def _line(event: yaml.Event, first_line: int) -> int:
    return (event.start_mark.line if event.start_mark else 0) + first_line


def _scalar(event: yaml.ScalarEvent, *, key: bool) -> JsonValue:
    text = str(event.value)
    if key or not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if len(text) <= 40 and _FLOAT.fullmatch(text) else text


def front_matter(text: str) -> tuple[dict[str, JsonValue], int]:
    """The YAML block at the head of a Markdown text, and the line on which the body begins.

    A text without one gives an empty mapping and line 1.

    Raises:
        FormatError: invalid YAML, a block that is no mapping, or one that is never closed.
        LimitError: as `read_yaml`.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    opening = _OPEN.match(lines)
    if opening is None:
        return {}, 1
    start = opening.end()
    closing = _CLOSE.search(lines, start)
    if closing is None:
        if _KEY.match(lines, start):
            raise FormatError("line 1: the front matter is never closed by `---`")
        return {}, 1
    data = read_yaml(lines[start : closing.start()], first_line=lines.count("\n", 0, start) + 1)
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise FormatError("line 1: the front matter is no mapping of names to values")
    return data, lines.count("\n", 0, closing.end()) + 1
