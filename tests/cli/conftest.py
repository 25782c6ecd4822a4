"""The command line in this process, over a library that answers at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aibom.api import Report
from aibom.cli import main
from tests.analyses import solar


class Library:
    """Stands in for `aibom.api.generate` and `record`: answers, fails where told, notes the calls."""

    def __init__(self) -> None:
        self.report = Report(solar())
        self.failures: dict[str, BaseException] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def generate(self, target: str, **options: Any) -> Report:
        self.calls.append((target, options))
        options["on_progress"]("working")
        if target in self.failures:
            raise self.failures[target]
        return self.report

    def record(self, target: str, directory: object, **options: Any) -> Report:
        return self.generate(target, directory=directory, **options)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library()
    monkeypatch.setattr("aibom.api.generate", made.generate)
    monkeypatch.setattr("aibom.api.record", made.record)
    return made


Cli = Callable[..., Result]


@pytest.fixture
def cli() -> Cli:
    def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin)

    return run
