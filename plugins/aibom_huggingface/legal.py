"""Licence and notice files: which licence the text is, and whose copyright it states."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.formats.fileclass import classify
from aibom.formats.licences import identify
from aibom.formats.notices import find_notices
from aibom.formats.text import clean
from aibom.model import FileClass, Licence, Locator, Notice, Stage, Unknown
from aibom_huggingface.reading import Reader

LEGAL_FILES = (
    "**/*license*",
    "**/*licence*",
    "**/copying*",
    "**/notice*",
    "**/*notices*",
    "**/copyright*",
    "**/*third*party*",
)
MAX_LEGAL = 100
"""Licence and notice files read of one target."""
NOTICE_LINES = 2000
"""Lines searched of a NOTICE file, whose whole content is notices."""


def inspect_legal(reader: Reader) -> Iterator[Licence | Notice | Unknown]:
    """The licences that the target carries, and the notices in them."""
    paths = [path for path in reader.view.glob(*LEGAL_FILES) if _is_text(path)]
    if len(paths) > MAX_LEGAL:
        yield Unknown(
            paths[MAX_LEGAL], Stage.INSPECTION, f"more than {MAX_LEGAL} licence files; the rest unread"
        )
    for path in paths[:MAX_LEGAL]:
        text = reader.text(path)
        if text is None:
            continue
        legal = classify(path) is FileClass.LICENCE
        if legal and text.strip():
            expression = identify(text)
            yield Licence(expression or _heading(text, path), Locator(path, line=1), expression, carried=True)
        for notice in find_notices(text, lines=60 if legal else NOTICE_LINES):
            yield Notice(notice.holders, notice.text, Locator(path, line=notice.line, quote=notice.text))


def _is_text(path: str) -> bool:
    return classify(path) in (FileClass.LICENCE, FileClass.NOTICE)


def _heading(text: str, path: str) -> str:
    """The first line of the text, or the file's name."""
    lines = (clean(line.strip("#=*- "), 120) for line in text.splitlines()[:20])
    return next((line for line in lines if line), path.rpartition("/")[2])
