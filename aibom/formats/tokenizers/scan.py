"""The strings of a JSON text, as one column, without an object for each.

Source of the grammar: https://www.rfc-editor.org/rfc/rfc8259.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from aibom.formats.tokenizers.texts import Bytes, Places, Texts

_BLOCK = 1 << 20
"""Bytes that are looked at together; what is made of them stays near the processor."""
_QUOTE, _BACKSLASH = 0x22, 0x5C
_NONE = np.zeros(0, np.int64)
_ESCAPES = np.zeros(256, np.uint8)
_ESCAPES[list(b'"\\/bfnrt')] = list(b'"\\/\b\f\n\r\t')


def scan_strings(text: bytes) -> tuple[Texts, bytes] | None:
    """All strings of a valid JSON text in order, and what is left of it: `["",""]` without white space.

    None where strings hold `\\u` escapes, many escapes or no UTF-8: a general parser must decide.
    """
    escapes = text.count(b"\\")
    if escapes and (b"\\u" in text or escapes > len(text) // 16):
        return None
    content, quotes, marks, rest = bytearray(), [_NONE], [_NONE], bytearray()
    start, inside = 0, False
    while start < len(text):
        stop = min(start + _BLOCK, len(text))
        while text[stop - 1] == _BACKSLASH:
            stop += 1
        found = _block(np.frombuffer(text, np.uint8, stop - start, start), inside=inside)
        content += found.content
        rest += found.rest
        quotes.append(found.quotes + start)
        marks.append(found.marks + start)
        inside ^= bool(len(found.quotes) % 2)
        start = stop
    try:
        str(content, "utf-8")
    except UnicodeDecodeError:
        return None
    places, escaping = np.concatenate(quotes), np.concatenate(marks)
    opened, closed = places[::2], places[1::2]
    lengths = closed - opened - 1 - (np.searchsorted(escaping, closed) - np.searchsorted(escaping, opened))
    return Texts(np.frombuffer(content, np.uint8), np.cumsum(lengths)), bytes(rest)


class _Block(NamedTuple):
    """Bytes inside strings, what stands outside, and where quotes and escaping backslashes are."""

    content: bytes
    rest: bytes
    quotes: Places
    marks: Places


def _block(data: Bytes, *, inside: bool) -> _Block:
    """`inside`: it begins within a string."""
    quotes, marks = np.flatnonzero(data == _QUOTE), _escaping(np.flatnonzero(data == _BACKSLASH))
    if len(marks):
        quotes = np.setdiff1d(quotes, marks + 1, assume_unique=True)
        data = data.copy()
        data[marks + 1] = _ESCAPES[data[marks + 1]]
    edges = np.concatenate([np.zeros(1, np.int64), quotes, np.array([len(data)])])
    parity = (np.arange(len(quotes) + 1) + inside) % 2 == 1
    body = np.repeat(parity, np.diff(edges))
    outside = ~body
    outside[quotes] = True
    body[quotes] = False
    body[marks] = False
    return _Block(data[body].tobytes(), data[outside].tobytes().translate(None, b" \n\r\t"), quotes, marks)


def _escaping(marks: Places) -> Places:
    """Of all backslashes those that escape what follows: each first, third, … of a run."""
    if not len(marks):
        return marks
    index = np.arange(len(marks))
    first = np.concatenate([np.array([True]), np.diff(marks) != 1])
    run = np.maximum.accumulate(np.where(first, index, 0))
    found: Places = marks[(index - run) % 2 == 0]
    return found
