"""Anyone's BOM, read into one shape."""

from aibom.documents.reading import is_document, read

__all__ = ["is_document", "read"]
