"""Which texts are addresses of pages: those that every reader and every schema takes for one."""

from __future__ import annotations

import re

PATTERN = (
    r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?"
    r"(/([A-Za-z0-9._~:\/?@!$&'\(\)*+,;=\-]|%[0-9A-Fa-f]{2})*)?"
    r"(#([A-Za-z0-9._~:\/?@!$&'\(\)*+,;=\-]|%[0-9A-Fa-f]{2})*)?"
)
"""http and https without user, in the characters of RFC 3986; escaped as pages ask for too (flag `v`)."""
_URL = re.compile(PATTERN)
_LONGEST = 1000


def is_url(text: str) -> bool:
    """Whether a text is an http or https URL."""
    return len(text) <= _LONGEST and _URL.fullmatch(text) is not None
