"""OpenVINO IR: layers, ends and constants of a network's XML. The weights beside it are not opened.

Source: https://docs.openvino.ai/latest/documentation/openvino-ir-format.html (versions 10 and 11).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from aibom.errors import FormatError, LimitError
from aibom.formats.tables import Row, checked_shape
from aibom.formats.text import clean, read_bytes
from aibom.spi import View

MAX_XML: Final = 32 * 1024 * 1024
"""Bytes; networks of 10,000 layers take about 10 MiB."""
MAX_ELEMENTS: Final = 1_000_000
MAX_TYPES: Final = 2_000
MAX_ENDS: Final = 1_000
_NET: Final = re.compile(rb"<net[\s>]")
_OPSET: Final = re.compile(r"opset\d+|")
_DTYPES: Final = {
    **{"f64": "F64", "f32": "F32", "f16": "F16", "bf16": "BF16", "i64": "I64", "i32": "I32", "i16": "I16"},
    **{"i8": "I8", "u64": "U64", "u32": "U32", "u16": "U16", "u8": "U8", "boolean": "BOOL"},
    **{"f8e4m3": "F8_E4M3", "f8e5m2": "F8_E5M2", "f8e8m0": "F8_E8M0", "f4e2m1": "F4"},
}


@dataclass(frozen=True, slots=True)
class Network:
    """What one file says.

    Attributes:
        rows: constants, sorted by name.
        layers: types and their number, the most frequent first.
        inputs, outputs: names of parameters and results.
        version: of the format.
        foreign: sets of operators that OpenVINO itself does not bring, sorted.
        extent: bytes that the weights file must have.
    """

    rows: tuple[Row, ...]
    layers: tuple[tuple[str, int], ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    version: str
    foreign: tuple[str, ...]
    extent: int


def is_network(view: View, path: str) -> bool:
    """Whether an XML file is a network at all, by its first bytes."""
    return _NET.search(view.read(path, 0, 1024)) is not None


def read_network(view: View, path: str) -> Network:
    """Describe one `.xml` file. Document types and entities are refused.

    Raises:
        FormatError: no well-formed XML, or constants that make no sense.
        LimitError: longer, or more elements, than a network has.
        ReadError: the file cannot be read.
    """
    handler = _Handler(path)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    try:
        parser.feed(read_bytes(view, path, limit=MAX_XML))
        parser.close()
    except (SAXException, DefusedXmlException, ValueError) as error:
        raise FormatError(f"{path}: no XML that is read: {clean(str(error), 120)}") from None
    ranked = sorted(handler.layers.items(), key=lambda item: (-item[1], item[0]))
    return Network(
        tuple(sorted(handler.rows, key=lambda row: (row.name, row.storage))),
        tuple(ranked),
        tuple(handler.inputs),
        tuple(handler.outputs),
        handler.version,
        tuple(sorted(handler.foreign)),
        handler.extent,
    )


class _Handler(ContentHandler):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._elements = 0
        self._layer = ("", "")
        self.layers: Counter[str] = Counter()
        self.rows: list[Row] = []
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.foreign: set[str] = set()
        self.version = ""
        self.extent = 0

    def startElement(self, name: str, attrs: Mapping[str, str]) -> None:  # type: ignore[override]  # noqa: N802
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self.layers) > MAX_TYPES:
            raise LimitError(f"{self._path}: over {MAX_ELEMENTS:,} elements", limit="xml elements")
        if name == "net":
            self.version = self.version or attrs.get("version", "")
        elif name == "layer":
            self._open(attrs.get("name", ""), attrs.get("type", ""), attrs.get("version", ""))
        elif name == "data" and self._layer[1] == "Const":
            self._constant(attrs)

    def _open(self, name: str, kind: str, opset: str) -> None:
        self._layer = (name, kind)
        self.layers[kind] += 1
        if not _OPSET.fullmatch(opset) and len(self.foreign) < MAX_ENDS:
            self.foreign.add(opset)
        ends = {"Parameter": self.inputs, "Result": self.outputs}.get(kind)
        if ends is not None and len(ends) < MAX_ENDS:
            ends.append(name)

    def _constant(self, attrs: Mapping[str, str]) -> None:
        kind = attrs.get("element_type", "")
        sizes = [_whole(size) for size in attrs.get("shape", "").split(",") if size.strip()]
        offset, length = _whole(attrs.get("offset", "0")), _whole(attrs.get("size", "0"))
        shape = checked_shape(sizes, self._path)
        self.rows.append(Row(self._layer[0], _DTYPES.get(kind, kind), shape, f"byte {offset}"))
        self.extent = max(self.extent, offset + length)


def _whole(text: str) -> int:
    """A number of at most 19 digits.

    Raises:
        ValueError: anything else.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise ValueError("a constant without sizes")
    return int(digits)
