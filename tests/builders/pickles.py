"""Pickles by hand, opcode by opcode, and archives in the shape of torch's, written without torch."""

from __future__ import annotations

import io
import math
import struct
import zipfile
from collections.abc import Mapping, Sequence

Shape = Sequence[int]
MAGIC = 0x1950A86A20F9469CFC6C
STORAGES = {"F32": "FloatStorage", "F16": "HalfStorage", "BF16": "BFloat16Storage", "I64": "LongStorage"}


def name(module: str, attribute: str) -> bytes:
    """GLOBAL."""
    return b"c" + f"{module}\n{attribute}\n".encode()


def stack_name(module: str, attribute: str) -> bytes:
    """STACK_GLOBAL."""
    return text(module) + text(attribute) + b"\x93"


def text(value: str) -> bytes:
    """BINUNICODE."""
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    """BININT, or LONG1 where it does not fit."""
    if -(2**31) <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes((len(data),)) + data


def sequence(*items: bytes) -> bytes:
    """MARK … TUPLE."""
    return b"(" + b"".join(items) + b"t"


def call(function: bytes, *arguments: bytes) -> bytes:
    """REDUCE of a function on a tuple."""
    return function + sequence(*arguments) + b"R"


def mapping(items: Mapping[str, bytes]) -> bytes:
    """An OrderedDict, filled by SETITEMS."""
    pairs = b"".join(text(key) + value for key, value in items.items())
    return name("collections", "OrderedDict") + b")R(" + pairs + b"u"


def pickled(value: bytes, protocol: int = 2) -> bytes:
    """PROTO … STOP."""
    return b"\x80" + bytes((protocol,)) + value + b"."


def tensor(
    key: str, shape: Shape, dtype: str = "F32", offset: int = 0, strides: Shape | None = None
) -> bytes:
    """A call of `_rebuild_tensor_v2` on a persistent storage; row-major without `strides`."""
    elements = 1
    for size in shape:
        elements *= size
    storage = sequence(
        text("storage"), name("torch", STORAGES[dtype]), text(key), text("cpu"), number(elements)
    )
    sizes = sequence(*map(number, shape))
    steps = [math.prod(shape[at + 1 :]) for at in range(len(shape))] if strides is None else strides
    rest = (
        number(offset),
        sizes,
        sequence(*map(number, steps)),
        b"\x89",
        name("collections", "OrderedDict") + b")R",
    )
    return call(name("torch._utils", "_rebuild_tensor_v2"), storage + b"Q", *rest)


def state_dict(table: Mapping[str, tuple[str, Shape]]) -> bytes:
    """The pickle of a state dict; each tensor has the storage of its number."""
    items = {key: tensor(str(at), shape, dtype) for at, (key, (dtype, shape)) in enumerate(table.items())}
    return pickled(mapping(items))


def archive(members: Mapping[str, bytes], *, deflated: bool = False, comment: bytes = b"") -> bytes:
    """A ZIP archive by the standard library."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as made:
        made.comment = comment
        for path, data in members.items():
            made.writestr(zipfile.ZipInfo(path), data, made.compression)
    return out.getvalue()


def torch_zip(pickle: bytes, storages: Mapping[str, bytes] | None = None, prefix: str = "archive") -> bytes:
    """What `torch.save` writes since 1.6."""
    members = {f"{prefix}/data.pkl": pickle, f"{prefix}/version": b"3\n"}
    members |= {f"{prefix}/data/{key}": data for key, data in (storages or {}).items()}
    return archive(members)


WIDTHS = {"F32": 4, "F16": 2, "BF16": 2, "I64": 8}


def checkpoint(table: Mapping[str, tuple[str, Shape]], fill: bytes = b"\xaa") -> bytes:
    """A torch archive of a state dict, with data behind every tensor."""
    storages = {
        str(at): fill * (math.prod(shape) * WIDTHS[dtype]) for at, (dtype, shape) in enumerate(table.values())
    }
    return torch_zip(state_dict(table), storages)


def legacy(table: Mapping[str, tuple[str, Shape]], fill: bytes = b"\xaa") -> bytes:
    """What `torch.save` wrote before: five pickles, then every storage behind its number of elements."""
    head = pickled(number(MAGIC)) + pickled(number(1001)) + pickled(b"}")
    keys = b"](" + b"".join(text(str(at)) for at in range(len(table))) + b"e"
    storages = b"".join(
        math.prod(shape).to_bytes(8, "little") + fill * (math.prod(shape) * WIDTHS[dtype])
        for dtype, shape in table.values()
    )
    return head + state_dict(table) + pickled(keys) + storages
