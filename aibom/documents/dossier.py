"""From what was read, in any order, to one dossier in one order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aibom.documents.page import Page, Read, only, unknowns
from aibom.model import (
    Ancestor,
    Dataset,
    Dossier,
    Evidence,
    FileEntry,
    Finding,
    Licence,
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
    items = tuple(read)
    concluded = tuple(sorted(only(Origin, items), key=lambda origin: (origin.part, origin.layer)))
    return Dossier(
        form=form,
        subject=subject or page.name,
        digest=digest,
        parts=only(Part, items),
        files=tuple(sorted(only(FileEntry, items), key=lambda entry: entry.path)),
        origins=concluded,
        findings=tuple(sorted(only(Finding, items), key=lambda finding: finding.id)),
        licences=only(Licence, items),
        datasets=only(Dataset, items),
        ancestors=_ancestors((*only(Ancestor, items), *proven_ancestors(concluded))),
        unknowns=unknowns(page, items),
        **stated,
    )


def _ancestors(found: Iterable[Ancestor]) -> tuple[Ancestor, ...]:
    """Without those on no evidence where the same one is said on evidence, for the same part."""
    listed = tuple(dict.fromkeys(found))
    better = {(each.name, each.part) for each in listed if each.evidence > Evidence.E0}
    return tuple(
        each for each in listed if each.evidence > Evidence.E0 or (each.name, each.part) not in better
    )
