"""Files of the BOM held against the files of the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.model import FileClass, FileEntry, Locator, Outcome, Result
from aibom.verification.case import Case
from aibom.verification.rules import RULES

_TAKE_PART = frozenset(
    {
        FileClass.WEIGHTS,
        FileClass.WEIGHTS_INDEX,
        FileClass.CONFIG,
        FileClass.TOKENIZER,
        FileClass.CHAT_TEMPLATE,
        FileClass.CODE,
    }
)
"""What a model does depends on these."""
_NAMED = 5


def check(case: Case) -> Iterator[Result]:
    """Nothing on files where the BOM lists none, but that; else every file of both sides."""
    if not case.claimed.files:
        yield from _none_listed(case)
        return
    yield from _digests(case)
    yield from _sizes(case)
    yield from _missing(case)
    yield from _undeclared(case)


def _none_listed(case: Case) -> Iterator[Result]:
    files = case.found.files
    if files:
        said = f"the BOM lists no file, and the model has {len(files):,}: its bytes are bound by nothing"
        yield RULES["files.none-listed"].gives(Outcome.UNDETERMINED, said, sides=("none", _listed(files)))


def _digests(case: Case) -> Iterator[Result]:
    equal, unstated, unseen = 0, [], []
    for claimed, found in case.files.both:
        one, two = (claimed.sha256 or "").lower(), (found.sha256 or "").lower()
        if one and one == two:
            equal += 1
        elif one and two:
            yield _contradicted(case, claimed, found)
        elif two and found.kind in _TAKE_PART:
            unstated.append(found)
        elif one and not two:
            unseen.append(found)
    if equal:
        said = f"files with the SHA-256 that the BOM says: {equal:,} of {len(case.files.both):,}"
        yield RULES["files.digest"].gives(Outcome.PASS, said)
    if unstated:
        said = f"the BOM gives no SHA-256 of {_listed(unstated)}"
        yield RULES["files.no-digest"].gives(Outcome.UNDETERMINED, said, locators=_places(unstated))
    if unseen:
        said = f"the scan has no SHA-256 of {_listed(unseen)} to hold against the BOM's"
        yield RULES["files.digest-unseen"].gives(Outcome.UNDETERMINED, said, locators=_places(unseen))


def _contradicted(case: Case, claimed: FileEntry, found: FileEntry) -> Result:
    pointer = ", as its Git-LFS pointer promises" if found.lfs_pointer else ""
    return RULES["files.digest"].gives(
        Outcome.FAIL,
        f"{found.path} has another SHA-256 than the BOM says{pointer}",
        about=(found.path,),
        sides=(_bytes(claimed), _bytes(found)),
        locators=(*_listed_at(case, claimed), Locator(found.path)),
    )


def _bytes(file: FileEntry) -> str:
    size = "size not known" if file.size is None else f"{file.size:,} bytes"
    return f"{file.sha256}, {size}"


def _sizes(case: Case) -> Iterator[Result]:
    """Where digests differ already, a size tells nothing new."""
    for claimed, found in case.files.both:
        differ = claimed.sha256 and found.sha256 and claimed.sha256.lower() != found.sha256.lower()
        if not differ and None not in (claimed.size, found.size) and claimed.size != found.size:
            yield RULES["files.size"].gives(
                Outcome.FAIL,
                f"{found.path} has another size than the BOM says",
                about=(found.path,),
                sides=(f"{claimed.size:,} bytes", f"{found.size:,} bytes"),
                locators=(*_listed_at(case, claimed), Locator(found.path)),
            )


def _missing(case: Case) -> Iterator[Result]:
    rule, hidden = RULES["files.missing"], case.hidden_files
    outcome = Outcome.UNDETERMINED if hidden or not case.found.files else Outcome.FAIL
    for file in case.files.left:
        yield rule.gives(
            outcome,
            f"the BOM lists {file.path}, which is not among the files of the model that were listed",
            about=(file.path,),
            sides=(file.path, "not listed"),
            unknowns=hidden,
            locators=_listed_at(case, file),
        )
    if case.files.both and not case.files.left:
        yield rule.gives(Outcome.PASS, "the model has every file of the BOM")


def _undeclared(case: Case) -> Iterator[Result]:
    others = []
    outcome = Outcome.UNDETERMINED if case.left_out else Outcome.FAIL
    for file in case.files.right:
        if file.kind not in _TAKE_PART:
            others.append(file)
            continue
        yield RULES["files.undeclared"].gives(
            outcome,
            f"the model has {file.path} ({file.kind}), which the BOM does not list",
            about=(file.path,),
            sides=("not listed", file.path),
            unknowns=case.left_out,
            locators=_places([file]),
        )
    if len(others) == len(case.files.right) and case.files.both:
        said = "the BOM lists every file that what the model does depends on"
        yield RULES["files.undeclared"].gives(Outcome.PASS, said)
    if others:
        said = f"the BOM does not list {_listed(others)}"
        yield RULES["files.undeclared-other"].gives(Outcome.FAIL, said, locators=_places(others))


def _listed(files: Sequence[FileEntry]) -> str:
    names = [file.path for file in files[:_NAMED]]
    rest = len(files) - len(names)
    return ", ".join(names) + (f" and {rest:,} more" if rest else "")


def _places(files: Sequence[FileEntry]) -> Iterator[Locator]:
    return (Locator(file.path) for file in files)


def _listed_at(case: Case, file: FileEntry) -> list[Locator]:
    """Where the BOM lists a file."""
    place = case.listings.get(file.path)
    return [place] if place else []
