"""The head of a model card's text: its title, and its first paragraph of prose."""

from __future__ import annotations

import re

from aibom.formats.text import clean

MAX_LINES = 400
"""Lines that are looked at."""
MAX_WIDTH = 250
"""Characters of a line, on average, that are looked at."""
MAX_PARAGRAPH = 2000
"""Characters of a paragraph that are looked at; 400 are told."""
MIN_PROSE = 20
"""Characters below which a paragraph is a caption rather than a description."""

PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|more information needed|provide a (?:quick|longer) summary|\[optional\]|lorem ipsum",
    re.IGNORECASE,
)
"""Words of a template that nobody filled in."""
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_NOT_PROSE = re.compile(r"^\s*(?:#|\||>|[-*+]\s|\d+[.)]\s|={3,}|-{3,}|\[!|!\[|\$\$|:::)")
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_BLOCKS = ((re.compile(r"<!--"), "-->"), (re.compile(r"<(?:style|script)\b", re.IGNORECASE), "</"))
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"(\*\*|__|`+|~~)")


def title(body: str) -> str | None:
    """The first heading, without marks; None where there is none or it is a template's placeholder."""
    for line in visible(body):
        match = re.match(r"#{1,2}\s+(.*)", line.strip()[:MAX_PARAGRAPH])
        if match:
            text = plain(match.group(1).rstrip("# "))
            return text if text and not PLACEHOLDER.search(text) else None
    return None


def description(body: str) -> str | None:
    """The first paragraph of prose as one line of at most 400 characters, or None."""
    paragraph: list[str] = []
    for line in [*visible(body), ""]:
        if line.strip() and not _NOT_PROSE.match(line):
            paragraph.append(line.strip())
            continue
        text = plain(" ".join(paragraph))
        paragraph = []
        if len(text) >= MIN_PROSE and re.search(r"[^\W\d_]{3}", text) and not PLACEHOLDER.search(text):
            return text
    return None


def visible(body: str, limit: int = MAX_LINES) -> list[str]:
    """At most `limit` lines, those in code fences blank, with HTML removed."""
    text = "\n".join(body.splitlines()[:limit])[: limit * MAX_WIDTH]
    for opening, closing in _BLOCKS:
        text = _without(text, opening, closing)
    lines = _TAG.sub(" ", text).splitlines()
    kept: list[str] = []
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
            line = ""
        kept.append("" if fenced else line)
    return kept


def _without(text: str, opening: re.Pattern[str], closing: str) -> str:
    """The text without its comments or scripts; one that is never closed takes the rest with it."""
    kept: list[str] = []
    at = 0
    while (start := opening.search(text, at)) is not None:
        kept.append(text[at : start.start()])
        end = text.find(closing, start.end())
        at = len(text) if end < 0 else end + len(closing)
    return " ".join([*kept, text[at:]])


def plain(text: str, limit: int = 400) -> str:
    """Markdown's marks taken off, and at most `limit` characters."""
    linked = _LINK.sub(r"\1", _IMAGE.sub(" ", text[: max(MAX_PARAGRAPH, 2 * limit)]))
    return clean(_MARKS.sub("", linked).replace("\\", ""), limit)
