"""Safetensors without their data: headers of files, and the index over shards of this and other formats."""

from aibom.formats.safetensors.header import BITS, Header, Tensor, parse_header, read_headers
from aibom.formats.safetensors.index import (
    Held,
    Index,
    IndexProblem,
    IndexProblemKind,
    check_index,
    read_index,
)

__all__ = [
    "BITS",
    "Header",
    "Held",
    "Index",
    "IndexProblem",
    "IndexProblemKind",
    "Tensor",
    "check_index",
    "parse_header",
    "read_headers",
    "read_index",
]
