"""Builders of dossiers and policies for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aibom.policy import Policy, load_policy

HEAD = """\
id: mine
version: "1"
date: "2026-01-01"
name: Mine
official: false
profile: kr
"""

MakePolicy = Callable[..., Policy]


@pytest.fixture
def make_policy(tmp_path: Path) -> MakePolicy:
    """A policy from the YAML of its rules."""

    def make(rules: str, head: str = HEAD) -> Policy:
        path = tmp_path / "policy.yaml"
        path.write_text(head + "rules:\n" + rules, encoding="utf-8")
        return load_policy(str(path))

    return make
