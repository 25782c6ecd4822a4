"""Files that a person writes, held against their schema, with the line of what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aibom.errors import DataError, FormatError, LimitError, UsageError
from aibom.formats.files import read_up_to
from aibom.formats.lines import Lines, meant
from aibom.formats.text import clean, parse_json, read_yaml

MAX_BYTES = 1024 * 1024
"""Bytes of a policy or a file of waivers; the shipped policies have about 3 KiB."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value, its name for messages, and its lines."""

    name: str
    value: dict[str, Any]
    lines: Lines

    def place(self, path: Sequence[str | int]) -> str:
        """`file:line` of a value."""
        return f"{self.name}:{self.lines.of(path)}"

    def fault(self, path: Sequence[str | int], message: str) -> DataError:
        """The error that something at this place is wrong."""
        return DataError(f"{self.place(path)}: {message}")


def read_bytes(path: Path, what: str) -> bytes:
    """A file within bounds.

    Raises:
        UsageError: there is no such file.
        InputError: it cannot be read.
        DataError: it is longer than `MAX_BYTES`.
    """
    if not path.is_file():
        raise UsageError(f"{what} file {str(path)!r} does not exist", advice="Check the path.")
    data = read_up_to(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise DataError(f"{path}: {what} file of more than {MAX_BYTES:,} bytes")
    return data


def read_document(data: bytes, name: str, schema_name: str) -> Document:
    """YAML, or JSON where the name ends so, that keeps to the schema.

    Raises:
        DataError: it does not, or has a key twice in one mapping; with `name` and the line.
    """
    text = data.decode("utf-8-sig", errors="replace")
    try:
        value = parse_json(data, name) if name.endswith(".json") else read_yaml(text)
    except (FormatError, LimitError) as error:
        raise DataError(f"{name}: {error.message.removeprefix(f'{name}: ')}") from None
    lines = Lines(text.replace("\t", " ") if name.endswith(".json") else text)
    if not isinstance(value, dict):
        raise DataError(f"{name}:1: a mapping of names to values is needed")
    document = Document(name, value, lines)
    for path, line in lines.repeated:
        raise DataError(f"{name}:{line}: {path[-1]!r} stands twice")
    faults = [_told(error, schema_name) for error in _errors(value, schema_name)]
    if faults:
        typos_first = sorted(
            faults, key=lambda fault: (not fault[1].startswith("unknown"), lines.of(fault[0]))
        )
        raise document.fault(*typos_first[0])
    return document


def _errors(value: dict[str, Any], schema_name: str) -> Iterator[Any]:
    import jsonschema_rs

    from aibom_schemas import schema

    yield from jsonschema_rs.validator_for(schema(schema_name), validate_formats=True).iter_errors(value)


def _told(error: Any, schema_name: str) -> tuple[list[str | int], str]:
    """Where a schema is broken, and how, with the word that was meant where one is close."""
    path, kind = list(error.instance_path), error.kind
    if kind.name == "additionalProperties":
        word = str(kind.unexpected[0])
        return [*path, word], f"unknown key {_quoted(word)}{meant(word, _keys(error, schema_name))}"
    if kind.name == "enum" and isinstance(error.instance, str):
        options = [str(option) for option in kind.options]
        hint = meant(error.instance, options) or f"; known: {', '.join(options)}"
        return path, f"unknown {_last_word(path)} {_quoted(error.instance)}{hint}"
    where = f"{'/'.join(map(str, path))}: " if path else ""
    return path, where + clean(error.message, 300)


def _keys(error: Any, schema_name: str) -> list[str]:
    """The keys that are allowed where an unknown one stands."""
    from aibom_schemas import schema

    node: Any = schema(schema_name)
    for step in error.schema_path[:-1]:
        node = node[step]
    return sorted(node.get("properties", ()))


def _last_word(path: Sequence[str | int]) -> str:
    words = [step for step in path if isinstance(step, str)]
    return words[-1] if words else "value"


def _quoted(word: str) -> str:
    return f'"{clean(word, 100)}"'
