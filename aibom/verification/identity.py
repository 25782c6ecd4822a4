"""Whether the BOM can be read, and is about the model that was scanned."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aibom.matching.names import key, last, same
from aibom.model import Outcome, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


def check(case: Case) -> Iterator[Result]:
    """Faults of the document, then repository, revision and publisher."""
    if case.faults:
        said = f"parts of the BOM could not be read: {'; '.join(each.reason for each in case.faults)}"
        yield RULES["document.faults"].gives(Outcome.UNDETERMINED, said, unknowns=case.faults)
    yield from _repository(case)
    yield from _revision(case)
    yield from _publisher(case)


def _repository(case: Case) -> Iterator[Result]:
    rule = RULES["identity.repository"]
    claimed, found = case.claimed.subject, case.found.subject
    sides = (claimed, found)
    if claimed.casefold() == found.casefold():
        yield rule.gives(Outcome.PASS, f"the BOM names {claimed}, which was scanned", sides=sides)
    elif case.bound:
        said = f"the BOM names {claimed}, and digests of weights bind it to {found}, which was scanned"
        yield rule.gives(Outcome.PASS, said, sides=sides)
    elif "/" in claimed and "/" in found and key(last(claimed)) != key(last(found)):
        yield rule.gives(Outcome.FAIL, f"the BOM names {claimed}, and {found} was scanned", sides=sides)
    else:
        said = f"the BOM names {claimed}, {found} was scanned, and no digest of weights binds the two"
        yield rule.gives(Outcome.UNDETERMINED, said, sides=sides)


def _revision(case: Case) -> Iterator[Result]:
    rule = RULES["identity.revision"]
    claimed, found = case.claimed.revision or "", case.found.revision or ""
    sides = (claimed, found)
    if claimed == found == "":
        return
    if _agree(claimed, found):
        yield rule.gives(Outcome.PASS, f"the BOM is of revision {claimed}, which was scanned", sides=sides)
    elif _COMMIT.fullmatch(claimed) and _COMMIT.fullmatch(found):
        said = f"the BOM is of revision {claimed}, and {found} was scanned"
        yield rule.gives(Outcome.FAIL, said, sides=sides)
    elif not case.bound:
        said = "the BOM and the scan do not both name a commit, and no digest of weights binds the two"
        yield rule.gives(Outcome.UNDETERMINED, said, sides=sides)


def _agree(claimed: str, found: str) -> bool:
    """Equal, or one commit is the other cut short."""
    short, long = sorted((claimed.lower(), found.lower()), key=len)
    return short == long or (_COMMIT.fullmatch(short) is not None and long.startswith(short))


def _publisher(case: Case) -> Iterator[Result]:
    rule = RULES["identity.publisher"]
    claimed, found = case.claimed.publisher, case.found.publisher
    if claimed is None or found is None:
        return
    sides = (claimed.name, found.name)
    if same(claimed, found):
        yield rule.gives(Outcome.PASS, f"the BOM names {claimed.name} as publisher, as found", sides=sides)
    else:
        said = f"the BOM names {claimed.name} as publisher, and the namespace belongs to {found.name}"
        yield rule.gives(Outcome.UNDETERMINED, said, sides=sides)
