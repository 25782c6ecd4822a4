"""GGUF files without their tensor data: metadata, tensor table, files that are split."""

from aibom.formats.gguf.arrays import read_numbers, read_strings
from aibom.formats.gguf.header import read_header, read_headers
from aibom.formats.gguf.model import Gguf, GgufArray, GgufTensor, Value
from aibom.formats.gguf.splits import GgufModel, read_models
from aibom.formats.gguf.types import PLAIN, QUANTISED, TENSOR_TYPES, TensorType, ValueType, file_type

__all__ = [
    "PLAIN",
    "QUANTISED",
    "TENSOR_TYPES",
    "Gguf",
    "GgufArray",
    "GgufModel",
    "GgufTensor",
    "TensorType",
    "Value",
    "ValueType",
    "file_type",
    "read_header",
    "read_headers",
    "read_models",
    "read_numbers",
    "read_strings",
]
