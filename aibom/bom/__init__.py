"""CycloneDX: build by the library, overlay what it lacks, serialise, validate, lint."""

from aibom.bom.builder import SPECS, build
from aibom.bom.linter import lint
from aibom.bom.problem import Level, Problem
from aibom.bom.serialise import serialise
from aibom.bom.validation import validate

__all__ = ["SPECS", "Level", "Problem", "build", "lint", "serialise", "validate"]
