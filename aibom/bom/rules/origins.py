"""Rules on claims of descent and country: neither stands without its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aibom.bom.problem import Level, pointer_to
from aibom.bom.rules.document import Document, Object, Path, items, member, properties, text
from aibom.bom.rules.rule import Hits, rule

_COUNTRY = re.compile(r"(?<=\w):(?:ultimate-)?country$")


@rule("ancestor-without-evidence", Level.ERROR, "An ancestor is listed without evidence")
def ancestor_without_evidence(document: Document) -> Hits:
    """A pedigree asserts derivation; a claim of that weight must show what it rests on."""
    for path, component in document.components:
        if path[-3:-1] == ("pedigree", "ancestors") and not _has_evidence(component):
            yield path, "no evidence.identity with a method, and no evidence.occurrences"


@rule("country-without-source", Level.ERROR, "A country is given without saying where it is known from")
def country_without_source(document: Document) -> Hits:
    """A wrong country is an accusation; with its source it can be checked and contested.

    The source is the property `aibom:manufacturer:source` (`aibom:supplier:source`,
    `aibom:origin:<layer>:source`) beside it, or a citation of the field.
    """
    cited = set(_cited(document))
    for path, component in document.components:
        named = properties(component)
        for role in ("manufacturer", "supplier"):
            country = text(member(member(component, role), "address"), "country")
            place = (*path, role, "address", "country")
            if country and not any(named.get(f"aibom:{role}:source", ())) and not _is_cited(place, cited):
                yield place, f"{country!r} has no source"
        for name, values in named.items():
            source = _COUNTRY.sub(":source", name) if name.startswith("aibom:") else name
            if source != name and not any(named.get(source, ())):
                yield (*path, "properties"), f"{name} {', '.join(values)!r} has no {source}"


def _has_evidence(component: Object) -> bool:
    evidence = member(component, "evidence")
    single = member(evidence, "identity")
    identities = [single] if single else items(evidence, "identity")
    return any(items(identity, "methods") for identity in identities) or bool(items(evidence, "occurrences"))


def _cited(document: Document) -> Iterator[str]:
    for citation in items(document.root, "citations"):
        pointers = citation.get("pointers")
        yield from (p for p in pointers if isinstance(p, str)) if isinstance(pointers, list) else ()


def _is_cited(place: Path, cited: set[str]) -> bool:
    """Whether a citation is about the country, its address or its organisation."""
    return any(pointer_to(place[:length]) in cited for length in range(len(place) - 2, len(place) + 1))
