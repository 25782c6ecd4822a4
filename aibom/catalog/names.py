"""One spelling for the many ways in which a holder writes its name."""

from __future__ import annotations

import unicodedata

_LATIN_FORMS = (
    "inc incorporated corp corporation co company ltd limited llc lp plc gmbh ag sa sas srl spa bv nv ab as "
    "oy oyj pte pty kk pbc jsc"
)
_LEADING = frozenset({"the", "주", "주식회사", "株式会社"})
_LEGAL_FORMS = frozenset(_LATIN_FORMS.split()) | {"주", "주식회사", "株式会社", "有限公司", "股份有限公司"}
_TRAILING = frozenset({"team", "teams", "authors", "contributors", "affiliates", "subsidiaries", "팀"})
_JOINTS = frozenset({"and", "or", "its", "the"})
_MINIMUM = 2


def plain(text: str) -> str:
    """Letters and digits of a name: Unicode NFKC, case folded, no spaces or punctuation.

    >>> plain("Mi:dm 2.0"), plain("업스테이지")
    ('midm20', '업스테이지')
    """
    return "".join(_words(text))


def normalise(text: str) -> str:
    """`plain`, less a leading "the", trailing "team" or "authors", affiliates and legal forms.

    Never strips a name down to a single character: "H Company" stays whole.

    >>> normalise("The ZhipuAI Inc. team"), normalise("Zhipu AI"), normalise("Upstage Co., Ltd.")
    ('zhipuai', 'zhipuai', 'upstage')
    """
    words = _words(text)
    while len(words) > 1 and words[0] in _LEADING:
        words = words[1:]
    while len(words) > 1 and words[-1] in _LEGAL_FORMS | _TRAILING | _JOINTS:
        if len("".join(words[:-1])) < _MINIMUM:
            break
        words = words[:-1]
    return "".join(words)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).replace("&", " and ").casefold()
    return "".join(char if char.isalnum() else " " for char in folded).split()
