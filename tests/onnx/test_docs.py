"""The page on ONNX names every rule, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import aibom_onnx

ROOT = Path(__file__).parents[2]


def test_every_rule_is_documented() -> None:
    folder = Path(aibom_onnx.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    producers = {"onnx.quantize", "onnx.compose.merge_models", "onnx.compose"}
    rules = set(re.findall(r'"(onnx\.[a-z.-]+)"', source)) - producers
    page = (ROOT / "docs" / "onnx.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(onnx\.[a-z-]+)`", page, re.MULTILINE)) == rules
