"""A badge: level and interval as a small picture, which loads nothing."""

from __future__ import annotations

from html import escape

from aibom.formats.text import clean
from aibom.model import Score

_CHARACTER = 6.6
"""Width of a character at 11 units of Verdana, the widest of the fonts named; the text is fitted to it."""
_PADDING = 12
_COLOURS = {None: "#5a6270", 0: "#5a6270", 1: "#9c4a00", 2: "#7a5b00", 3: "#1f6fb2", 4: "#1a6b3c"}
"""White text on each has a contrast of at least 4.5 (WCAG 2.2, 1.4.3)."""


def badge_svg(score: Score) -> str:
    """The badge of a score."""
    left, right = "sovereignty", _words(score)
    first, second = _width(left), _width(right)
    said = escape(
        f"{left} under profile {clean(score.profile, 60)} of {clean(score.profile_date, 20)}: {right}"
    )
    open_ = score.level == 0 and score.ceiling
    colour = _COLOURS[None if open_ else score.level]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{first + second}" height="20" role="img" '
        f'aria-label="{said}"><title>{said}</title>'
        f'<rect width="{first}" height="20" fill="#363b44"/>'
        f'<rect x="{first}" width="{second}" height="20" fill="{colour}"/>'
        '<g fill="#ffffff" text-anchor="middle" font-family="Verdana, sans-serif" font-size="11">'
        f"{_text(left, first / 2, first)}{_text(right, first + second / 2, second)}</g></svg>\n"
    )


def _words(score: Score) -> str:
    if score.level is None:
        return f"not graded, {score.coverage:.0f}% known"
    level = str(score.level) if score.ceiling in (None, score.level) else f"{score.level}–{score.ceiling}"
    return f"level {level}/{score.evidence.name}, {score.lower:.0f}–{score.upper:.0f} of 100"


def _width(text: str) -> int:
    return round(len(text) * _CHARACTER) + _PADDING


def _text(text: str, middle: float, width: int) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - _PADDING}">{escape(text)}</text>'
