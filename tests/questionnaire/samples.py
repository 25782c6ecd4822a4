"""Answers for tests."""

from __future__ import annotations

import hashlib
from typing import Any

from aibom.formats.text import parse_json
from aibom.questionnaire import SCHEMA, Answers, check

LOG = b"step 1\n"
LOG_DIGEST = hashlib.sha256(LOG).hexdigest()


def document(**sections: Any) -> dict[str, Any]:
    """A file of answers as plain values."""
    return {"schema": SCHEMA, "model": {"id": "upstage/solar"}, **sections}


def answers(**sections: Any) -> Answers:
    """Answers that are well formed."""
    import json

    checked = check(json.dumps(document(**sections)).encode(), "answers.json")
    assert checked.answers is not None, checked.faults
    return checked.answers


def faults(text: str) -> list[tuple[int, str, str]]:
    """What is wrong with the answers of a text."""
    return [(each.line, each.place, each.message) for each in check(text.encode(), "a.yaml").faults]


def plain(text: str) -> Any:
    return parse_json(text.encode(), "text")
