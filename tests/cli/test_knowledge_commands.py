"""`plugins`, `profiles` and `organisations` show what aibom brings along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

ENTRY = {
    "id": "my-lab",
    "kind": "institute",
    "names": [{"text": "My Lab", "kind": "legal", "verified": True, "sources": ["our own statute"]}],
    "hub_namespaces": [{"name": "my-lab-on-hub", "verified": True, "sources": ["our own account"]}],
    "jurisdictions": [
        {
            "country": "KR",
            "basis": "registered",
            "verified": True,
            "sources": ["register"],
            "from": "2020-01-01",
        }
    ],
}


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    path = tmp_path / "registry.json"
    path.write_text(json.dumps({"version": 1, "organisations": [ENTRY]}))
    return path


def test_plugins_are_listed_with_their_distribution(cli: Cli) -> None:
    listed = json.loads(cli("plugins", "list", "-f", "json").stdout)
    assert {"huggingface", "onnx"} <= {each["name"] for each in listed}
    assert all(each["distribution"].startswith("aibom ") for each in listed if each["name"] == "onnx")
    assert "huggingface" in cli("plugins", "list").stdout


def test_a_plug_in_that_cannot_serve_is_shown_with_the_reason(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aibom.model import Stage, Unknown

    broken = Unknown("plugin:broken", Stage.INSPECTION, "plug-in broken does not load: no module")
    monkeypatch.setattr("aibom.registry.load", lambda: ((), (broken,)))
    [listed] = json.loads(cli("plugins", "list", "-f", "json").stdout)
    assert (listed["name"], listed["state"]) == ("broken", "set aside")
    assert "does not load" in listed["summary"]


def test_profiles_are_listed_with_date_and_digest(cli: Cli) -> None:
    listed = {each["name"]: each for each in json.loads(cli("profiles", "list", "-f", "json").stdout)}
    assert {"kr", "eu", "us", "jp", "neutral"} <= set(listed)
    assert (listed["kr"]["home"], listed["neutral"]["home"]) == ("KR", "none")
    assert all(len(each["digest"]) == 64 and each["date"] for each in listed.values())


@pytest.mark.parametrize("query", ["my-lab", "my-lab-on-hub", "My Lab"])
def test_an_organisation_is_found_by_id_namespace_and_name(cli: Cli, overlay: Path, query: str) -> None:
    done = cli("organisations", "show", query, "--organisations", overlay, "-f", "json")
    rows = {(row["field"], row["value"], row["checked"], row["sources"]) for row in json.loads(done.stdout)}
    assert ("country (registered)", "KR from 2020-01-01", "verified", "register") in rows
    assert ("name (legal)", "My Lab", "verified", "our own statute") in rows


def test_all_organisations_are_listed_with_a_country_or_unknown(cli: Cli) -> None:
    listed = json.loads(cli("organisations", "show", "-f", "json").stdout)
    assert len(listed) >= 150
    assert all(each["country"] for each in listed)


def test_an_organisation_that_is_not_there_is_a_mistake(cli: Cli) -> None:
    done = cli("organisations", "show", "no such organisation at all")
    assert done.exit_code == 2
    assert "no such organisation at all" in done.stderr


def test_the_shipped_registry_has_no_problem(cli: Cli) -> None:
    done = cli("organisations", "lint")
    assert (done.exit_code, done.stdout) == (0, "no problems\n")


def test_an_overlay_is_linted_together_with_what_is_shipped(cli: Cli, overlay: Path) -> None:
    assert cli("organisations", "lint", overlay).exit_code == 0
    child = ENTRY | {"parents": [{"id": "nowhere", "kind": "direct", "verified": False, "sources": ["x"]}]}
    overlay.write_text(json.dumps({"version": 1, "organisations": [child]}))
    done = cli("organisations", "lint", overlay, "-f", "json")
    assert done.exit_code == 1
    assert [row["organisation"] for row in json.loads(done.stdout)] == ["my-lab"]
    assert "nowhere" in cli("organisations", "lint", overlay).stdout


@pytest.mark.parametrize("text", ["", "{", "[]", '{"organisations": 1}', '{"organisations": [1]}'])
def test_a_file_that_is_no_registry_is_a_mistake_and_no_crash(cli: Cli, overlay: Path, text: str) -> None:
    overlay.write_text(text)
    assert cli("organisations", "lint", overlay).exit_code in (1, 2)
    assert cli("organisations", "show", "--organisations", overlay).exit_code == 2
