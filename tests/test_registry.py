"""Plug-ins are found by entry point, and a broken one never takes the rest with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, ClassVar

import pytest

from aibom import registry
from aibom.errors import UsageError
from aibom.model import Emission, Part, Role


class Good:
    """A plug-in that meets the interface."""

    ident: ClassVar[str] = "good"
    summary: ClassVar[str] = "One part."
    globs: ClassVar[tuple[str, ...]] = ("*.toy",)
    api: ClassVar[int] = 1

    def inspect(self, view: Any) -> Iterator[Emission]:
        yield Part("toy", Role.OTHER, "toy", files=view.glob("*.toy"))


class Future(Good):
    ident = "future"
    api = 2


class NoInspector:
    ident = "nothing"


def point(name: str, attribute: str) -> EntryPoint:
    return EntryPoint(name, f"{__name__}:{attribute}", registry.GROUP)


def test_a_good_one_loads_and_names_its_distribution() -> None:
    loaded, unknowns = registry.load(found=[point("good", "Good")])
    assert [item.inspector.ident for item in loaded] == ["good"]
    assert unknowns == ()


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        ("Missing", "does not load: AttributeError"),
        ("NoInspector", "is no inspector"),
        ("Future", "was written for interface 2; this is 1"),
    ],
)
def test_a_broken_one_is_set_aside_with_its_reason(attribute: str, reason: str) -> None:
    loaded, unknowns = registry.load(found=[point("bad", attribute), point("good", "Good")])
    assert [item.inspector.ident for item in loaded] == ["good"]
    assert [unknown.path for unknown in unknowns] == ["plugin:bad"]
    assert reason in unknowns[0].reason


def test_two_of_one_name_do_not_shadow_each_other_silently() -> None:
    loaded, unknowns = registry.load(found=[point("a", "Good"), point("b", "Good")])
    assert len(loaded) == 1
    assert "is taken" in unknowns[0].reason


def test_only_allowed_ones_are_imported() -> None:
    loaded, unknowns = registry.load(allow={"good"}, found=[point("bad", "Missing"), point("good", "Good")])
    assert len(loaded) == 1
    assert unknowns == ()


def test_a_name_that_is_not_installed_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no plug-in is called 'nothere'"):
        registry.load(allow={"nothere"}, found=[point("good", "Good")])


def third_party(folder: Path, module: str, body: str) -> None:
    """An installed distribution as pip leaves it: a module and its dist-info."""
    (folder / f"{module}.py").write_text(body)
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{module} = {module}:Toy\n")


TOY = """
from aibom.model import Part, Role
class Toy:
    ident, summary, globs, api = "toy", "Toys.", ("*.toy",), 1
    def inspect(self, view):
        for path in view.glob("*.toy"):
            yield Part("toy", Role.OTHER, path, files=(path,), present=True)
"""


def test_a_third_party_package_is_discovered_and_a_broken_one_isolated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third_party(tmp_path, "aibom_toy", TOY)
    third_party(tmp_path, "aibom_broken", "raise RuntimeError('no licence key')")
    monkeypatch.syspath_prepend(tmp_path)
    loaded, unknowns = registry.load()
    names = {item.distribution.name: item.distribution.version for item in loaded}
    assert names["aibom_toy"] == "1.2"
    assert {"huggingface", "onnx", "toy"} <= {item.inspector.ident for item in loaded}
    assert [unknown.path for unknown in unknowns] == ["plugin:aibom_broken"]
    assert "RuntimeError: no licence key" in unknowns[0].reason
    sys.modules.pop("aibom_toy", None)
