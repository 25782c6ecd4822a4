"""CycloneDX 1.4 to 1.7, from any tool."""

from aibom.documents.cyclonedx.document import read_cyclonedx

__all__ = ["read_cyclonedx"]
