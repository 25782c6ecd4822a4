"""Findings about what a file could do to the machine that loads it; docs/security.md has the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aibom.formats.pickle import Global, Pickle, Verdict, judge
from aibom.formats.text import clean
from aibom.formats.zip import Archive
from aibom.model import Locator, Observation, Severity, Signal
from aibom_archives.described import listed

_LEVELS = {Verdict.RUNS: Severity.HIGH, Verdict.LOADS: Severity.MEDIUM, Verdict.UNKNOWN: Severity.LOW}
_RULES = {
    Verdict.RUNS: ("archives.pickle-dangerous-import", "which can run code or commands when it is loaded"),
    Verdict.LOADS: ("archives.pickle-dangerous-import", "which load a further pickle or file unchecked"),
    Verdict.UNKNOWN: ("archives.pickle-unknown-import", "which are not among those known to be safe"),
}
_INNOCENT = {
    Verdict.RUNS: "The author saved an object that was never meant for others to load.",
    Verdict.LOADS: "An object that holds tensors was saved by pickle itself.",
    Verdict.UNKNOWN: "A class of the training code was saved with the weights.",
}


def finding(
    rule: str, path: str, statement: str, severity: Severity, alternative: str, quote: str = ""
) -> Observation:
    """A security finding about one file."""
    place = Locator(path, quote=clean(quote) or None)
    return Observation(
        rule, clean(statement), Signal.SECURITY, severity, alternative=alternative, locators=(place,)
    )


def pickle_findings(path: str, pickles: Iterable[tuple[str, Pickle]]) -> Iterator[Observation]:
    """One finding for each degree of danger, with the names."""
    judged: dict[Verdict, set[Global]] = {}
    called: set[Global] = set()
    for _, pickle in pickles:
        called |= pickle.called
        for item in pickle.imports:
            judged.setdefault(judge(item), set()).add(item)
    for verdict, (rule, meaning) in _RULES.items():
        names = sorted(judged.get(verdict, ()))
        if names:
            shown = listed([f"{item} (called)" if item in called else str(item) for item in names])
            statement = f"The pickle in {path} imports names {meaning}: {shown}"
            yield finding(rule, path, statement, _LEVELS[verdict], _INNOCENT[verdict], shown)


def archive_findings(archive: Archive) -> Iterator[Observation]:
    """Members that leave the folder, and archives that fill a disk."""
    if archive.escaping:
        shown = listed(list(archive.escaping))
        statement = f"{archive.path} holds members whose names lead outside of its folder: {shown}"
        yield finding(
            "archives.zip-path-escape",
            archive.path,
            statement,
            Severity.HIGH,
            "The archive was made by a tool that kept absolute paths.",
            shown,
        )
    if archive.bomb:
        yield finding(
            "archives.zip-bomb",
            archive.path,
            f"{archive.path} promises far more than it holds: {archive.bomb}",
            Severity.MEDIUM,
            "Tensors of one value, such as zeros, shrink as far.",
        )
