"""CycloneDX: build by the library, overlay what it lacks, serialise, validate, lint."""

from aibom.bom.builder import SPECS, build
from aibom.bom.claims import StoredClaim, read_claims
from aibom.bom.linter import lint
from aibom.bom.problem import Level, Problem
from aibom.bom.reference import cross_check
from aibom.bom.serialise import serialise
from aibom.bom.validation import validate

__all__ = [
    "SPECS",
    "Level",
    "Problem",
    "StoredClaim",
    "build",
    "cross_check",
    "lint",
    "read_claims",
    "serialise",
    "validate",
]
