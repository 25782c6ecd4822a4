"""JSON that all programs must read alike: of a repeated key, some take the first and some the last."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import NoReturn

from aibom.errors import FormatError
from aibom.formats.text import JsonValue, clean, parse_json


def strict_object(data: bytes, name: str) -> dict[str, JsonValue]:
    """The JSON object of a text without repeated keys, NaN or infinities.

    Raises:
        FormatError: it is none, or too deeply nested.
    """

    def unique(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise FormatError(f"{name}: the key {clean(twice, 60)!r} stands twice in one object")
        return found

    def refuse(constant: str) -> NoReturn:
        raise FormatError(f"{name}: {clean(constant, 60)} is no number that JSON can carry")

    def finite(text: str) -> float:
        return number if math.isfinite(number := float(text)) else refuse(text)

    parse_json(data, name)  # bounds nesting and whole numbers, which the parser below does not
    value: JsonValue = json.loads(data, object_pairs_hook=unique, parse_constant=refuse, parse_float=finite)
    if not isinstance(value, dict):
        raise FormatError(f"{name}: no JSON object")
    return value
