"""How tables of names are written in this package."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The set of the words of a text, so that a table of names reads as one."""
    return frozenset(text.split())


def ordered_words(text: str) -> tuple[str, ...]:
    """The words of a text in their order."""
    return tuple(text.split())


def alternatives(text: str) -> str:
    """A regular expression that matches any of the words of a text, each an expression of its own."""
    return "|".join(text.split())
