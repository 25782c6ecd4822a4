"""Damage that knows the formats: bits, lengths, splices, cuts, and numbers at their extremes."""

from __future__ import annotations

import random
from collections.abc import Callable

EXTREMES = tuple(
    value.to_bytes(width, "little")
    for width in (1, 2, 4, 8)
    for value in (0, 1, 2 ** (8 * width - 1) - 1, 2 ** (8 * width - 1), 2 ** (8 * width) - 1)
)
WORDS = (
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  # the largest varint
    b"\x80" * 12,
    b"[" * 400,
    b'{"a":' * 300,
    b"((((" * 100,
    b"&a [*a]\n",
    b"../../../etc/passwd",
    b"\x1b]0;x\x07",
    "\u202e\u2066\ufeff".encode(),
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"null",
    b"\x00",
)

Mutation = Callable[[random.Random, bytearray], None]


def mutated(draw: random.Random, data: bytes) -> bytes:
    """The data with one to four pieces of damage."""
    damaged = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        draw.choice(MUTATIONS)(draw, damaged)
    return bytes(damaged[:1_000_000])


def _at(draw: random.Random, data: bytearray) -> int:
    return draw.randrange(len(data)) if data else 0


def _flip(draw: random.Random, data: bytearray) -> None:
    if data:
        data[_at(draw, data)] ^= 1 << draw.randrange(8)


def _byte(draw: random.Random, data: bytearray) -> None:
    if data:
        data[_at(draw, data)] = draw.randrange(256)


def _extreme(draw: random.Random, data: bytearray) -> None:
    value, at = draw.choice(EXTREMES), _at(draw, data)
    data[at : at + len(value)] = value


def _word(draw: random.Random, data: bytearray) -> None:
    at = _at(draw, data)
    data[at:at] = draw.choice(WORDS)


def _cut(draw: random.Random, data: bytearray) -> None:
    del data[_at(draw, data) :]


def _remove(draw: random.Random, data: bytearray) -> None:
    at = _at(draw, data)
    del data[at : at + draw.randint(1, 32)]


def _repeat(draw: random.Random, data: bytearray) -> None:
    at = _at(draw, data)
    piece = bytes(data[at : at + draw.randint(1, 64)])
    data[at:at] = piece * draw.randint(1, 40)


def _splice(draw: random.Random, data: bytearray) -> None:
    start, stop = sorted((_at(draw, data), _at(draw, data)))
    at = _at(draw, data)
    data[at : at + stop - start] = data[start:stop]


MUTATIONS: tuple[Mutation, ...] = (_flip, _byte, _extreme, _word, _cut, _remove, _repeat, _splice)
