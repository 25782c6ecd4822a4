"""Copyright notices in the head of a file: who is named as a holder, and on which line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aibom.formats.values import clean

MAX_LINE = 1000
"""Characters of one line that are looked at."""
MAX_HOLDER = 120
"""Characters of one holder's name."""

_FLAGS = re.IGNORECASE
_MARK = r"(?:\bcopyright\b|\(c\)|©|ⓒ|spdx-filecopyrighttext\s*:|저작권자?|版权所有|版權所有|著作権)"
_SUFFIX = (
    r"(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|gmbh|ag|s\.?a|b\.?v|plc"
    r"|pte|pty|k\.?k|llp|lp)"
)
_NOTICE = re.compile(rf"(?:^|[\s#*/;:%!\"'.,({{\[-]){_MARK}(?P<rest>.*)$", _FLAGS)
_SIGN = re.compile(r"©|ⓒ|spdx-filecopyrighttext|copyright\s*\(c\)|^\s*\(c\)\s*\d{4}", _FLAGS)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_AGAIN = re.compile(r"\bcopyright\b\s*(?=\(c\)|©|\d{4})", _FLAGS)
_COMMENT = re.compile(
    r"^[\s#*/;%!\"'|-]*(?:<!--|\{#-?|rem\b)?\s*|\s*(?:-->|\*/|-?#\}|\"\"\"|''')\s*$", _FLAGS
)
_LEAD = re.compile(
    rf"^(?:[\s,:;.-]|{_MARK}|\d{{4}}(?:\s*[-–—~,/]\s*(?:\d{{2,4}}|present|now))*\b|by\b|authors?:)+", _FLAGS
)
_TAIL = re.compile(
    r"(?:\s*\b(?:(?:all|some)\s+)?rights\s+reserved\b|\s*\ball\s+rights\s*$"
    r"|\s*모든\s*권리|\s*保留所有权利|\s*无断转载"
    r"|\s*\b(?:licensed|released|distributed|permission|this\s+(?:file|code|software|work|source))\b"
    r"|\s*\(?<?https?:|\s*[<(][^<>()@\s]+@|\s*\bor\s+its\b).*$",
    _FLAGS,
)
_TALK = re.compile(
    r"[\[<{]\s*(?:yyyy|year|name|fullname|copyright|owner)|\byyyy\b"
    r"|^(?:(?:holder|owner|notice|law|statement|interest|claim|material|line|permission)s?|licen[cs]e"
    r"|protection|infringement|treat(?:y|ies)|information|ownership|grant|disclaimer|year|message|text"
    r"|header|and\s+related|or|in|to|of|is|under|=)(?:\b|(?<==))",
    _FLAGS,
)
_JOINED = re.compile(
    rf",\s*(?=(?:{_SUFFIX}|a\s+\w+\s+company)\b)"
    r"|\s+(?:and|&)\s+(?=(?:technology|engineering|development)\b)",
    _FLAGS,
)
_SPLIT = re.compile(
    r"\s*(?:[,;/]\s*(?:and|&)\s+|\s(?:and|&)(?:\s|$)|[,;](?:\s|$)|、|，|\s및\s"
    r"|(?<!\bthe)\s(?=(?:the\s+)?hugging\s?face\b))\s*",
    _FLAGS,
)
_FILLER = re.compile(
    r"(?:(?:other|others|its|the|all|various|respective|individual)\s+)*"
    r"(?:contributors?|authors?|others?|affiliates?|subsidiaries|licensors?|suppliers|et\s+al|team)",
    _FLAGS,
)
_STOP = re.compile(r"\b(?:inc|l\.l\.c|ltd|corp|co|s\.a|b\.v|k\.k|pte|pty)\.\s*$", _FLAGS)
_ADDRESS = re.compile(r"\d+\s+\w+")
_BRACKETS = re.compile(r"\s*\([^)]*\)?")
_MORE = re.compile(r"(?:\band|&|,)\s*$", _FLAGS)
_KEPT = "\x00"


@dataclass(frozen=True, slots=True)
class CopyrightLine:
    """One notice: holders as written, years and rights text removed; the line itself; its number from 1."""

    holders: tuple[str, ...]
    text: str
    line: int


def find_notices(text: str, *, lines: int = 60) -> tuple[CopyrightLine, ...]:
    """Notices in the first `lines` lines, in order.

    A line counts where it says Copyright, ©, (c) or `SPDX-FileCopyrightText` with a year or the sign.
    A licence's own boilerplate (`[name of copyright owner]`, "copyright notice") does not count.
    """
    return tuple(_notices([_bare(line) for line in text.split("\n", lines)[:lines]]))


def _bare(line: str) -> str:
    """The line without its comment signs."""
    return _COMMENT.sub("", clean(line, MAX_LINE))


def _notices(bare: list[str]) -> Iterator[CopyrightLine]:
    for index, line in enumerate(bare):
        found = _NOTICE.search(line)
        if found is None or not (_SIGN.search(line) or _YEAR.search(line)):
            continue
        rest = found["rest"]
        if _MORE.search(rest) and index + 1 < len(bare):
            rest = f"{rest} {bare[index + 1]}"
        holders = [name for piece in _AGAIN.split(rest) for name in _holders(piece)]
        if holders:
            yield CopyrightLine(tuple(dict.fromkeys(holders)), clean(line), index + 1)


def _holders(rest: str) -> Iterator[str]:
    body = _TAIL.sub("", _LEAD.sub("", rest))
    if not body or _TALK.search(body):
        return
    for piece in _SPLIT.split(
        _JOINED.sub(lambda match: match[0].replace(" ", _KEPT), _BRACKETS.sub("", body))
    ):
        written = _LEAD.sub("", piece.replace(_KEPT, " "))
        name = written.strip(" .,;:-*/\"'<>") + ("." if _STOP.search(written) else "")
        if _ADDRESS.match(name):
            return
        if len(name) > 1 and any(map(str.isalpha, name)) and not _FILLER.fullmatch(name.rstrip(".")):
            yield clean(name, MAX_HOLDER)
