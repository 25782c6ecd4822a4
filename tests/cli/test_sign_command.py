"""`aibom sign` and `aibom verify-signature`, from key files to exit codes."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from aibom.signing import write_statement
from tests.cli.conftest import Cli
from tests.signing.conftest import BOM, pair, pem, private_key
from tests.signing.instance import IDENTITY, ISSUER, Instance


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with keys, a BOM and a model, as the working directory."""
    monkeypatch.chdir(tmp_path)
    for name, kind, number in (("a", "ed25519", 0), ("b", "p256", 0)):
        Path(f"{name}.pem").write_bytes(pair(kind, number).private)
        Path(f"{name}.pub").write_bytes(pair(kind, number).public)
    Path("bom.json").write_text(json.dumps(BOM))
    model = Path("model")
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(bytes(100))
    return tmp_path


def test_what_was_signed_is_verified(cli: Cli, desk: Path) -> None:
    envelope = "model/bom.dsse.json"
    for _ in range(2):  # the second time the envelope of the first lies among the files
        assert cli("sign", "bom.json", "model", "--key", "a.pem", "-o", envelope).exit_code == 0
    done = cli("verify-signature", envelope, "--key", "a.pub", "--target", "model", "--bom", "bom.json")
    assert done.exit_code == 0
    assert "signed by Ed25519 key" in done.stdout
    assert "2 of 2 files" in done.stdout


def test_an_altered_model_bom_or_key_gives_code_1(cli: Cli, desk: Path) -> None:
    assert cli("sign", "bom.json", "model", "--key", "a.pem", "-o", "e.json").exit_code == 0
    assert cli("verify-signature", "e.json", "--key", "b.pub").exit_code == 1
    Path("other.json").write_text(json.dumps({**BOM, "version": 2}))
    assert cli("verify-signature", "e.json", "--key", "a.pub", "--bom", "other.json").exit_code == 1
    Path("model/config.json").write_text("{ }")
    done = cli("verify-signature", "e.json", "--key", "a.pub", "--target", "model", "-f", "json")
    assert done.exit_code == 1
    results = {item["rule"]: item for item in json.loads(done.stdout)["results"]}
    assert results["files.altered"]["locators"][0]["path"] == "config.json"


def test_local_files_are_hashed_anew_each_time(cli: Cli, desk: Path) -> None:
    file = Path("model/config.json")
    file.write_text('{"model_type": "llama"}')
    cache = ("--cache-dir", "cache")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert cli("sign", "bom.json", "model", "--key", "a.pem", "-o", "e.json", *cache).exit_code == 0
    assert cli("generate", "model", "-f", "json", *cache).exit_code == 0
    with file.open("r+b") as stream:
        stream.write(b"[")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    done = cli("verify-signature", "e.json", "--key", "a.pub", "--target", "model", *cache)
    assert done.exit_code == 1


def test_a_bom_of_other_files_is_not_signed(cli: Cli, desk: Path) -> None:
    Path("model/config.json").write_text('{"model_type": "llama"}')
    assert cli("generate", "model", "-o", "made.json").exit_code == 0
    arguments = ("sign", "made.json", "model", "--key", "a.pem", "-o", "e.json")
    assert cli(*arguments).exit_code == 0
    Path("model/config.json").write_text('{"model_type": "other"}')
    done = cli(*arguments)
    assert done.exit_code == 4
    assert "config.json" in done.stderr


def test_a_pointer_in_place_of_a_file_gives_code_3(cli: Cli, desk: Path) -> None:
    assert cli("sign", "bom.json", "model", "--key", "a.pem", "-o", "e.json").exit_code == 0
    Path("model/model.safetensors").write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 100\n"
    )
    assert cli("verify-signature", "e.json", "--key", "a.pub", "--target", "model").exit_code == 3
    done = cli("sign", "bom.json", "model", "--key", "a.pem", "-o", "f.json")
    assert (done.exit_code, Path("f.json").exists()) == (3, False)
    assert "model.safetensors" in done.stderr


