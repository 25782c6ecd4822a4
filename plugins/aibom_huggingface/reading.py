"""The small files of a target by path, each read once; a broken one becomes an Unknown."""

from __future__ import annotations

from aibom.formats.text import JsonValue, as_dict, clean, read_json, read_text
from aibom.model import Stage, Unknown
from aibom.spi import ReadError, View


class Reader:
    """Reads text and JSON of a View and collects what could not be read in `unknowns`."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.unknowns: list[Unknown] = []
        self._json: dict[str, JsonValue] = {}

    def json(self, path: str) -> JsonValue:
        """The JSON value, or None where the file is not here or broken."""
        if path not in self._json:
            self._json[path] = self._read_json(path)
        return self._json[path]

    def mapping(self, path: str) -> dict[str, JsonValue]:
        """The JSON object, or an empty one."""
        value = self.json(path)
        if value is not None and not isinstance(value, dict):
            self.fail(path, "holds no JSON object")
        return as_dict(value)

    def text(self, path: str) -> str | None:
        """The text, or None where the file is not here or cannot be read."""
        if path not in self.view.files:
            return None
        try:
            return read_text(self.view, path)
        except ReadError as error:
            self.fail(path, error.message)
            return None

    def fail(self, path: str, reason: str) -> None:
        """Notes that a file could not be understood, once."""
        unknown = Unknown(path, Stage.INSPECTION, clean(reason.removeprefix(f"{path}: ")))
        if unknown not in self.unknowns:
            self.unknowns.append(unknown)

    def _read_json(self, path: str) -> JsonValue:
        if path not in self.view.files:
            return None
        try:
            return read_json(self.view, path)
        except ReadError as error:
            self.fail(path, error.message)
            return None
