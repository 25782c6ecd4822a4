"""A vendor's BOM held against the model itself."""

from aibom.verification.attestation import attestation
from aibom.verification.rules import RULES
from aibom.verification.verify import verify

__all__ = ["RULES", "attestation", "verify"]
