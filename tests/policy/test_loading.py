"""Policies out of files: what is read, and what is told of a file that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from aibom.errors import AibomError, DataError, UsageError
from aibom.model import Severity
from aibom.policy import RULES, Policy, load_policy, shipped
from aibom.policy.loading import MAX_DEPTH, MAX_RULES
from aibom.policy.reading import MAX_BYTES
from aibom.sovereignty import load_profile
from aibom_schemas import schema

TEXT = """\
id: mine
version: "1"
date: "2026-01-01"
name: Mine
official: false
profile: kr
rules:
  - id: own
    rule: minimum_level
    level: 3
    severity: high
  - id: safe
    rule: no_denied_origin
    layers: [weights]
"""
OWN_PROFILE = "profile: {extends: kr, deny: [CN]}"
GOOD = TEXT.replace("profile: kr", OWN_PROFILE)


def load(folder: Path, text: str, name: str = "policy.yaml") -> Policy:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_policy(str(path))


def refused(folder: Path, text: str, name: str = "policy.yaml") -> str:
    """The message, without the folder."""
    with pytest.raises(DataError) as error:
        load(folder, text, name)
    assert error.value.exit_code == 2
    return error.value.message.replace(f"{folder}/", "")


def test_a_policy_is_read(tmp_path: Path) -> None:
    policy = load(tmp_path, GOOD)
    assert (policy.id, policy.version, policy.date, policy.official) == ("mine", "1", "2026-01-01", False)
    assert [(rule.id, rule.name, rule.severity) for rule in policy.rules] == [
        ("own", "minimum_level", Severity.HIGH),
        ("safe", "no_denied_origin", Severity.MEDIUM),
    ]
    assert policy.profile.deny == ("CN",)
    assert policy.profile.weights == load_profile("kr").weights


def test_yaml_and_json_give_the_same_policy(tmp_path: Path) -> None:
    value: dict[str, Any] = yaml.safe_load(GOOD)
    assert load(tmp_path, json.dumps(value, indent="\t"), "p.json").digest == load(tmp_path, GOOD).digest


def test_the_digest_is_that_of_the_meaning(tmp_path: Path) -> None:
    first = load(tmp_path, GOOD).digest
    assert len(first) == 64
    assert load(tmp_path, "# a comment\n" + GOOD.replace("[weights]", "\n      - weights")).digest == first
    assert load(tmp_path, GOOD.replace("level: 3", "level: 2")).digest != first
    assert load(tmp_path, GOOD.replace("deny: [CN]", "deny: [RU]")).digest != first
    renamed = GOOD.replace(OWN_PROFILE, "profile: {extends: kr, deny: [CN], notes: x}")
    assert load(tmp_path, renamed).digest != first


def test_single_values_are_put_over_those_of_the_profile_extended(tmp_path: Path) -> None:
    values = "home: [DE, FR], deny: [CN], layers: {weights: 40, data: 10}, control: registered"
    own = f"profile: {{extends: eu, {values}}}"
    profile = load(tmp_path, GOOD.replace(OWN_PROFILE, own)).profile
    assert profile.home == ("DE", "FR")
    assert sum(profile.weights.values()) == 100
    assert profile.ultimate is False
    assert (profile.id, profile.date) == ("mine", "2026-01-01")


def test_a_profile_of_its_own_needs_every_field(tmp_path: Path) -> None:
    assert "required" in refused(tmp_path, GOOD.replace(OWN_PROFILE, "profile: {home: [KR], deny: [CN]}"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "no_denied_origin",
            "no_denied_orgin",
            ":13: unknown rule \"no_denied_orgin\"; did you mean 'no_denied_origin'?",
        ),
        ("    level: 3", "    levl: 3", ":10: unknown key \"levl\"; did you mean 'level'?"),
        ("[weights]", "[wieghts]", ":14: unknown layers \"wieghts\"; did you mean 'weights'?"),
        ("severity: high", "severity: hihg", ":11: unknown severity \"hihg\"; did you mean 'high'?"),
        (
            "severity: high",
            "severity: urgent",
            ':11: unknown severity "urgent"; known: info, low, medium, high',
        ),
        ("name: Mine", "nmae: Mine", ":4: unknown key \"nmae\"; did you mean 'name'?"),
        (OWN_PROFILE, "profile: kx", ':6: unknown profile "kx"; known: eu, jp, kr, neutral, us'),
        (OWN_PROFILE, "profile: {extends: kr, dney: [CN]}", ":6: unknown key \"dney\"; did you mean 'deny'?"),
        (
            OWN_PROFILE,
            "profile: {extends: kr, deny: [CN], layers: {wieghts: 35}}",
            ":6: unknown key \"wieghts\"; did you mean 'weights'?",
        ),
        (
            OWN_PROFILE,
            "profile: {extends: kr, deny: [CN], layers: {weights: 40}}",
            ":6: profile: /layers: the weights add up to 105, not to 100",
        ),
        (
            OWN_PROFILE,
            "profile: {extends: kr, deny: [CN, KR]}",
            ":6: profile: /deny: a country is in the home set too",
        ),
        (OWN_PROFILE, "profile: kr", ':12: no_denied_origin needs a profile with a deny set; "kr" has none'),
        (
            OWN_PROFILE,
            "profile: neutral",
            ':8: minimum_level needs a profile with a home set; "neutral" has none',
        ),
        ("id: safe", "id: own", ':12: the id "own" stands at line 8 too'),
        ("level: 3", "level: 5", ":10: rules/0/level: 5 is greater than the maximum of 4"),
        ("level: 3", "level: '3'", ':10: rules/0/level: "3" is not of type "integer"'),
        ("    level: 3\n", "", ':8: rules/0: "level" is a required property'),
        ('"2026-01-01"', '"2026-02-30"', ':3: date: "2026-02-30" is not a "date"'),
        ("official: false", "official: maybe", ':5: official: "maybe" is not of type "boolean"'),
        ("name: Mine", "name: Mine\nname: Yours", ":5: 'name' stands twice"),
        ("level: 3", "level: 3\n    level: 0", ":11: 'level' stands twice"),
        ("id: own", "id: Own rule", ":8: rules/0/id: "),
        ("name: Mine", "name: [", ": line "),
        (GOOD, "[]", ":1: a mapping of names to values is needed"),
        (GOOD, "", ":1: a mapping of names to values is needed"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert refused(tmp_path, GOOD.replace(old, new)).startswith(f"policy.yaml{message}")


def test_faults_of_json_have_lines_too(tmp_path: Path) -> None:
    text = json.dumps(yaml.safe_load(GOOD), indent="\t").replace('"level"', '"lvel"')
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "lvel" in each)
    assert refused(tmp_path, text, "p.json").startswith(f'p.json:{line}: unknown key "lvel"')
    assert "not valid JSON" in refused(tmp_path, text[:-2], "p.json")


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("licence_allow", "[MTI]", "unknown licence \"MTI\"; did you mean 'MIT'?"),
        ("licence_deny", "[MIT, Apache]", "unknown licence \"Apache\"; SPDX writes 'Apache-2.0'"),
        ("licence_allow", "[MIT OR ISC]", "does not match"),
        ("licence_allow", "[]", "has less than 1 item"),
    ],
)
def test_licences_exist(tmp_path: Path, name: str, known: str, said: str) -> None:
    message = refused(tmp_path, GOOD + f"  - {{id: l, rule: {name}, licences: {known}}}\n")
    assert message.startswith("policy.yaml:15: ")
    assert said in message


def nested(depth: int) -> str:
    rule: dict[str, Any] = {"id": "leaf", "rule": "minimum_level", "level": 1}
    for level in range(depth - 1):
        rule = {"id": f"n-{level}", "rule": "all_of", "rules": [rule]}
    return json.dumps(yaml.safe_load(TEXT) | {"rules": [rule]})


def test_nesting_is_bounded(tmp_path: Path) -> None:
    assert load(tmp_path, nested(MAX_DEPTH), "p.json").rules
    assert f"nest more than {MAX_DEPTH} deep" in refused(tmp_path, nested(MAX_DEPTH + 1), "p.json")
    assert "nest" in refused(tmp_path, nested(90), "p.json")
    assert "nested deeper" in refused(tmp_path, '{"rules": ' * 5000 + "1" + "}" * 5000, "p.json")


def test_rules_are_counted_with_those_inside(tmp_path: Path) -> None:
    leaves = [{"id": f"r-{index}", "rule": "minimum_level", "level": 1} for index in range(MAX_RULES)]
    groups = [
        {"id": f"g-{index}", "rule": "any_of", "rules": leaves[index * 50 : index * 50 + 50]}
        for index in range(4)
    ]
    text = json.dumps(yaml.safe_load(TEXT) | {"rules": groups})
    assert f"more than {MAX_RULES} rules" in refused(tmp_path, text, "p.json")


def test_bombs_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "values" in refused(tmp_path, "\n".join(lines) + "\n" + GOOD)
    assert "nested deeper" in refused(tmp_path, GOOD + "x: " + "[" * 10_000)
    assert "more than" in refused(tmp_path, GOOD + "#" * MAX_BYTES)


def test_bytes_that_are_no_text_raise_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    for data in (b"\xff\xfe\x00", b"\x00" * 100, "id: \ud800".encode("utf-8", "surrogatepass"), b"&"):
        path.write_bytes(data)
        with pytest.raises(AibomError):
            load_policy(str(path))


def test_a_name_that_no_policy_has(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        load_policy("kr-independant")
    assert "Did you mean kr-independent" in error.value.advice
    with pytest.raises(UsageError) as far:
        load_policy("zzz")
    assert "Did you mean" not in far.value.advice
    with pytest.raises(UsageError):
        load_policy(str(tmp_path))


def test_the_shipped_policies_are_not_official_and_say_so() -> None:
    policies = shipped()
    assert [policy.id for policy in policies] == [
        "eu-floor", "kr-independent", "open-licence", "strict-no-unknown", "us-public",
    ]  # fmt: skip
    for policy in policies:
        assert not policy.official
        assert policy.notes.startswith("Not official")
        assert policy.rules and policy.date and len(policy.digest) == 64
    assert len({policy.digest for policy in policies}) == 5


def test_the_schema_knows_the_rules_that_the_code_knows() -> None:
    stated = schema("policy")["$defs"]
    assert set(stated["rule"]["properties"]["rule"]["enum"]) == set(RULES)
    for name, kind in RULES.items():
        fields = set(getattr(kind, "__dataclass_fields__", ())) - {"place"}
        assert set(stated[name]["properties"]) - {"id", "rule", "severity", "why"} == fields
