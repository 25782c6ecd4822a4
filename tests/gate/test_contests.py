"""A vendor contests the notice in its code; the gate shows both scores, then the accepted one."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

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
    page = run("report", bom, "--profile", "eu", "--contests", log).stdout
    assert "With every open contest granted" in page and "Contests: open" in page
    assert "With every open contest granted" not in run("report", bom, "--profile", "eu").stdout
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


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A vendor's private and public key."""
    private = Ed25519PrivateKey.generate()
    secret, public = tmp_path / "key.pem", tmp_path / "pub.pem"
    secret.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return secret, public


def test_a_contest_is_signed_by_its_vendor_and_the_log_says_with_which_key(
    boms: dict[str, Path], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    bom, log, contest, proof = boms["solar-open"], tmp_path / "log", tmp_path / "c.dsse.json", tmp_path / "p"
    proof.write_text("evidence")
    finding = json.loads(run("explain", bom, "-f", "json").stdout)[0]["ident"]
    filing = ("--claim", "No.", "--evidence", proof, "--by", "Upstage", "--date", "2026-11-24", "-o", contest)
    assert run("contest", "file", bom, finding, *filing, "--key", keys[0]).exit_code == 0
    assert json.loads(contest.read_bytes())["payloadType"] == "application/vnd.aibom.contest+json"

    def assess(path: Path, *more: object) -> Result:
        said = ("--state", "rejected", "--assessor", "A. Judge", "--reason", "not shown", "--log", log)
        return run("contest", "assess", path, *said, "--date", "2026-11-24", *more)

    stranger = Ed25519PrivateKey.generate().public_key()
    other = tmp_path / "other.pem"
    other.write_bytes(stranger.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert assess(contest, "--signer", other).exit_code == 4
    changed = tmp_path / "changed.json"
    document = json.loads(contest.read_bytes())
    payload = base64.b64decode(document["payload"]).replace(b"Upstage", b"Upstagf")
    changed.write_text(json.dumps(document | {"payload": base64.b64encode(payload).decode()}))
    assert assess(changed, "--signer", keys[1]).exit_code == 4
    assert not log.exists()
    assert "nobody checked by whom" in assess(contest).stderr
    log.unlink()
    assert assess(contest, "--signer", keys[1]).exit_code == 0
    (entry,) = json.loads(run("contest", "log", log, "-f", "json").stdout)["entries"]
    assert len(entry["signer"]) == 64
    plain = tmp_path / "plain.json"
    plain.write_bytes(base64.b64decode(document["payload"]))
    assert assess(plain, "--signer", keys[1]).exit_code == 4
