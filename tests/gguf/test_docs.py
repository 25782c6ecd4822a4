"""The page on GGUF names every rule, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import aibom_gguf

ROOT = Path(__file__).parents[2]


def test_every_rule_is_documented() -> None:
    folder = Path(aibom_gguf.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    rules = set(re.findall(r'"(gguf\.[a-z-]+)"', source))
    page = (ROOT / "docs" / "gguf.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(gguf\.[a-z-]+)`", page, re.MULTILINE)) == rules
