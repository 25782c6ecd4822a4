"""Manifests of OpenSSF model-signing are read, held against the files, and their signatures verified."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import model_signing
import pytest

from aibom.model import Outcome, Verdict
from aibom.signing import IN_TOTO, Trust, hold_files, read_envelope, seal, verify
from aibom.signing.keyless import NotProvenError, Signatory
from aibom.sources import open_source
from tests.signing.conftest import pair

NAME = "model.sig"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "sub").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "sub" / "weights.bin").write_bytes(bytes(1000))
    (folder / ".gitattributes").write_text("*.bin filter=lfs")
    return folder


def sign(folder: Path, tmp_path: Path, kind: str = "p256", hashing: Any = None) -> bytes:
    key = tmp_path / "key.pem"
    key.write_bytes(pair(kind).private)
    chosen = hashing or model_signing.hashing.Config()
    chosen.set_ignored_paths(paths=[folder / NAME], ignore_git_paths=True)
    config = model_signing.signing.Config().use_elliptic_key_signer(private_key=key)
    config.set_hashing_config(chosen).sign(folder, folder / NAME)
    return (folder / NAME).read_bytes()


def check(data: bytes, folder: Path | None, trust: Trust, **given: Any) -> Verdict:
    held = None
    if folder:
        with open_source(str(folder)) as source:
            held = hold_files(source)
    return verify(read_envelope(data, NAME), trust, name=NAME, held=held, **given)


def outcomes(verdict: Verdict) -> dict[str, Outcome]:
    return {item.rule: item.outcome for item in verdict.results}


@pytest.mark.parametrize("kind", ["p256", "p384", "p521"])
def test_a_folder_that_model_signing_signed_is_verified(model: Path, tmp_path: Path, kind: str) -> None:
    data = sign(model, tmp_path, kind)
    verdict = check(data, model, Trust(pair(kind).key))
    assert outcomes(verdict) == {"signature.valid": Outcome.PASS, "manifest.same": Outcome.PASS}
    assert "2 of 2 files that the model-signing manifest model.sig names" in verdict.results[1].statement
    assert check(data, model, Trust(pair(kind, 1).key)).outcome is Outcome.FAIL
    note = check(data, None, Trust(pair(kind).key))
    assert (note.outcome, note.results[1].rule) == (Outcome.PASS, "files.unread")


def test_files_that_changed_since_are_named_as_model_signing_names_them(model: Path, tmp_path: Path) -> None:
    data = sign(model, tmp_path)
    (model / "config.json").write_text("{ }")
    (model / "more.py").write_text("")
    (model / "sub" / "weights.bin").unlink()
    public = tmp_path / "pub.pem"
    public.write_bytes(pair("p256").public)
    theirs = model_signing.verifying.Config().use_elliptic_key_verifier(public_key=public)
    with pytest.raises(ValueError, match="mismatch") as refusal:
        theirs.verify(model, model / NAME)
    verdict = check(data, model, Trust(pair("p256").key))
    places = {item.rule: [at.path for at in item.locators] for item in verdict.results}
    assert places["manifest.altered"] == ["config.json"]
    assert places["manifest.missing"] == ["sub/weights.bin"]
    assert places["manifest.extra"] == ["more.py"]
    assert all(path in str(refusal.value) for path in ("config.json", "sub/weights.bin", "more.py"))


@pytest.mark.parametrize("hashing", ["blake3", "shards"])
def test_other_hashes_are_told_to_be_uncompared(model: Path, tmp_path: Path, hashing: str) -> None:
    config = model_signing.hashing.Config()
    if hashing == "blake3":
        config.use_file_serialization(hashing_algorithm="blake3")
    else:
        config.use_shard_serialization(shard_size=300)
    verdict = check(sign(model, tmp_path, hashing=config), model, Trust(pair("p256").key))
    assert outcomes(verdict) == {"signature.valid": Outcome.PASS, "manifest.unread": Outcome.UNDETERMINED}
    assert [at.path for at in verdict.results[1].locators] == ["config.json", "sub/weights.bin"]


def test_a_manifest_whose_root_is_not_that_of_its_files_fails(model: Path, tmp_path: Path) -> None:
    data = payload(sign(model, tmp_path))
    data["predicate"]["resources"].pop()
    verdict = check(
        seal(json.dumps(data).encode(), IN_TOTO, pair("p256").signer), model, Trust(pair("p256").key)
    )
    assert outcomes(verdict) == {"signature.valid": Outcome.PASS, "manifest.statement": Outcome.FAIL}


@pytest.mark.parametrize(
    "resources", [[], [{}], [{"name": "a", "digest": "xyz"}], [{"name": "a", "digest": "00"}] * 2]
)
def test_a_manifest_that_breaks_its_format_fails(model: Path, tmp_path: Path, resources: list[Any]) -> None:
    data = payload(sign(model, tmp_path))
    data["predicate"]["resources"] = resources
    verdict = check(
        seal(json.dumps(data).encode(), IN_TOTO, pair("p256").signer), model, Trust(pair("p256").key)
    )
    assert outcomes(verdict)["manifest.statement"] is Outcome.FAIL


def test_the_manifest_of_0_2_lists_its_files_as_subjects(model: Path, tmp_path: Path) -> None:
    resources = payload(sign(model, tmp_path))["predicate"]["resources"]
    old = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": item["name"], "digest": {"sha256": item["digest"]}} for item in resources],
        "predicateType": "https://model_signing/Digests/v0.1",
        "predicate": {"unused": "Unused"},
    }
    sealed = seal(json.dumps(old).encode(), IN_TOTO, pair("p256").signer)
    assert check(sealed, model, Trust(pair("p256").key)).outcome is Outcome.PASS


def test_a_bundle_with_a_certificate_needs_an_identity(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = json.loads(sign(model, tmp_path))
    bundle["verificationMaterial"] = {"certificate": {"rawBytes": ""}, "tlogEntries": []}
    data = json.dumps(bundle).encode()
    envelope = read_envelope(data, NAME)
    who = Trust(signatory=Signatory("a@example.org", "https://issuer.example"))
    monkeypatch.setattr("aibom.signing.verifying.prove", lambda *given: (IN_TOTO, envelope.payload))
    verdict = check(data, model, who)
    assert verdict.outcome is Outcome.PASS
    assert verdict.results[0].statement == "signed by a@example.org, as https://issuer.example says"
    monkeypatch.setattr("aibom.signing.verifying.prove", lambda *given: (IN_TOTO, b"{}"))
    assert check(data, model, who).outcome is Outcome.FAIL

    def refuse(*given: object) -> None:
        raise NotProvenError("no")

    monkeypatch.setattr("aibom.signing.verifying.prove", refuse)
    assert check(data, model, who).outcome is Outcome.FAIL


def payload(data: bytes) -> Any:
    return json.loads(base64.b64decode(json.loads(data)["dsseEnvelope"]["payload"]))
