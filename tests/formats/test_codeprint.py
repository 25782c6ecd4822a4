"""Prints of code: what must change nothing, what must change all, and what is refused."""

from __future__ import annotations

import ast
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats import codeprint, pysource
from aibom.formats.codeprint import MIN_TOKENS, Unit, code_prints
from tests.builders.programs import HEAD, class_text, module

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from edits import edited

TEXT = module("one")


def prints(text: str) -> list[tuple[int, ...]]:
    return sorted(unit.fingerprints for unit in code_prints(text))


def whole(text: str) -> set[int]:
    return set(code_prints(text)[0].fingerprints)


@pytest.mark.parametrize(
    "changed",
    [
        ast.unparse(ast.parse(TEXT)),
        TEXT.replace("NetBlock", "Renamed").replace("hidden", "x").replace("state", "memory"),
        TEXT.replace("    def ", "    @decorated\n    def "),
        TEXT.replace("hidden: torch.Tensor", "hidden"),
        TEXT.replace("import torch\n", "import torch\nimport os\n\nSEED = 7\n"),
        edited(TEXT, random.Random(3), dropped=0.0),
    ],
    ids=["reformatted", "renamed", "decorated", "annotations", "surroundings", "all"],
)
def test_what_leaves_the_code_as_it_is_leaves_the_prints(changed: str) -> None:
    assert changed != TEXT
    assert prints(changed) == prints(TEXT)


def test_the_call_of_the_base_class_counts_in_either_form() -> None:
    old, new = (HEAD + class_text("a", "A").replace("# step 0", call) for call in _SUPER)
    assert prints(old) == prints(new)


_SUPER = ("super(A, self).__init__()\n        # x", "super().__init__()\n        # x")


def test_a_dropped_method_takes_only_its_own_prints() -> None:
    tree = ast.parse(TEXT)
    first = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    first.body.pop()
    assert whole(ast.unparse(tree)) < whole(TEXT)


def test_other_code_shares_next_to_nothing() -> None:
    assert len(whole(TEXT) & whole(module("two"))) <= 1


def test_units_are_the_module_and_its_classes() -> None:
    units = code_prints(TEXT)
    assert [unit.name for unit in units] == [None, "NetBlock0", "NetBlock1", "NetBlock2", "NetBlock3"]
    assert [TEXT.splitlines()[unit.line - 1][:5] for unit in units if unit.line] == ["class"] * 4
    assert set(units[0].fingerprints) == {value for unit in units[1:] for value in unit.fingerprints}
    assert units[0].tokens == sum(unit.tokens for unit in units[1:])
    for unit in units:
        assert list(unit.fingerprints) == sorted(set(unit.fingerprints))
        assert unit.fingerprints[0] >= 0 and unit.fingerprints[-1] < 2**32


def test_functions_count_for_the_module_and_inner_classes_for_the_outer_one() -> None:
    inner = class_text("inner", "Inner")
    nested = "class Outer:\n" + "\n".join(f"    {line}" for line in inner.splitlines())
    assert code_prints(nested)[1].fingerprints == code_prints(inner)[1].fingerprints
    function = "def helper(x):\n" + "\n".join(f"    x = torch.exp(x) + {each}" for each in range(9))
    assert len(code_prints(function)) == 1 and code_prints(function)[0].fingerprints


def test_small_functions_give_no_print() -> None:
    text = "class A:\n    def get(self):\n        return self.x\n"
    assert code_prints(text)[1] == Unit("A", 1, (), 6)
    assert code_prints(text)[1].tokens < MIN_TOKENS


@pytest.mark.parametrize("text", ["class A(:", "\0", "x = " + "(" * 5000, "if True:\n" * 300])
def test_what_is_no_python_has_no_prints(text: str) -> None:
    assert code_prints(text) == ()


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codeprint, "MAX_UNITS", 2)
    assert len(code_prints(TEXT)) == 3
    monkeypatch.setattr(pysource, "MAX_TOKENS", 100)
    assert code_prints(TEXT) == ()


def test_a_long_chain_is_read_without_recursion() -> None:
    chain = "def f(x):\n    return x" + ".view(1)" * 900
    assert len(code_prints(chain)[0].fingerprints) >= 1


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    for unit in code_prints(text):
        assert unit.tokens >= 0
