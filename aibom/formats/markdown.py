"""Text that is not to be trusted, inside Markdown: it is shown as it is, and makes no markup.

Source: CommonMark 0.31.2, section 2.4 (a backslash before punctuation), and GitHub Flavored Markdown 0.29,
section 6.9 (what becomes a link by itself).
"""

from __future__ import annotations

import re
from typing import Final

from aibom.formats.values import clean

_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>#!|~&$^]")
_LINKS: Final = re.compile(r":(?=//)|(?<=www)\.|(?<=WWW)\.|:(?=\S+@)", re.IGNORECASE)
_START: Final = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")
_NAMES: Final = re.compile(r"(@|\\#)(?=\w)")
"""What GitHub makes a mention of a person, or a reference to an issue, of, when the page is shown."""


def escape(text: str, limit: int = 400) -> str:
    """One line of Markdown that reads as the text: no markup, link, mention or entity in it."""
    line = _MARKUP.sub(r"\\\g<0>", clean(text, limit))
    line = _LINKS.sub(r"\\\g<0>", line)
    line = _START.sub(lambda found: f"&#{ord(found[0][0])};{found[0][1:]}", line)
    return _NAMES.sub(r"\1<!-- -->", line)
