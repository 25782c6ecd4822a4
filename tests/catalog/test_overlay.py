from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aibom.catalog import Identifier, load, merge, read_registry, shipped_registry
from aibom.errors import DataError, ExitCode

from .registries import document, entry, name, namespace, parent, seat


def written(folder: Path, content: Any) -> Path:
    path = folder / "organisations.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_an_overlay_adds_entries_with_shipped_parents(tmp_path: Path) -> None:
    new = entry("acme", hub_namespaces=[namespace("acme-test")], parents=[parent("kakao")])
    organisations = load(written(tmp_path, document(new))).organisations
    found = organisations.by_namespace("acme-test")
    assert found is not None
    assert (found.jurisdiction, found.ultimate_jurisdiction) == ("FR", "KR")
    assert organisations.by_namespace("Qwen") == load().organisations.by_namespace("Qwen")


def test_an_overlay_replaces_an_entry_as_a_whole(tmp_path: Path) -> None:
    mine = entry("upstage", names=[name("Upstage")], jurisdictions=[seat("KR") | {"verified": True}])
    organisations = load(written(tmp_path, document(mine))).organisations
    found = organisations.get("upstage")
    assert found is not None
    assert found.hub_namespaces == ()
    assert organisations.by_namespace("upstage") is None
    assert organisations.ref("upstage").source == "registry; country verified"
    assert load().organisations.by_namespace("upstage") is not None


def test_every_field_of_the_form_is_read(tmp_path: Path) -> None:
    full = entry(
        "acme",
        github=[namespace("acme-ai")],
        identifiers=[{"scheme": "wikidata", "value": "Q42", "verified": True, "sources": ["a register"]}],
        note="for a test",
    )
    found = load(written(tmp_path, document(full))).organisations.get("acme")
    assert found is not None
    assert [each.name for each in found.github] == ["acme-ai"]
    assert found.identifiers == (Identifier("wikidata", "Q42", verified=True, sources=("a register",)),)
    assert found.note == "for a test"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (document(entry("acme", kind="cartel")), "acme: /organisations/0/kind: "),
        (document(entry("acme", parents=[parent("nobody")])), "acme: parent nobody is not in the registry"),
        (document(entry("acme", hub_namespaces=[namespace("qwen")])), "Hub namespace 'qwen' also stands at "),
        (document(entry("acme"), entry("acme")), "acme: id 'acme' also stands at acme (and 1 more)"),
        ([], "file: /: "),
    ],
)
def test_a_broken_overlay_is_one_clear_line(tmp_path: Path, content: Any, line: str) -> None:
    with pytest.raises(DataError) as raised:
        load(written(tmp_path, content))
    assert line in raised.value.message
    assert "\n" not in raised.value.message
    assert raised.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "organisations.json"
    path.write_bytes(data)
    with pytest.raises(DataError, match="not JSON"):
        read_registry(path)


def test_a_missing_file_and_a_huge_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_registry(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    with pytest.raises(DataError, match="larger than"):
        read_registry(huge)


def test_merging_keeps_every_other_shipped_entry() -> None:
    base = shipped_registry()
    merged = merge(base, document(entry("upstage"), entry("acme")))
    idents = [each["id"] for each in merged["organisations"]]
    assert sorted(idents) == sorted({*(each["id"] for each in base["organisations"]), "acme"})
