"""`aibom contest`: a vendor files, an assessor decides, a buyer sees both sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aibom import bom
from aibom.render import json_bytes, report_json
from tests import samples
from tests.cli.conftest import Cli

FINDING = samples.rich().provenance.findings[0]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "bom.json"
    path.write_bytes(bom.serialise(bom.build(samples.rich(), reproducible=True)))
    return path


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    path = tmp_path / "training.log"
    path.write_text("step 1\n")
    return path


def filed(cli: Cli, document: Path, evidence: Path, *more: object) -> Path:
    path = document.parent / "contest.json"
    done = cli(
        "contest", "file", document, FINDING.id, "--claim", "It is our own.", "--evidence", evidence,
        "--by", "Upstage", "--date", "2026-11-20", "-o", path, *more,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return path


def assessed(cli: Cli, contest: Path, *more: object) -> tuple[int, str]:
    done = cli(
        "contest", "assess", contest, "--assessor", "A lab", "--reason", "Repeated it.",
        "--log", contest.parent / "log.jsonl", "--date", "2026-11-21", *more,
    )  # fmt: skip
    return done.exit_code, done.stdout + done.stderr


def test_the_same_contest_has_the_same_bytes(cli: Cli, document: Path, evidence: Path) -> None:
    first = filed(cli, document, evidence, "--requested-grade", "4").read_bytes()
    assert filed(cli, document, evidence, "--requested-relation", "original").read_bytes() == first
    assert json.loads(first)["requested"] == "original"


def test_a_report_can_be_contested_too(cli: Cli, document: Path, evidence: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_bytes(json_bytes(report_json(samples.rich())))
    ids = {json.loads(filed(cli, each, evidence).read_bytes())["id"] for each in (document, report)}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("--requested-grade", "4", "--requested-relation", "original"), 2, "a relation and a grade"),
        (("--requested-grade", "5"), 2, "is not in the range"),
        (("--evidence", "https://x.org/log"), 2, "no URL with its digest"),
        (("--evidence", "/nothing/at/all"), 4, "cannot be read"),
        (("--claim", " "), 2, "needs a claim"),
        (("--date", "soon"), 2, "is no day"),
    ],
)
def test_what_is_filed_wrongly_is_told(
    cli: Cli, document: Path, evidence: Path, change: tuple[str, ...], code: int, message: str
) -> None:
    done = cli(
        "contest", "file", document, FINDING.id, "--claim", "x", "--by", "x", "--evidence", evidence, *change
    )
    assert (done.exit_code, done.stdout) == (code, "")
    assert message in done.stderr


def test_a_finding_that_is_not_there_is_told_with_the_one_that_was_meant(
    cli: Cli, document: Path, evidence: Path
) -> None:
    done = cli(
        "contest", "file", document, FINDING.id[:-1], "--claim", "x", "--by", "x", "--evidence", evidence
    )
    assert done.exit_code == 4
    assert f"did you mean '{FINDING.id}'" in done.stderr


def test_a_contest_from_filing_to_the_bom(cli: Cli, document: Path, evidence: Path) -> None:
    log = document.parent / "log.jsonl"
    contest = filed(cli, document, evidence, "--log", log)
    code, told = assessed(cli, contest, "--state", "accepted", "--evidence-level", "E1")
    assert code == 2 and "does not set it aside" in told
    code, told = assessed(cli, contest, "--state", "accepted", "--evidence-level", "E4")
    assert code == 0 and "entry 2, digest" in told
    done = cli("contest", "log", log)
    assert done.exit_code == 0 and "2 entries, the chain holds" in done.stdout
    laid = document.parent / "laid.json"
    done = cli("contest", "apply", document, log, "-o", laid)
    assert done.exit_code == 0
    heads = [line[:21].strip() for line in done.stdout.splitlines()]
    assert heads == ["without contests", "accepted applied", "open ones granted too"]
    assert cli("lint", laid).exit_code == 0
    shown = cli("explain", laid, FINDING.id).stdout
    assert "Evidence against it" in shown and "training.log" in shown


def test_without_a_file_the_bom_goes_to_standard_output(cli: Cli, document: Path, evidence: Path) -> None:
    log = document.parent / "log.jsonl"
    filed(cli, document, evidence, "--log", log)
    done = cli("contest", "apply", document, log)
    assert json.loads(done.stdout)["bomFormat"] == "CycloneDX"
    assert "without contests" in done.stderr


def test_a_log_that_was_changed_is_told_with_its_line(cli: Cli, document: Path, evidence: Path) -> None:
    log = document.parent / "log.jsonl"
    filed(cli, document, evidence, "--log", log)
    log.write_bytes(log.read_bytes().replace(b"It is our own", b"It is not ours"))
    for arguments in (("contest", "log", log), ("contest", "apply", document, log)):
        done = cli(*arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "line 1: " in done.stderr


def test_a_log_that_was_cut_off_is_told_by_whoever_kept_a_digest(
    cli: Cli, document: Path, evidence: Path
) -> None:
    log = document.parent / "log.jsonl"
    contest = filed(cli, document, evidence, "--log", log)
    assessed(cli, contest, "--state", "rejected")
    listed = json.loads(cli("contest", "log", log, "-f", "json").stdout)
    assert [entry["state"] for entry in listed["entries"]] == ["open", "rejected"]
    assert cli("contest", "log", log, "--head", listed["head"]).exit_code == 0
    log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    done = cli("contest", "log", log, "--head", listed["head"])
    assert done.exit_code == 1 and "cut off or replaced" in done.stderr


def test_an_unfinished_entry_is_told(cli: Cli, document: Path, evidence: Path) -> None:
    log = document.parent / "log.jsonl"
    contest = filed(cli, document, evidence, "--log", log)
    log.write_bytes(log.read_bytes() + b'{"assessor":"A l')
    done = cli("contest", "log", log)
    assert done.exit_code == 0 and "an unfinished entry" in done.stderr
    code, told = assessed(cli, contest, "--state", "rejected")
    assert code == 0 and "an unfinished entry" in told


def test_a_bom_that_is_not_there_is_told(cli: Cli, document: Path, tmp_path: Path) -> None:
    assert cli("contest", "apply", tmp_path / "no.json", tmp_path / "no.jsonl").exit_code == 4
    assert cli("contest", "log", tmp_path / "no.jsonl").exit_code == 4
    assert cli("contest", "apply", document, document).exit_code == 2
