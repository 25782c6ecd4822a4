"""Licences: declared names to SPDX expressions, and licence texts to ids."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from aibom.formats.licence_texts import standard

MAX_NAME = 200
"""Characters of a declared name; SPDX expressions in package metadata stay well below."""
MAX_TEXT = 400_000
"""Characters of a licence text that are searched for a tag and for phrases; the GPL has 35,000."""

_HUB = {
    "bigcode-openrail-m": "LicenseRef-bigcode-openrail-m",
    "c-uda": "C-UDA-1.0",
    "lgpl-lr": "LGPLLR",
    "odbl": "ODbL-1.0",
    "odc-by": "ODC-By-1.0",
    "openrail++": "LicenseRef-openrail-plus-plus",
    "pddl": "PDDL-1.0",
}
_OWN = frozenset(
    [
        "apple-amlr",
        "apple-ascl",
        "bigscience-bloom-rail-1.0",
        "bigscience-openrail-m",
        "bsd",
        "cc",
        "creativeml-openrail-m",
        "deepfloyd-if-license",
        "deepseek",
        "exaone",
        "fair-noncommercial-research-license",
        "gemma",
        "gfdl",
        "gpl",
        "h-research",
        "hyperclovax",
        "hyperclovax-seed",
        "intel-research",
        "k-exaone",
        "kanana",
        "lgpl",
        "llama2",
        "llama3",
        "llama3.1",
        "llama3.2",
        "llama3.3",
        "llama4",
        "modified-mit",
        "openmdw-1.0",
        "openrail",
        "qwen",
        "qwen-research",
        "tongyi-qianwen",
        "tongyi-qianwen-research",
        "upstage-solar",
    ]
)
"""Names that the Hub offers, or that model families use, and that the SPDX list lacks."""
_NAMES = {
    "apache": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "the apache license 2.0": "Apache-2.0",
    "mit license": "MIT",
    "the mit license": "MIT",
    "cc0": "CC0-1.0",
    "cc by 4.0": "CC-BY-4.0",
    "cc by-nc 4.0": "CC-BY-NC-4.0",
    "cc by-sa 4.0": "CC-BY-SA-4.0",
    "llama 2": "LicenseRef-llama2",
    "llama 3": "LicenseRef-llama3",
}
_REFERENCE = re.compile(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_TAG = re.compile(r"SPDX-License-Identifier:[ \t]*([A-Za-z0-9.+\-() :]{1,200})")


def spdx(name: str) -> str | None:
    """The SPDX expression that a declared licence name stands for.

    Ids of the Hub that the SPDX list lacks become `LicenseRef-<id>`; names that say nothing (`other`,
    `unknown`, free text) give None. Source of the ids: https://huggingface.co/docs/hub/repositories-licenses.
    """
    text = " ".join(name.split())
    if not text or len(text) > MAX_NAME:
        return None
    key = text.lower()
    known = _HUB.get(key) or _NAMES.get(key)
    if known is not None:
        return known
    if key in _OWN:
        return f"LicenseRef-{key}"
    if _REFERENCE.fullmatch(text):
        return text
    return _expression(text)


def _expression(text: str) -> str | None:
    """The expression in its usual form; its ids are of the SPDX list or a `LicenseRef-`."""
    from license_expression import ExpressionError, ParseError

    licensing = _licensing()
    try:
        parsed = licensing.parse(text, strict=True)
    except (ExpressionError, ParseError, RecursionError, TypeError, ValueError):
        return None
    known = parsed is not None and all(map(_REFERENCE.fullmatch, licensing.unknown_license_keys(parsed)))
    return str(parsed) if known else None


def parse_expression(expression: str) -> Any | None:
    """The tree of an SPDX expression as license-expression builds it; None where it is none, or too long.

    Its leaves may be ids that the SPDX list lacks; `spdx_ids` tells.
    """
    from license_expression import ExpressionError, ParseError

    if len(expression) > MAX_NAME:
        return None
    try:
        return _licensing().parse(expression)
    except (ExpressionError, ParseError, RecursionError, TypeError, ValueError):
        return None


def spdx_ids() -> frozenset[str]:
    """The ids of the SPDX list, of licences and exceptions, written as there."""
    return frozenset(_licensing().known_symbols)


def conditions(expression: str) -> frozenset[str]:
    """What an expression asks for all at once: the operands of its outermost `AND`, else itself.

    Equivalent expressions give equal sets, whatever the order, the repetitions and the brackets: simplified
    by license-expression. What is no expression, or is longer than MAX_NAME, stands for itself.
    """
    from license_expression import ExpressionError, ParseError

    if len(expression) > MAX_NAME:
        return frozenset({expression})
    try:
        parsed = _licensing().parse(expression)
        simple = None if parsed is None else parsed.simplify()
    except (ExpressionError, ParseError, RecursionError, TypeError, ValueError):
        return frozenset({expression})
    if simple is None:
        return frozenset()
    operands = simple.args if isinstance(simple, _licensing().AND) else (simple,)
    return frozenset(map(str, operands))


@lru_cache(maxsize=1)
def _licensing() -> Any:
    """The SPDX list, loaded on first use: the import alone takes tens of milliseconds."""
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


_LLAMA = "means the terms and conditions for use"
_PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("LicenseRef-llama2", ("llama 2 community license agreement", _LLAMA)),
    ("LicenseRef-llama3", ("meta llama 3 community license agreement", _LLAMA)),
    ("LicenseRef-llama3.1", ("llama 3.1 community license agreement", _LLAMA)),
    ("LicenseRef-llama3.2", ("llama 3.2 community license agreement", _LLAMA)),
    ("LicenseRef-llama3.3", ("llama 3.3 community license agreement", _LLAMA)),
    ("LicenseRef-llama4", ("llama 4 community license agreement", _LLAMA)),
    ("LicenseRef-gemma", ("gemma terms of use", "model derivatives")),
    ("LicenseRef-tongyi-qianwen-research", ("tongyi qianwen research license agreement",)),
    ("LicenseRef-tongyi-qianwen", ("tongyi qianwen license agreement",)),
    ("LicenseRef-qwen-research", ("qwen research license agreement",)),
    ("LicenseRef-qwen", ("qwen license agreement",)),
    ("LicenseRef-deepseek", ("deepseek license agreement",)),
    ("LicenseRef-exaone", (" exaone ai model license agreement",)),
    ("LicenseRef-k-exaone", (" k-exaone ai model license agreement",)),
    ("LicenseRef-kanana", ("kanana license agreement",)),
    ("LicenseRef-hyperclovax-seed", ("hyperclova x seed", "license agreement")),
    ("LicenseRef-upstage-solar", ("upstage solar license",)),
    ("LicenseRef-bigscience-bloom-rail-1.0", ("bigscience rail license v1.0",)),
    ("LicenseRef-bigscience-openrail-m", ("bigscience open rail-m license",)),
    ("LicenseRef-bigcode-openrail-m", ("bigcode open rail-m", "license agreement")),
    ("LicenseRef-openrail-plus-plus", ("creativeml open rail++-m license",)),
    ("LicenseRef-creativeml-openrail-m", ("creativeml open rail-m",)),
)
"""Own licences of AI models, which no library of licence texts knows, by phrases no other licence has."""


def identify(text: str) -> str | None:
    """The licence whose text this is, or None where it is not clear.

    An `SPDX-License-Identifier` decides. A licence of the SPDX list is found by its whole text, with nothing
    added (`licence_texts`); the own licences of AI models by phrases, with titles looked for in the head. A
    text that matches two gives None. The GNU licences' texts do not say whether later versions count: they
    give `-only`, as the SPDX list does.
    """
    tag = _TAG.search(text[:MAX_TEXT])
    if tag is not None:
        return spdx(tag[1].strip())
    body = " " + " ".join(text[:MAX_TEXT].lower().replace("*", " ").replace("#", " ").split())
    head = body[:3000]
    found = {name for name, phrases in _PHRASES if phrases[0] in head and all(p in body for p in phrases)}
    if found:
        return found.pop() if len(found) == 1 else None
    ident = standard(text)
    return spdx(ident) if ident else None
