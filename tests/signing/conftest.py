"""Key pairs of every kind, in PEM, and a BOM with the files that it is of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from aibom.signing import IN_TOTO, HeldFiles, load_key, load_signer, seal, write_statement

KINDS = ("ed25519", "p256", "p384", "p521")
BOM: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "version": 1,
    "metadata": {"component": {"type": "machine-learning-model", "group": "org", "name": "modèle"}},
}
FILES = {
    path: hashlib.sha256(path.encode()).hexdigest()
    for path in ("config.json", "model.safetensors", "sub/카드.md")
}


@dataclass(frozen=True)
class Pair:
    """A private key and its public half, in PEM."""

    private: bytes
    public: bytes

    @property
    def signer(self) -> Any:
        return load_signer(self.private, "key.pem")

    @property
    def key(self) -> Any:
        return load_key(self.public, "pub.pem")


def private_key(kind: str) -> Any:
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    curve = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}[kind]
    return ec.generate_private_key(curve())


def pem(private: Any, passphrase: bytes | None = None) -> bytes:
    how: KeySerializationEncryption = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    data: bytes = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    return data


@cache
def pair(kind: str, number: int = 0) -> Pair:
    private = private_key(kind)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Pair(pem(private), public)


@cache
def sealed(kind: str = "ed25519") -> bytes:
    return seal(write_statement(BOM, FILES), IN_TOTO, pair(kind).signer)


def held(files: dict[str, str] | None = None, **rest: Any) -> HeldFiles:
    return HeldFiles(FILES if files is None else files, rest.pop("signatures", {}), **rest)
