"""Which keys are taken, and what is said of the others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aibom.errors import FormatError, LimitError, UsageError
from aibom.signing import load_key, load_signer
from aibom.signing.keys import describe
from tests.signing.conftest import KINDS, pair, pem, private_key


@pytest.mark.parametrize("kind", KINDS)
def test_a_passphrase_opens_what_it_protects(kind: str) -> None:
    private = private_key(kind)
    protected = pem(private, b"secret")
    assert load_signer(protected, "k", b"secret").public_key == load_signer(pem(private), "k").public_key
    for wrong in (None, b"wrong"):
        with pytest.raises(UsageError):
            load_signer(protected, "k", wrong)
    with pytest.raises(UsageError):
        load_signer(pem(private), "k", b"secret")


@pytest.mark.parametrize(
    "private",
    [
        rsa.generate_private_key(65537, 2048),
        ed448.Ed448PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256K1()),
    ],
    ids=["rsa", "ed448", "secp256k1"],
)
def test_keys_of_other_kinds_are_refused(private: object) -> None:
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    with pytest.raises(FormatError, match="not taken"):
        load_signer(pem(private), "k")
    with pytest.raises(FormatError, match="not taken"):
        load_key(public, "k")


def test_a_private_key_is_not_taken_for_a_public_one_nor_the_other_way_round() -> None:
    with pytest.raises(FormatError, match="private"):
        load_key(pair("p256").private, "k")
    with pytest.raises(FormatError):
        load_signer(pair("p256").public, "k")


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 100, b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]
)
def test_what_is_no_key_is_refused(data: bytes) -> None:
    for load in (load_key, load_signer):
        with pytest.raises(FormatError):
            load(data, "k")


def test_a_huge_file_is_no_key() -> None:
    with pytest.raises(LimitError):
        load_key(b"-" * 100_000, "k")


def test_the_id_of_a_key_is_what_openssl_gives(tmp_path: Path) -> None:
    path = tmp_path / "pub.pem"
    path.write_bytes(pair("p256").public)
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", path, "-outform", "DER"], capture_output=True, check=True
    ).stdout
    import hashlib

    key = load_key(pair("p256").public, "k")
    assert key.keyid == hashlib.sha256(der).hexdigest()
    assert describe(key) == f"ECDSA P-256 key {key.keyid}"


def test_keys_that_openssl_makes_are_taken(tmp_path: Path) -> None:
    for number, options in enumerate(
        (
            ["-algorithm", "ed25519"],
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        )
    ):
        path = tmp_path / f"{number}.pem"
        subprocess.run(["openssl", "genpkey", *options, "-out", path], capture_output=True, check=True)
        assert load_signer(path.read_bytes(), "k").public_key.keyid
