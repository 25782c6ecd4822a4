"""Ways in which a server, or what stands before it, fails."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong with a request that a fault matches."""

    STATUS = "status"
    """Answer with `status`, `headers` and `body` instead."""
    HANG = "hang"
    """Accept the request and never answer."""
    TRUNCATE = "truncate"
    """Promise the whole body and break off after half of it."""
    IGNORE_RANGE = "ignore-range"
    """Answer a range with 200 and the whole file."""
    SHIFT_RANGE = "shift-range"
    """Answer with another range than the one asked for."""
    CORRUPT = "corrupt"
    """Send bytes that are not the file's."""


@dataclass
class Fault:
    """One fault, for requests to `origin` whose `METHOD path?query` matches; `times` -1 is always."""

    match: str
    kind: Kind = Kind.STATUS
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"error": "injected"}'
    media_type: str = "application/json"
    times: int = -1
    origin: str = "hub"

    def strikes(self, origin: str, line: str) -> bool:
        """Whether it hits this request; counts down if so."""
        if self.times == 0 or origin != self.origin or not re.search(self.match, line):
            return False
        self.times -= 1
        return True
