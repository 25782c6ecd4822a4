"""The reference prints of code: built by the tests' own wheel, read back, and the shipped ones."""

from __future__ import annotations

import json
import zlib
from importlib.resources import files
from pathlib import Path

import pytest

from aibom.catalog import CodeFamily, Member, load
from aibom.catalog.code_prints import decode
from aibom.formats.codeprint import code_prints
from tests.builders.codereferences import references, wheel
from tests.builders.programs import class_text, module

FIRST = module("first", 2) + class_text("shared", "Shared")
SECOND = (
    module("second", 2)
    + class_text("shared", "SharedToo")
    + "\n\ndef helper(x):\n"
    + ("".join(f"    x = torch.exp(x) @ x.view({each}) - x.sum({each})\n" for each in range(9)))
)
FAMILIES = {"second": ("2024-01-01", SECOND), "first": ("2025-01-01", FIRST)}


def test_each_fingerprint_leads_to_its_classes(tmp_path: Path) -> None:
    known = references(tmp_path, FAMILIES)
    assert known.families == (
        CodeFamily("second", "2024-01-01", ("Someone",)),
        CodeFamily("first", "2025-01-01", ("Someone",)),
    )
    for family, text in (("first", FIRST), ("second", SECOND)):
        for unit in code_prints(text)[1:]:
            for value in unit.fingerprints:
                members = [member for found in known.units(value) for member in known.members(found)]
                assert (unit.name, unit.line) in [(item.name, item.line) for item in members]
                assert family in {item.family.model_type for item in members}


def test_equal_classes_are_one_unit_with_the_older_family_first(tmp_path: Path) -> None:
    known = references(tmp_path, FAMILIES)
    value = next(unit for unit in code_prints(FIRST) if unit.name == "Shared").fingerprints[0]
    (unit,) = known.units(value)
    assert [(item.family.model_type, item.name) for item in known.members(unit)] == [
        ("second", "SharedToo"),
        ("first", "Shared"),
    ]
    assert known.carriers(unit) == {"first", "second"}
    assert known.size(unit) == len(code_prints(class_text("shared", "Shared"))[1].fingerprints)


def test_loose_functions_are_a_unit_without_a_name(tmp_path: Path) -> None:
    known = references(tmp_path, FAMILIES)
    classes = {value for unit in code_prints(SECOND)[1:] for value in unit.fingerprints}
    loose = next(value for value in code_prints(SECOND)[0].fingerprints if value not in classes)
    (unit,) = known.units(loose)
    assert known.members(unit) == (Member(known.families[0], "", "modeling_second", 1, "9.9.9"),)


@pytest.mark.parametrize("value", [0, 2**32 - 1, 12345])
def test_an_unknown_fingerprint_leads_nowhere(tmp_path: Path, value: int) -> None:
    assert list(references(tmp_path, FAMILIES).units(value)) == []


def test_the_same_wheel_gives_the_same_bytes(tmp_path: Path) -> None:
    from transformers_code import payload

    built = wheel(tmp_path, {name: text for name, (_, text) in FAMILIES.items()})
    dates = {name: day for name, (day, _) in FAMILIES.items()}
    assert payload([built], dates) == payload([built], dates)
    with pytest.raises(KeyError):
        payload([built], {})


def test_an_older_release_adds_only_what_differs(tmp_path: Path) -> None:
    from transformers_code import payload

    newer = wheel(tmp_path, {"first": FIRST, "second": SECOND})
    changed = module("second", 3) + class_text("shared", "SharedToo")
    older = wheel(tmp_path, {"second": changed, "gone": module("gone", 2)}, version="8.8.8")
    dates = {"first": "2025-01-01", "second": "2024-01-01", "gone": "2020-01-01"}
    body, count = payload([newer, older], dates)
    known = decode(b"{}\n" + body)
    assert [family.model_type for family in known.families] == ["gone", "second", "first"]
    held = {unit.fingerprints for text in (FIRST, SECOND) for unit in code_prints(text)[1:]}
    older_units = [unit for text in (changed, module("gone", 2)) for unit in code_prints(text)[1:]]
    fresh = [unit for unit in older_units if unit.fingerprints not in held]
    assert 0 < len(fresh) < len(older_units)
    assert count["classes"] == payload([newer], dates)[1]["classes"] + len(fresh)
    for unit in older_units:
        members = [item for key in known.units(unit.fingerprints[0]) for item in known.members(key)]
        releases = {item.release for item in members if item.name == unit.name}
        assert releases == ({"8.8.8"} if unit in fresh else {"9.9.9"})


def test_what_ships_says_what_it_is_and_is_small() -> None:
    data = (files("aibom.catalog") / "data" / "code_prints.bin").read_bytes()
    head = json.loads(data[: data.index(b"\n")])
    assert {"schema", "source", "version", "sha256", "licence", "released", "older"} <= head.keys()
    assert len(zlib.compress(data)) < 2_000_000
    known = decode(data)
    assert len(known.families) == head["count"]["families"]
    released = {family.model_type: family.released for family in known.families}
    assert released["llama"] < released["glm4_moe"] < released["solar_open"]
    assert known is not load().code_prints is load().code_prints
