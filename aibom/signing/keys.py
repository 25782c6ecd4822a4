"""Keys in PEM: Ed25519, and ECDSA over the curves of NIST, as `openssl genpkey` makes them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from aibom.errors import FormatError, LimitError, UsageError

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey

MAX_KEY: Final = 64 * 1024
_SCHEMES = {
    "ed25519": "Ed25519",
    "ecdsa-sha2-nistp256": "ECDSA P-256",
    "ecdsa-sha2-nistp384": "ECDSA P-384",
    "ecdsa-sha2-nistp521": "ECDSA P-521",
}
_KINDS = "Give an Ed25519 or ECDSA (P-256, P-384) key in PEM; docs/signing.md says how to make one."


def load_signer(data: bytes, name: str, passphrase: bytes | None = None) -> CryptoSigner:
    """What signs with the private key of a PEM file.

    Raises:
        FormatError, LimitError: it holds no private key of a known kind.
        UsageError: the passphrase is missing, wrong or not needed.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    _bounded(data, name)
    encrypted = b"ENCRYPTED" in data
    if encrypted and passphrase is None:
        raise UsageError(
            f"{name} is protected by a passphrase", advice="Name its variable with --passphrase-env."
        )
    if passphrase is not None and not encrypted:
        raise UsageError(f"{name} has no passphrase", advice="Drop --passphrase-env.")
    try:
        private = load_pem_private_key(data, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if encrypted:
            raise UsageError(f"the passphrase of {name} is wrong, or its cipher is not known") from None
        raise FormatError(f"{name}: no private key in PEM", advice=_KINDS) from None
    return CryptoSigner(private, _known(private.public_key(), name))


def load_key(data: bytes, name: str) -> SSlibKey:
    """The public key of a PEM file.

    Raises:
        FormatError, LimitError: it holds no public key of a known kind.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    _bounded(data, name)
    if b"PRIVATE KEY" in data:
        raise FormatError(
            f"{name}: a private key, where the public one belongs",
            advice="`openssl pkey -in KEY -pubout` gives the public key.",
        )
    try:
        public = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise FormatError(f"{name}: no public key in PEM", advice=_KINDS) from None
    return _known(public, name)


def key_names(key: SSlibKey) -> frozenset[str]:
    """The ids under which tools name a key; an envelope that names another id was not made with it.

    SHA-256 of the key in DER (ours, and Sigstore's), of its PEM (model-signing, in-toto in Go), and of the
    canonical JSON that securesystemslib (TUF, in-toto in Python) makes of it.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from securesystemslib.signer import SSlibKey

    public: Any = key._crypto_key()
    pem: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    texts = (pem, pem.strip())
    return frozenset(
        {key.keyid, SSlibKey.from_crypto(public).keyid, *(hashlib.sha256(text).hexdigest() for text in texts)}
    )


def describe(key: SSlibKey) -> str:
    """The key for people: its kind and id."""
    return f"{_SCHEMES[key.scheme]} key {key.keyid}"


def _known(public: Any, name: str) -> SSlibKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from securesystemslib.signer import SSlibKey

    refusal = FormatError(f"{name}: a key of a kind that is not taken", advice=_KINDS)
    try:
        der: bytes = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        key = SSlibKey.from_crypto(public, keyid=hashlib.sha256(der).hexdigest())
    except ValueError:
        raise refusal from None
    if key.scheme not in _SCHEMES:
        raise refusal
    return key


def _bounded(data: bytes, name: str) -> None:
    if len(data) > MAX_KEY:
        raise LimitError(f"{name}: larger than {MAX_KEY:,} bytes", limit="key size", advice=_KINDS)
