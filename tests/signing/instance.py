"""A Sigstore instance in memory: authority, certificate log, signature log, and who signs with them.

Follows RFC 6962 for certificates, Rekor 0.0.1 for entries and the bundle format 0.3; every check of
Sigstore's own verifier is met, without the network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from aibom.signing import IN_TOTO, Envelope

NOW = datetime(2026, 1, 15, tzinfo=UTC)
IDENTITY, ISSUER = "signer@example.org", "https://issuer.example.org"
_ISSUER = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
_SCTS = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_ORIGIN = "log.example.org"
_NO_USAGE = (
    "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
    "decipher_only",
)  # fmt: skip


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def spki(key: Any) -> bytes:
    public: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return public


def sign(key: Any, data: bytes) -> bytes:
    signature: bytes = key.sign(data, ec.ECDSA(hashes.SHA256()))
    return signature


class Instance:
    """One instance, with keys of its own."""

    def __init__(self) -> None:
        self.authority, self.certificates, self.log = (
            ec.generate_private_key(ec.SECP256R1()) for _ in range(3)
        )
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        self._root = self._certificate(self._name, self.authority, days=3650, root=True).sign(
            self.authority, hashes.SHA256()
        )

    def trust(self) -> str:
        """The client trust configuration, as JSON."""
        day = {"start": "2020-01-01T00:00:00Z"}
        logs = [
            {
                "baseUrl": f"https://{_ORIGIN}",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": b64(spki(key)),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": day,
                },
                "logId": {"keyId": b64(hashlib.sha256(spki(key)).digest())},
            }
            for key in (self.log, self.certificates)
        ]
        return json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
                "trustedRoot": {
                    "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                    "tlogs": logs[:1],
                    "ctlogs": logs[1:],
                    "certificateAuthorities": [
                        {
                            "subject": {"organization": "example", "commonName": "authority"},
                            "uri": "https://authority.example.org",
                            "certChain": {"certificates": [{"rawBytes": b64(self._der(self._root))}]},
                            "validFor": day,
                        }
                    ],
                    "timestampAuthorities": [],
                },
                "signingConfig": {
                    "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
                    "rekorTlogConfig": {"selector": "ANY"},
                    "tsaConfig": {"selector": "ANY"},
                },
            }
        )

    def seal(self, payload: bytes, payload_type: str = IN_TOTO, identity: str = IDENTITY) -> bytes:
        """A bundle as `sigstore sign` writes it."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = self._leaf(key, identity)
        signature = sign(key, Envelope(payload, payload_type, ()).signed())
        envelope = {
            "payload": b64(payload),
            "payloadType": payload_type,
            "signatures": [{"sig": b64(signature)}],
        }
        return json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                "verificationMaterial": {
                    "certificate": {"rawBytes": b64(self._der(leaf))},
                    "tlogEntries": [self._entry(payload, signature, leaf, json.dumps(envelope).encode())],
                },
                "dsseEnvelope": envelope,
            }
        ).encode()

    def _entry(
        self, payload: bytes, signature: bytes, leaf: x509.Certificate, envelope: bytes
    ) -> dict[str, Any]:
        def digest(data: bytes) -> dict[str, str]:
            return {"algorithm": "sha256", "value": hashlib.sha256(data).hexdigest()}

        verifier = b64(leaf.public_bytes(Encoding.PEM))
        spec = {
            "envelopeHash": digest(envelope),
            "payloadHash": digest(payload),
            "signatures": [{"signature": b64(signature), "verifier": verifier}],
        }
        body = _canonical({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec})
        ident = hashlib.sha256(spki(self.log)).digest()
        root = hashlib.sha256(b"\x00" + body).digest()
        note = f"{_ORIGIN}\n1\n{b64(root)}\n"
        checkpoint = f"{note}\n\u2014 {_ORIGIN} {b64(ident[:4] + sign(self.log, note.encode()))}\n"
        seconds = int(NOW.timestamp())
        promise = _canonical(
            {"body": b64(body), "integratedTime": seconds, "logID": ident.hex(), "logIndex": 0}
        )
        return {
            "logIndex": "0",
            "logId": {"keyId": b64(ident)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(seconds),
            "inclusionPromise": {"signedEntryTimestamp": b64(sign(self.log, promise))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": b64(root),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": checkpoint},
            },
            "canonicalizedBody": b64(body),
        }

    def _leaf(self, key: Any, identity: str) -> x509.Certificate:
        """A certificate that its log vouches for: signed without the log's word first, then with it."""
        builder = self._certificate(x509.Name([]), key, days=1, root=False)
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.SubjectAlternativeName([x509.RFC822Name(identity)]), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False),
            (x509.UnrecognizedExtension(_ISSUER, ISSUER.encode()), False),
        ]
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        draft = builder.sign(self.authority, hashes.SHA256()).tbs_certificate_bytes
        issuer_hash = hashlib.sha256(spki(self.authority)).digest()
        stamp = int(NOW.timestamp()) * 1000
        signed = (
            struct.pack(">BBQH", 0, 0, stamp, 1)
            + issuer_hash
            + len(draft).to_bytes(3, "big")
            + draft
            + b"\0\0"
        )
        word = sign(self.certificates, signed)
        ident = hashlib.sha256(spki(self.certificates)).digest()
        one = b"\0" + ident + stamp.to_bytes(8, "big") + b"\0\0\x04\x03" + len(word).to_bytes(2, "big") + word
        listed = (len(one) + 2).to_bytes(2, "big") + len(one).to_bytes(2, "big") + one
        octets = b"\x04" + _length(len(listed)) + listed
        return builder.add_extension(x509.UnrecognizedExtension(_SCTS, octets), False).sign(
            self.authority, hashes.SHA256()
        )

    def _certificate(self, subject: x509.Name, key: Any, *, days: int, root: bool) -> x509.CertificateBuilder:
        usage = dict.fromkeys(_NO_USAGE, False)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(hours=1))
            .not_valid_after(NOW + timedelta(days=days))
            .add_extension(
                x509.KeyUsage(digital_signature=not root, key_cert_sign=root, crl_sign=root, **usage), True
            )
            .add_extension(x509.BasicConstraints(ca=root, path_length=None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        )
        if root:
            return builder
        return builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.authority.public_key()), False
        )

    @staticmethod
    def _der(certificate: x509.Certificate) -> bytes:
        return certificate.public_bytes(Encoding.DER)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _length(number: int) -> bytes:
    if number < 128:
        return bytes([number])
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(data)]) + data
