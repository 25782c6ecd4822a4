"""Signed BOMs: DSSE envelopes with in-toto statements, by keys or by identities, and how they are held
against a model."""

from aibom.signing.envelope import IN_TOTO, MAX_ENVELOPE, Envelope, Signature, read_envelope
from aibom.signing.files import HeldFiles, contradicted, hold_files
from aibom.signing.keys import load_key, load_signer
from aibom.signing.sealing import seal, signed_by
from aibom.signing.statement import Statement, read_bom, read_statement, write_statement
from aibom.signing.verifying import Trust, verify

__all__ = [
    "IN_TOTO",
    "MAX_ENVELOPE",
    "Envelope",
    "HeldFiles",
    "Signature",
    "Statement",
    "Trust",
    "contradicted",
    "hold_files",
    "load_key",
    "load_signer",
    "read_bom",
    "read_envelope",
    "read_statement",
    "seal",
    "signed_by",
    "verify",
    "write_statement",
]
