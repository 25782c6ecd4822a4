"""Safetensors without their data: headers of files, and the index over shards."""

from aibom.formats.safetensors.header import Header, Tensor, parse_header, read_headers
from aibom.formats.safetensors.index import Index, IndexProblem, IndexProblemKind, check_index, read_index

__all__ = [
    "Header",
    "Index",
    "IndexProblem",
    "IndexProblemKind",
    "Tensor",
    "check_index",
    "parse_header",
    "read_headers",
    "read_index",
]
