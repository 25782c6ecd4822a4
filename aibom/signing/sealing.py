"""Signing of any payload with a key, and what holds a signature against a key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aibom.signing.envelope import Envelope
from aibom.signing.keys import key_names

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey


def seal(payload: bytes, payload_type: str, signer: CryptoSigner) -> bytes:
    """A DSSE envelope around any payload, in one line of JSON that has no byte to spare.

    Ed25519 signs the same payload with the same bytes each time; ECDSA does not.
    """
    from securesystemslib.dsse import Envelope as Dsse

    envelope = Dsse(payload, payload_type, {})
    envelope.sign(signer)
    return json.dumps(envelope.to_dict(), sort_keys=True, separators=(",", ":")).encode()


def signed_by(envelope: Envelope, key: SSlibKey) -> bool:
    """Whether a signature is the key's.

    A signature that names another key is not tried: what it says of itself and what it is would differ.
    """
    from securesystemslib.exceptions import UnverifiedSignatureError
    from securesystemslib.signer import Signature

    names, signed = key_names(key), envelope.signed()
    for item in envelope.signatures:
        if item.key_id and item.key_id not in names:
            continue
        try:
            key.verify_signature(Signature(key.keyid, item.value.hex()), signed)
            return True
        except UnverifiedSignatureError:  # its subclass says that the check itself failed
            continue
    return False
