"""The page on security names every rule of the plug-in, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import aibom_archives

ROOT = Path(__file__).parents[2]


def test_every_rule_is_documented() -> None:
    folder = Path(aibom_archives.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    rules = set(re.findall(r'"(archives\.[a-z-]+)"', source))
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(archives\.[a-z-]+)`", page, re.MULTILINE)) == rules
    assert set(re.findall(r"^## `(archives\.[a-z-]+)`", page, re.MULTILINE)) == rules