def test_a_passphrase_comes_from_the_environment(
    cli: Cli, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("p.pem").write_bytes(pem(private_key("p384"), b"secret"))
    arguments = ("sign", "bom.json", "model", "--key", "p.pem", "-o", "e.json")
    assert cli(*arguments).exit_code == 2
    assert cli(*arguments, "--passphrase-env", "SIGNING").exit_code == 2
    monkeypatch.setenv("SIGNING", "wrong")
    assert cli(*arguments, "--passphrase-env", "SIGNING").exit_code == 2
    monkeypatch.setenv("SIGNING", "secret")
    assert cli(*arguments, "--passphrase-env", "SIGNING").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("sign", "bom.json", "model", "-o", "e.json"), 2),
        (("sign", "bom.json", "model", "--key", "a.pem", "--keyless", "-o", "e.json"), 2),
        (("sign", "bom.json", "model", "--keyless", "--offline", "-o", "e.json"), 2),
        (("sign", "bom.json", "model", "--key", "missing.pem", "-o", "e.json"), 4),
        (("sign", "a.pem", "model", "--key", "a.pem", "-o", "e.json"), 4),
        (("sign", "model/config.json", "model", "--key", "a.pem", "-o", "e.json"), 4),
        (("sign", "bom.json", "nowhere", "--key", "a.pem", "-o", "e.json"), 4),
        (("sign", "bom.json", "model", "--key", "a.pem", "-o", "nowhere/e.json"), 2),
        (("verify-signature", "bom.json", "--key", "a.pub"), 4),
        (("verify-signature", "missing.json", "--key", "a.pub"), 4),
        (("verify-signature", "bom.json", "--key", "a.pem"), 4),
        (("verify-signature", "bom.json", "--identity", "a@example.org"), 2),
    ],
    ids=str,
)
def test_wrong_use_and_bad_input_give_two_lines(
    cli: Cli, desk: Path, arguments: tuple[str, ...], code: int
) -> None:
    done = cli(*arguments)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (code, "", 2)


def test_without_key_or_identity_nothing_is_verified(cli: Cli, desk: Path) -> None:
    assert cli("sign", "bom.json", "model", "--key", "b.pem", "-o", "e.json").exit_code == 0
    done = cli("verify-signature", "e.json")
    assert done.exit_code == 2
    assert "--key" in done.stderr


def test_an_envelope_goes_through_standard_output_and_input(cli: Cli, desk: Path) -> None:
    sealed = cli("sign", "-", "model", "--key", "b.pem", "-o", "-", stdin=json.dumps(BOM)).stdout_bytes
    assert cli("verify-signature", "-", "--key", "b.pub", "--target", "model", stdin=sealed).exit_code == 0


def test_keyless_needs_its_library_and_says_so(cli: Cli, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sigstore.models", None)
    done = cli("sign", "bom.json", "model", "--keyless", "-o", "e.json")
    assert done.exit_code == 2
    assert "aibom[sigstore]" in done.stderr


def test_an_identity_is_verified_by_its_certificate(cli: Cli, desk: Path) -> None:
    instance = Instance()
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path("model").iterdir()}
    Path("e.json").write_bytes(instance.seal(write_statement(BOM, files)))
    Path("trust.json").write_text(instance.trust())
    arguments = ("verify-signature", "e.json", "--target", "model", "--issuer", ISSUER)
    trust = ("--trust-config", "trust.json")
    done = cli(*arguments, "--identity", IDENTITY, *trust)
    assert done.exit_code == 0
    assert f"signed by {IDENTITY}" in done.stdout
    assert cli(*arguments, "--identity", "other@example.org", *trust).exit_code == 1
    Path("trust.json").write_text("{}")
    assert cli(*arguments, "--identity", IDENTITY, *trust).exit_code == 4


def test_a_manifest_of_model_signing_in_the_target_is_shown(cli: Cli, desk: Path) -> None:
    import model_signing

    model = Path("model")
    hashing = model_signing.hashing.Config().set_ignored_paths(paths=[model / "model.sig"])
    config = model_signing.signing.Config().use_elliptic_key_signer(private_key=Path("b.pem"))
    config.set_hashing_config(hashing).sign(model, model / "model.sig")
    assert cli("sign", "bom.json", "model", "--key", "a.pem", "-o", "e.json").exit_code == 0
    arguments = ("verify-signature", "e.json", "--key", "a.pub", "--target", "model")
    done = cli(*arguments)
    assert done.exit_code == 0
    assert "who signed the model-signing manifest model.sig was not verified" in " ".join(done.stdout.split())
    done = cli(*arguments, "--manifest-key", "b.pub")
    assert done.exit_code == 0
    assert "signed by ECDSA P-256 key" in done.stdout
    assert cli(*arguments, "--manifest-key", "a.pub").exit_code == 1
    (model / "model.sig").write_bytes(b"garbage")
    done = cli(*arguments)
    assert done.exit_code == 0
    assert "model.sig is no manifest" in " ".join(done.stdout.split())
