"""`aibom explain`: from a claim to its evidence and to how it is refuted, in anyone's BOM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom import bom
from aibom.bom import read_claims
from aibom.render.explain import explain
from tests import samples
from tests.cli.conftest import Cli


@pytest.fixture
def document() -> dict[str, Any]:
    return bom.build(samples.rich(), reproducible=True)


@pytest.fixture
def path(document: dict[str, Any], tmp_path: Path) -> Path:
    file = tmp_path / "bom.json"
    file.write_text(json.dumps(document))
    return file


def test_every_finding_is_a_claim_that_can_be_laid_out(cli: Cli, path: Path) -> None:
    for finding in samples.rich().provenance.findings:
        done = cli("explain", path, finding.id)
        assert done.exit_code == 0
        shown = " ".join(done.stdout.split())
        assert finding.id in shown
        assert " ".join(finding.statement.split()) in shown
        for locator in finding.locators:
            assert locator.path in shown
            assert " ".join((locator.quote or "").split()) in shown
        assert " ".join(finding.contest.split()).rstrip(".") in shown


def test_without_an_id_all_are_listed(cli: Cli, path: Path, document: dict[str, Any]) -> None:
    listed = json.loads(cli("explain", path, "-f", "json").stdout)
    assert [claim["ident"] for claim in listed] == [claim.ident for claim in read_claims(document)]
    assert len(listed) == len(document["declarations"]["claims"])
    assert listed[0]["ident"] in cli("explain", path).stdout


def test_an_unknown_id_is_an_error_with_advice(cli: Cli, path: Path) -> None:
    done = cli("explain", path, "F-nothing")
    assert done.exit_code == 4
    assert "makes no claim 'F-nothing'" in done.stderr


def test_a_bom_without_claims_says_so(cli: Cli) -> None:
    assert cli("explain", "-", stdin="{}").stdout == "no claims\n"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "bom-ref",
                    "claims",
                    "evidence",
                    "counterEvidence",
                    "data",
                    "contents",
                    "attachment",
                    "content",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_broken_declarations_never_crash(declarations: Any) -> None:
    for claim in read_claims({"declarations": declarations}):
        assert explain(claim)


def test_hostile_text_steers_no_terminal(cli: Cli) -> None:
    claim = {"bom-ref": "claim:F-1\x1b[2J", "predicate": "a\u202eb\x07", "evidence": ["e"]}
    evidence = [{"bom-ref": "e", "description": "\x1b]0;x", "data": [{"contents": {"url": "http://x/\x1b"}}]}]
    stored = json.dumps({"declarations": {"claims": [claim], "evidence": evidence}})
    for arguments in (("explain", "-"), ("explain", "-", "-f", "json")):
        assert not set(cli(*arguments, stdin=stored).stdout) & {"\x1b", "\x07", "\u202e"}
