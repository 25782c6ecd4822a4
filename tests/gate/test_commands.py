"""`aibom check`, `verify` and `diff` as a release engineer and a procurement officer run them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import aibom
from aibom.bom import lint, validate
from aibom.errors import AibomError, DataError, UsageError
from aibom.model import Outcome
from aibom_schemas import schema
from tests.gate.conftest import of, run, verdict

NAMES = ("ax-k1", "fine-tune", "hyperclova-x", "k-exaone", "plain-original", "solar-open")


def held(document: dict[str, Any]) -> dict[str, Any]:
    jsonschema.Draft202012Validator(schema("verdict")).validate(document)
    return document


def altered(bom: Path, folder: Path, change: Any) -> Path:
    document = json.loads(bom.read_bytes())
    change(document)
    path = folder / "altered.cdx.json"
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_bom_is_judged_as_its_model_is(name: str, models: dict[str, Path], boms: dict[str, Path]) -> None:
    of_model = verdict(run("check", models[name], "--policy", "kr-independent", *of(name), "-f", "json"))
    of_bom = verdict(run("check", boms[name], "--policy", "kr-independent", "-f", "json"))
    told = [[(item["id"], item["outcome"]) for item in each["results"]] for each in (of_model, of_bom)]
    assert told[0] == told[1]
    assert held(of_model)["score"] == held(of_bom)["score"]


@pytest.mark.parametrize(
    ("name", "code"), [("solar-open", 3), ("hyperclova-x", 3), ("fine-tune", 1), ("plain-original", 3)]
)
def test_unknown_is_never_a_pass(name: str, code: int, boms: dict[str, Path]) -> None:
    result = run("check", boms[name], "--policy", "kr-independent")
    assert result.exit_code == code
    if code == 3:
        assert "is undetermined" in result.stdout


def test_a_policy_that_asks_for_what_is_known_passes(boms: dict[str, Path], tmp_path: Path) -> None:
    policy = tmp_path / "p.yaml"
    policy.write_text(
        'id: mine\nversion: "1"\ndate: "2026-01-01"\nname: Mine\nofficial: false\nprofile: kr\nrules:\n'
        "  - {id: safe, rule: no_security_finding_above, level: low, severity: high}\n"
    )
    result = run("check", boms["solar-open"], "--policy", policy)
    assert result.exit_code == 0 and "against mine: passes" in result.stdout


def test_every_form_is_written_in_one_run(boms: dict[str, Path], tmp_path: Path) -> None:
    names = {"json": "v.json", "sarif": "v.sarif", "junit": "v.xml", "markdown": "v.md"}
    pairs = [f"--write={form}={tmp_path / name}" for form, name in names.items()]
    result = run("check", boms["solar-open"], "--policy", "kr-independent", *pairs)
    assert result.exit_code == 3
    held(json.loads((tmp_path / "v.json").read_bytes()))
    assert json.loads((tmp_path / "v.sarif").read_bytes())["version"] == "2.1.0"
    assert (tmp_path / "v.xml").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "v.md").read_text().startswith("### ")


@pytest.mark.parametrize("pair", ["html=x", "json", "json=", "=x"])
def test_a_form_that_there_is_not_is_refused_before_the_scan(pair: str, boms: dict[str, Path]) -> None:
    result = run("check", boms["solar-open"], "--policy", "kr-independent", "--write", pair)
    assert result.exit_code == 2 and "no form and file" in result.stderr


def test_a_baseline_lets_only_what_is_new_fail(boms: dict[str, Path], tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    first = run("check", boms["fine-tune"], "--policy", "kr-independent", "-f", "json", "-o", before)
    assert first.exit_code == 1
    again = run("check", boms["fine-tune"], "--policy", "kr-independent", "--baseline", before, "-f", "json")
    assert again.exit_code == 0 and len(verdict(again)["known"]) > 0
    other = run("check", boms["solar-open"], "--policy", "kr-independent", "--baseline", before)
    assert other.exit_code == 3


def test_a_baseline_that_is_no_verdict_is_refused(boms: dict[str, Path]) -> None:
    bom = boms["fine-tune"]
    result = run("check", bom, "--policy", "kr-independent", "--baseline", bom)
    assert result.exit_code == 4 and "no verdict of aibom" in result.stderr


def test_a_waiver_holds_until_its_day(boms: dict[str, Path], tmp_path: Path) -> None:
    bom = str(boms["fine-tune"])
    failed = aibom.check(bom, policy="kr-independent").results
    waivers = tmp_path / "waivers.json"
    entries = [
        {"finding": item.id, "reason": "agreed", "approver": "A. Person", "expires": "2027-01-31"}
        for item in failed
        if item.outcome is Outcome.FAIL
    ]
    waivers.write_text(json.dumps({"waivers": entries}))
    last = aibom.check(bom, policy="kr-independent", waivers=waivers, today=date(2027, 1, 31))
    assert Outcome.FAIL not in {item.outcome for item in last.results}
    late = aibom.check(bom, policy="kr-independent", waivers=waivers, today=date(2027, 2, 1))
    assert late.outcome is Outcome.FAIL
    assert any(item.rule == "waiver-expired" for item in late.results)


def test_bad_policies_tell_what_to_do(boms: dict[str, Path], tmp_path: Path) -> None:
    unknown = run("check", boms["solar-open"], "--policy", "kr-independant")
    assert unknown.exit_code == 2 and "kr-independent" in unknown.stderr
    wrong = tmp_path / "p.yaml"
    wrong.write_text(
        'id: mine\nversion: "1"\ndate: "2026-01-01"\nname: Mine\nofficial: false\nprofile: kr\nrules:\n'
        "  - {id: safe, rule: no_security_finding_abov, level: low, severity: high}\n"
    )
    typo = run("check", boms["solar-open"], "--policy", wrong)
    assert typo.exit_code == 2
    assert "p.yaml:8" in typo.stderr and "no_security_finding_above" in typo.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_true_bom_agrees_with_its_model(
    name: str, models: dict[str, Path], boms: dict[str, Path], tmp_path: Path
) -> None:
    attested = tmp_path / "attestation.cdx.json"
    result = run(
        "verify", boms[name], models[name], *of(name), "-f", "json", "--attestation", attested, "--quiet"
    )
    assert result.exit_code == 0, result.output
    held(verdict(result))
    document = json.loads(attested.read_bytes())
    assert list(validate(document)) == []
    assert [item for item in lint(document) if item.severity == "error"] == []


def test_a_bom_of_another_model_is_contradicted(models: dict[str, Path], boms: dict[str, Path]) -> None:
    result = run("verify", boms["solar-open"], models["hyperclova-x"], *of("hyperclova-x"), "-f", "json")
    assert result.exit_code == 1
    failed = {item["rule"] for item in verdict(result)["results"] if item["outcome"] == "fail"}
    assert {"identity.repository", "files.missing"} <= failed
    told = [item for item in verdict(result)["results"] if item["rule"] == "parts.undeclared"]
    assert any("vision-encoder" in (item["part"] or "") for item in told)


def test_a_changed_digest_is_found(models: dict[str, Path], boms: dict[str, Path], tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        files = (item for item in document["metadata"]["component"]["components"] if item["type"] == "file")
        next(files)["hashes"][0]["content"] = "0" * 64

    wrong = altered(boms["solar-open"], tmp_path, change)
    result = run("verify", wrong, models["solar-open"], *of("solar-open"), "-f", "json")
    assert result.exit_code == 1
    (failed,) = [item for item in verdict(result)["results"] if item["outcome"] == "fail"]
    assert failed["rule"] == "files.digest"
    assert "0" * 64 in failed["claimed"] and failed["found"] != failed["claimed"]


def test_the_same_twice_is_no_difference(boms: dict[str, Path]) -> None:
    for bom in boms.values():
        result = run("diff", bom, bom, "-f", "json")
        assert (result.exit_code, held(verdict(result))["results"]) == (0, [])


def test_only_a_regression_fails(models: dict[str, Path], boms: dict[str, Path]) -> None:
    worse = run("diff", boms["plain-original"], boms["hyperclova-x"])
    assert worse.exit_code == 1 and "a regression" in worse.stdout
    with_model = run("diff", boms["solar-open"], models["solar-open"], *of("solar-open")[2:])
    assert with_model.exit_code in (0, 3)


@pytest.mark.parametrize("command", ["check", "verify", "diff"])
def test_what_is_no_bom_is_refused_in_one_line(command: str, models: dict[str, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"bomFormat": "CycloneDX", ')
    model = models["solar-open"]
    arguments = {
        "check": (broken, "--policy", "kr-independent"),
        "verify": (broken, model, *of("solar-open")),
        "diff": (broken, broken),
    }
    result = run(command, *arguments[command])
    assert result.exit_code == 4
    assert result.stderr.count("\n") == 2 and result.stderr.startswith("error: ")


def test_the_library_gives_typed_results(models: dict[str, Path], boms: dict[str, Path]) -> None:
    found = aibom.verify(boms["solar-open"], str(models["solar-open"]), alias="upstage/Solar-Open-shape")
    assert found.verdict.kind == "verify" and found.claimed.form.startswith("CycloneDX")
    assert aibom.diff(str(boms["solar-open"]), str(boms["solar-open"])).outcome is Outcome.PASS
    with pytest.raises(UsageError):
        aibom.check(str(boms["solar-open"]), policy="none-such")
    with pytest.raises(AibomError):
        aibom.check("/none/such", policy="kr-independent", offline=True)
    with pytest.raises(DataError):
        aibom.check(str(boms["solar-open"]), policy="kr-independent", waivers=boms["solar-open"])


def test_two_boms_are_compared_under_the_profile_that_is_asked_for(boms: dict[str, Path]) -> None:
    sides = (boms["plain-original"], boms["hyperclova-x"])
    found = verdict(run("diff", *sides, "--profile", "eu", "-f", "json"))
    assert found["score"]["profile"] == "eu"
    alone = run("diff", *sides, "--home", "KR")
    assert alone.exit_code == 2 and "--profile" in alone.stderr


def test_code_scanning_is_led_to_the_notice_that_names_the_origin(
    boms: dict[str, Path], tmp_path: Path
) -> None:
    """Not to the publisher's own notice, which the origin rests on as well."""
    policy = tmp_path / "p.yaml"
    policy.write_text(
        'id: mine\nversion: "1"\ndate: "2026-01-01"\nname: Mine\nofficial: false\n'
        "profile: {extends: kr, deny: [CN]}\nrules:\n"
        "  - {id: code, rule: no_denied_origin, layers: [code], severity: high}\n"
    )
    found = json.loads(run("check", boms["solar-open"], "--policy", policy, "-f", "sarif").stdout)
    (result,) = found["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "modeling_solar_open.py"
    assert place["region"]["startLine"] == 5 and "Zhipu" in place["region"]["snippet"]["text"]
