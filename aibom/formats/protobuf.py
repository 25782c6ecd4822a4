"""The fields of protobuf messages, one after the other; what a reader does not ask for is passed over.

Source of the laws: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aibom.errors import LimitError
from aibom.formats.cursor import Cursor

MAX_FIELDS: Final = 300_000
"""Fields of one file that are looked at; of a node they are three, and graphs have under 50,000 nodes."""
MAX_TEXT: Final = 4_096
_WIDTHS: Final = {1: 8, 5: 4}


class Message:
    """The part of a file up to `end`, with a budget that all messages of the file share."""

    __slots__ = ("_budget", "cursor", "end")

    def __init__(self, cursor: Cursor, end: int, budget: list[int] | None = None) -> None:
        self.cursor = cursor
        self.end = end
        self._budget = [MAX_FIELDS] if budget is None else budget

    def fields(self) -> Iterator[tuple[int, int | Message]]:
        """Number and value of each field: an integer, or the place of a string or message.

        Fields of fixed width are passed over.

        Raises:
            FormatError: no message, or truncated.
            LimitError: more fields than a model has.
        """
        cursor = self.cursor
        while cursor.position < self.end:
            self._budget[0] -= 1
            if self._budget[0] < 0:
                raise LimitError(f"{cursor.name}: over {MAX_FIELDS:,} fields", limit="protobuf fields")
            key = cursor.varint()
            number, wire = key >> 3, key & 7
            if number == 0 or wire not in (0, 1, 2, 5):
                raise cursor.error("no field of a protobuf message")
            if wire == 0:
                yield number, cursor.varint()
            elif wire == 2:
                end = cursor.varint() + cursor.position
                if end > self.end:
                    raise cursor.error("a field runs past its message")
                yield number, Message(cursor, end, self._budget)
                cursor.seek(end)
            else:
                cursor.skip(_WIDTHS[wire])

    def messages(self, number: int) -> Iterator[Message]:
        """The messages of one field."""
        for found, value in self.fields():
            if found == number and isinstance(value, Message):
                yield value

    def text(self) -> str:
        """The string that stands here; what is over 4,096 bytes is cut."""
        return self.cursor.take(min(self.end - self.cursor.position, MAX_TEXT)).decode("utf-8", "replace")

    def first_text(self, number: int) -> str:
        """The first string of one field, or an empty one."""
        return next((message.text() for message in self.messages(number)), "")
