"""Files that came, went or changed, and digests that were lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.differences.change import Change
from aibom.differences.rules import RULES
from aibom.model import FileEntry, Locator, Outcome, Result

_NAMED = 5


def check(change: Change) -> Iterator[Result]:
    """A lost digest is a result of its own; all else is told in one sentence of each kind."""
    if change.old.files and not change.new.files:
        if any(file.sha256 for file in change.old.files):
            said = f"the new one lists no file; the old one had digests of {_listed(change.old.files)}"
            yield RULES["files.digest-lost"].gives(Outcome.FAIL, said)
        return
    changed = []
    for old, new in change.files.both:
        if old.sha256 and not new.sha256:
            yield _lost(old, new)
        elif _told(old) != _told(new):
            changed.append(new)
    for rule, files, what in (
        ("files.added", change.files.right, "new"),
        ("files.removed", change.files.left, "no longer there"),
        ("files.changed", changed, "changed"),
    ):
        if files:
            said = f"{what}: {_listed(files)}"
            yield RULES[rule].gives(Outcome.PASS, said, locators=[Locator(file.path) for file in files])


def _lost(old: FileEntry, new: FileEntry) -> Result:
    return RULES["files.digest-lost"].gives(
        Outcome.FAIL,
        f"{new.path} has no SHA-256 any longer",
        about=(new.path,),
        sides=(old.sha256 or "", "not stated"),
        locators=[Locator(new.path)],
    )


def _told(file: FileEntry) -> tuple[str, int | None]:
    return (file.sha256 or "").lower(), file.size


def _listed(files: Sequence[FileEntry]) -> str:
    names = sorted(file.path for file in files)
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
