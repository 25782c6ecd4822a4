"""DSSE envelopes, bare or inside a Sigstore bundle, read strictly.

Sources: DSSE 1.0.2 (envelope.md, protocol.md) and Sigstore's bundle format 0.3. Nothing that is read here is
trusted: signatures are checked in `aibom.signing.verifying`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import Final

from aibom.errors import FormatError, LimitError
from aibom.formats.text import JsonValue, as_dict, as_str, clean
from aibom.signing.strict import strict_object

IN_TOTO: Final = "application/vnd.in-toto+json"
"""Payload type of in-toto statements."""
MAX_ENVELOPE: Final = 128 * 1024 * 1024
"""Bytes of an envelope; that of a BOM of 2,000 components has about 7 MB."""
MAX_SIGNATURES: Final = 64
_FIELDS = {"payload", "payloadType", "signatures"}
_BUNDLE = "application/vnd.dev.sigstore.bundle"
_ADVICE = "Give the DSSE envelope that `aibom sign` writes, or a Sigstore bundle that holds one."


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature; `key_id` is what the signer calls the key, empty where nothing is said."""

    value: bytes
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was signed, and by what.

    Attributes:
        payload, payload_type: the bytes and what they are.
        signatures: at most `MAX_SIGNATURES`; none where nobody signed.
        digest: SHA-256 of the whole file.
        keyless: the file is a bundle whose signature a certificate vouches for, not a key of the reader's.
        source: the whole file.
    """

    payload: bytes = field(repr=False)
    payload_type: str
    signatures: tuple[Signature, ...]
    digest: str = ""
    keyless: bool = False
    source: bytes = field(default=b"", repr=False)

    def signed(self) -> bytes:
        """The bytes that signatures are over: DSSE's pre-authentication encoding."""
        from securesystemslib.dsse import Envelope as Dsse

        return Dsse(self.payload, self.payload_type, {}).pae()


def read_envelope(data: bytes, name: str) -> Envelope:
    """The envelope of a file.

    Unknown fields are refused although DSSE lets readers skip them: nothing beside the payload is signed, and
    what nobody reads is no place for anything.

    Raises:
        LimitError: it is too large, or has too many signatures.
        FormatError: it is no envelope, or could be read in two ways.
    """
    if len(data) > MAX_ENVELOPE:
        raise LimitError(f"{name}: larger than {MAX_ENVELOPE:,} bytes", limit="envelope size", advice=_ADVICE)
    outer = strict_object(data, name)
    bundled = "dsseEnvelope" in outer
    inner = as_dict(outer["dsseEnvelope"]) if bundled else outer
    if set(inner) != _FIELDS:
        odd = ", ".join(sorted(clean(key, 40) for key in set(inner) ^ _FIELDS)[:5])
        raise FormatError(f"{name}: no DSSE envelope: missing or unknown fields {odd}", advice=_ADVICE)
    payload_type = as_str(inner["payloadType"])
    if payload_type is None:
        raise FormatError(f"{name}: payloadType is no text", advice=_ADVICE)
    hint, keyless = _material(outer, name) if bundled else ("", False)
    return Envelope(
        payload=_base64(inner["payload"], f"{name}: payload"),
        payload_type=payload_type,
        signatures=_signatures(inner["signatures"], hint, name),
        digest=hashlib.sha256(data).hexdigest(),
        keyless=keyless,
        source=data,
    )


def _material(bundle: dict[str, JsonValue], name: str) -> tuple[str, bool]:
    """What a bundle says of its key: the key's id, or that there is a certificate."""
    media = as_str(bundle.get("mediaType")) or ""
    if not media.startswith(_BUNDLE):
        raise FormatError(f"{name}: {clean(media, 80)!r} is no Sigstore bundle", advice=_ADVICE)
    material = as_dict(bundle.get("verificationMaterial"))
    hint = as_str(as_dict(material.get("publicKey")).get("hint")) or ""
    return hint, "publicKey" not in material


def _signatures(value: JsonValue, hint: str, name: str) -> tuple[Signature, ...]:
    if not isinstance(value, list):
        raise FormatError(f"{name}: signatures is no list", advice=_ADVICE)
    if len(value) > MAX_SIGNATURES:
        raise LimitError(
            f"{name}: {len(value)} signatures, over {MAX_SIGNATURES}", limit="signatures", advice=_ADVICE
        )
    found = []
    for item in map(as_dict, value):
        key_id = item.get("keyid", "")
        if not {"sig"} <= set(item) <= {"sig", "keyid"} or not isinstance(key_id, str):
            raise FormatError(f"{name}: a signature has other fields than sig and keyid", advice=_ADVICE)
        found.append(Signature(_base64(item["sig"], f"{name}: sig"), key_id or hint))
    named = [item.key_id for item in found if item.key_id]
    if len(set(named)) < len(named):
        raise FormatError(f"{name}: two signatures name the same key", advice=_ADVICE)
    return tuple(found)


def _base64(value: JsonValue, what: str) -> bytes:
    """Bytes of standard or URL-safe base64 in its one canonical form: padded, no stray bits or characters."""
    text = as_str(value) or ""
    for decode, encode in (
        (base64.b64decode, base64.b64encode),
        (_urlsafe, base64.urlsafe_b64encode),
    ):
        try:
            data = decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if encode(data).decode("ascii") == text and value == text:
            return data
    raise FormatError(f"{what} is no base64", advice=_ADVICE)


def _urlsafe(text: str, *, validate: bool) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=validate)
