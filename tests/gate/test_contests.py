"""A vendor contests the notice in its code; the gate shows both scores, then the accepted one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.gate.conftest import run, verdict


def test_an_open_contest_changes_nothing_but_is_shown_and_an_accepted_one_counts(
    boms: dict[str, Path], tmp_path: Path
) -> None:
    bom, log = boms["solar-open"], tmp_path / "log.jsonl"
    rule = "code.notice"
    claims = json.loads(run("explain", bom, "-f", "json").stdout)
    finding = next(
        claim["ident"]
        for claim in claims
        if f"Rule {rule}" in claim["reasoning"] and "Zhipu" in claim["statement"]
    )
    proof = tmp_path / "history.txt"
    proof.write_text("commit history of the file")
    contest = tmp_path / "contest.json"
    day = ("--date", "2026-11-24")
    filed = run(
        *("contest", "file", bom, finding, "--claim", "The notice came with a template."),
        *("--evidence", proof, "--requested-relation", "original", "--by", "Upstage"),
        *("-o", contest, "--log", log, *day),
    )
    assert filed.exit_code == 0, filed.output

    def check(*more: object) -> dict[str, object]:
        return verdict(run("check", bom, "--policy", "eu-floor", "-f", "json", *more))

    without, open_ = check(), check("--contests", log)
    assert open_["score"] == without["score"] and without["granted"] is None
    granted = open_["granted"]
    assert isinstance(granted, dict) and granted != open_["score"]
    assert "with open contests granted" in run("check", bom, "--policy", "eu-floor", "--contests", log).stdout
    weak = run(
        *("contest", "assess", contest, "--state", "accepted", "--assessor", "A. Judge", "--reason", "shown"),
        *("--evidence-level", "E1", "--log", log, *day),
    )
    assert weak.exit_code == 2 and "E3" in weak.stderr
    accepted = run(
        *("contest", "assess", contest, "--state", "accepted", "--assessor", "A. Judge", "--reason", "shown"),
        *("--evidence-level", "E4", "--log", log, *day),
    )
    assert accepted.exit_code == 0, accepted.output
    after = check("--contests", log)
    assert after["granted"] is None and after["score"] != without["score"]
