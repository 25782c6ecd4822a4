"""Damage that knows the formats: bits, lengths, splices, cuts, and numbers at their extremes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

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

REPEATED = (
    *(
        b"a",
        b" ",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"'",
        b"\\",
        b"\x1b]",
        b"\x9b",
        b"\xe2\x80\xae",
        b"|",
        b"`",
        b"~",
    ),
    *(b"{", b"[", b"(", b"{{", b"{% ", b"{#", b"{% a ", b"%}", b"}}", b"]]", b"|attr(", b"__class__ ", b"<|"),
    *(
        b"---\n",
        b"a: b\n",
        b"- ",
        b"[a,",
        b"{a: ",
        b"&a ",
        b"*a ",
        b"[](",
        b"<a ",
        b"@",
        b"**",
        b"| a ",
        b"## a\n",
    ),
    *(
        b"(c) ",
        b"copyright 2024 a, b and ",
        b"# copyright 2024 a and\n",
        b"<!--",
        b"/*",
        b'"""',
        b"apache license ",
    ),
    *(
        b"(a,",
        b"a.",
        b"a;",
        b"1+",
        b"-",
        b"9,",
        b"lambda:",
        b"class A(B):\n pass\n",
        b"import a\n",
        b"a()()\n",
    ),
    *(
        b'"a":{},',
        b'"a":1,',
        b'{"a":',
        b"a b\n",
        b"YQ== 1\n",
        b"\\u0000",
        b"tools ",
        b"org/name ",
        b"https://a/",
    ),
    *(b"\x0a\x00", b"\x0a\x02\x0a\x00", b"\x3a\x00", b"\x80", b"\x08\x01", b"\x12\x00", b"PK\5\6", b"PK\1\2"),
)
"""What costs most where it is repeated: opening signs, empty messages, short statements."""

OWN_PIECES = 30

Mutation = Callable[[random.Random, bytearray], None]


def mutated(draw: random.Random, data: bytes, further: Sequence[Mutation] = ()) -> bytes:
    """The data with one to four pieces of damage, of these kinds and of `further` ones."""
    damaged = bytearray(data)
    for _ in range(draw.randint(1, 4)):
        draw.choice((*MUTATIONS, *further * 3))(draw, damaged)
    return bytes(damaged[:1_000_000])


def repeated(draw: random.Random, data: bytes, size: int) -> Iterator[bytes]:
    """Files of `size` bytes: one piece over and over, alone and behind what a file begins with.

    The pieces are the costly ones, and some that are cut out of the file itself.
    """
    own = (data[at : at + draw.randint(2, 80)] for at in draw.choices(range(len(data)), k=OWN_PIECES))
    for piece in (*REPEATED, *own):
        for head in (b"", data, data[: len(data) // 2]):
            yield (head + piece * (size // len(piece)))[:size]


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
