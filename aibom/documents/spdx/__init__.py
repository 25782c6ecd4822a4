"""SPDX 2.3 and 3.0 in JSON: two vocabularies, one graph of elements."""

from aibom.documents.spdx.version2 import read_spdx2
from aibom.documents.spdx.version3 import is_spdx3, read_spdx3

__all__ = ["is_spdx3", "read_spdx2", "read_spdx3"]
