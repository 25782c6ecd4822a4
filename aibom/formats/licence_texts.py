"""Standard licences by their texts: a library finds the text, and what is left over must be nothing more.

The library follows the SPDX templates, in time that grows with the text alone, and tells where a licence
stands. Its wildcards (names, copyright lines) and optional words may hide added terms; the comparison with
the SPDX text here refuses those: a text with changed terms is no standard licence.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

MAX_TEXT = 200_000
"""Characters of a text; the longest of the SPDX list has 92,000 and the GPL 35,000."""
MAX_TITLE = 16
"""Words that may stand before a licence, all of them such as a title is made of."""
_WORD = re.compile(r"[a-z0-9]+")
LIMITING = tuple(
    _WORD.findall(
        "academic but cannot commercial end ends except expire expires for forbidden if license licensed may "
        "must no non noncommercial not only prohibited purpose purposes research restricted shall solely "
        "subject term terminate terminates terms unchanged unless until use used user users uses using you "
        "your"
    )
)
"""Words that added terms cannot do without; a text may not hold more of any than the SPDX text does."""
_TITLE = frozenset(
    _WORD.findall(
        "a agreement april august clause code december february file http https initiative january july june "
        "legal license march may md november october of open org osi approved september source text the this "
        "txt v version www"
    )
)
"""Words of titles beside those of the licence's own name; none says that it was changed."""


@dataclass(frozen=True, slots=True)
class StandardText:
    """What is compared of one licence's SPDX text.

    Attributes:
        name: its full name.
        found: the ids that the library finds in the SPDX text, in order: a text may hold a second one (the
            GPL shows how to apply it).
        counts: how often each of `LIMITING` stands in its title and in what was found.
    """

    name: str
    found: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StandardTexts:
    """The whole comparison: licences by the library's id, digests of what may stand after a licence."""

    licences: dict[str, StandardText]
    addenda: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the library found: ids in order, the text found, and what stands before and after each."""

    ids: tuple[str, ...]
    text: str
    before: str
    after: tuple[str, ...]


def standard(text: str) -> str | None:
    """The library's id of the standard licence that the text is, whole and unchanged, or None."""
    found = find(text) if len(text) <= MAX_TEXT else None
    return compare(found, _shipped()) if found else None


def compare(found: Found, texts: StandardTexts) -> str | None:
    """The id of what was found, where it holds nothing more than the SPDX text, or None."""
    ident = found.ids[0]
    same = texts.licences.get(ident)
    if same is None or found.ids != same.found[: len(found.ids)]:
        return None
    more = any(own > most for own, most in zip(counts(found.text), same.counts, strict=True))
    after = (piece for piece in found.after if words(piece))
    if more or not _is_title(found.before, same.name, ident):
        return None
    return ident if all(digest(piece) in texts.addenda for piece in after) else None


def find(text: str) -> Found | None:
    """What the library finds in a text; None where it finds nothing."""
    from licenseclassifier import identify_license

    matches = identify_license(text, coverage_threshold=0.0)
    if not matches:
        return None
    ends = [match.start for match in matches[1:]] + [len(text)]
    return Found(
        ids=tuple(match.id for match in matches),
        text=" ".join(text[match.start : match.end] for match in matches),
        before=text[: matches[0].start],
        after=tuple(text[match.end : end] for match, end in zip(matches, ends, strict=True)),
    )


def words(text: str) -> list[str]:
    """The words of a text, in one spelling of "licence"."""
    return _WORD.findall(text.lower().replace("licence", "license"))


def counts(text: str) -> tuple[int, ...]:
    """How often each of `LIMITING` stands in a text."""
    held = Counter(words(text))
    return tuple(held[word] for word in LIMITING)


def digest(text: str) -> str:
    """A short digest of a text's words."""
    return hashlib.sha256(" ".join(words(text)).encode()).hexdigest()[:16]


def _is_title(text: str, name: str, ident: str) -> bool:
    """Whether what stands before a licence is nothing but its title."""
    said = words(text)
    allowed = _TITLE.union(words(name), words(ident))
    return len(said) <= MAX_TITLE and all(word.isdigit() or word in allowed for word in said)


@lru_cache(maxsize=1)
def _shipped() -> StandardTexts:
    import msgspec

    document = (files("aibom.formats") / "data" / "licence_texts.json").read_bytes()
    return msgspec.json.decode(document, type=StandardTexts)
