"""From what was read, in any order, to one dossier in one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from aibom.documents.limits import MAX_ITEMS
from aibom.documents.page import Page, Read, only, unknowns
from aibom.model import (
    WHOLE_MODEL,
    Ancestor,
    Dataset,
    Dossier,
    Evidence,
    FileEntry,
    Finding,
    Licence,
    Listing,
    Origin,
    Part,
    proven_ancestors,
)


def assemble(
    page: Page, form: str, subject: str, digest: str, read: Iterable[Read], **stated: Any
) -> Dossier:
    """The dossier of everything read; `stated` are its members that a document has once.

    A proven origin is an ancestor too, and comes before a pedigree that names the same model without
    evidence.
    """
    items = tuple(_bounded(page, read))
    concluded = tuple(sorted(only(Origin, items), key=lambda origin: (origin.part, origin.layer)))
    return Dossier(
        form=form,
        subject=subject or page.name,
        digest=digest,
        parts=only(Part, items),
        files=tuple(sorted(only(FileEntry, items), key=lambda entry: entry.path)),
        listings=only(Listing, items),
        origins=concluded,
        findings=tuple(sorted(only(Finding, items), key=lambda finding: finding.id)),
        licences=only(Licence, items),
        datasets=only(Dataset, items),
        ancestors=_ancestors((*only(Ancestor, items), *proven_ancestors(concluded)), concluded),
        unknowns=unknowns(page, items),
        **stated,
    )


def _bounded(page: Page, read: Iterable[Read]) -> Iterator[Read]:
    """The first of what was read, and that there is more."""
    items = iter(read)
    yield from islice(items, MAX_ITEMS)
    if next(items, None) is not None:
        yield page.unknown(f"only the first {MAX_ITEMS:,} things that the document states were read")


def _ancestors(found: Iterable[Ancestor], concluded: Iterable[Origin]) -> tuple[Ancestor, ...]:
    """Without those on no evidence where an origin, or the same one on evidence, says it of the same part."""
    listed = tuple(dict.fromkeys(found))
    better = {(each.name, each.part) for each in listed if each.evidence > Evidence.E0}
    better |= {
        (origin.upstream, None if origin.part == WHOLE_MODEL else origin.part)
        for origin in concluded
        if origin.upstream
    }
    return tuple(
        each for each in listed if each.evidence > Evidence.E0 or (each.name, each.part) not in better
    )
