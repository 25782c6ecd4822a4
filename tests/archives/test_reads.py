"""Which ranges are read of each kind of archive: heads, directories and what lies behind data, never data.

And that a file which two inspectors look into is read once.
"""

from __future__ import annotations

import io

import numpy as np
import pytest

from aibom import inspection
from aibom.errors import FormatError, ReadError
from aibom.model import Part, ToolPart
from aibom.registry import LoadedInspector
from aibom.spi import View, once
from aibom.testing import MemoryView, inspect
from aibom_archives import ArchiveInspector
from aibom_huggingface import HuggingFaceInspector
from tests.builders import flatbuffer, hdf5, msgpack, pickles, tensorflow
from tests.builders.onnx import field

MIB = 1 << 20
TABLE = {f"w{at}": ("F32", (512, 512)) for at in range(3)}
"""Three tensors of a mebibyte each."""


def npy() -> bytes:
    out = io.BytesIO()
    np.save(out, np.zeros((512, 512), "f4"))
    return out.getvalue()


PAGE, HEAD, TAIL = 65_536, 1_024, 65_557
READS: dict[str, tuple[bytes, list[tuple[int, int]]]] = {
    # Which kind of file it is; the end of the archive; a member's own header, and the pickle.
    "m.pt": (pickles.checkpoint(TABLE), [(0, HEAD), (3_081_215, TAIL), (0, 30), (46, 494)]),
    # Which kind of file it is, and what the pickles before all data need beyond that.
    "old.bin": (pickles.legacy(TABLE), [(0, HEAD)]),
    "older.bin": (
        pickles.legacy({f"w{at}": ("F32", (512, 512)) for at in range(9)}),
        [(0, HEAD), (HEAD, PAGE)],
    ),
    "w.npy": (npy(), [(0, 4), (0, PAGE)]),
    # The end of the archive, then the header and the head of each member.
    "w.npz": (
        pickles.archive({"a.npy": npy(), "b.npy": npy()}),
        [(0, 4), (2_032_045, TAIL), (0, 30), (35, PAGE), (1_048_739, 30), (1_048_774, PAGE)],
    ),
    # One page for each array: what lies behind the data of the one before.
    "flax_model.msgpack": (
        msgpack.checkpoint({f"l{at}": msgpack.array((512, 512)) for at in range(3)}),
        [(0, PAGE), (1_048_607, PAGE), (2_097_213, PAGE)],
    ),
    # Tables lie on both sides of the buffer.
    "m.tflite": (flatbuffer.tflite(bytes(3 * MIB)), [(0, 16_384), (3_145_728, 470)]),
    # A constant is passed over.
    "saved_model.pb": (
        tensorflow.saved_model(
            tensorflow.graph([tensorflow.node("Const", bytes(3 * MIB)), tensorflow.node("Relu")])
        ),
        [(0, PAGE), (3_145_777, 36)],
    ),
    "m.mlmodel": (
        tensorflow.number(1, 4) + field(500, bytes(3 * MIB)) + field(2, b""),
        [(0, PAGE), (3_145_736, 2)],
    ),
    # Pages in which groups and headers lie.
    "m.h5": (
        hdf5.hdf5({f"g{at}/w": np.zeros((512, 512), "f4") for at in range(3)}),
        [(0, 16_384), (2_097_152, 16_384), (1_048_576, 16_384)],
    ),
    # The end of the archive, the configuration, and a page of the weights inside it.
    "m.keras": (
        pickles.archive(
            {
                "config.json": b'{"class_name": "Sequential"}',
                "model.weights.h5": hdf5.hdf5({"a/w": np.zeros((512, 512), "f4")}),
            }
        ),
        [(985_707, TAIL), (0, 30), (41, 28), (69, 30), (115, 16_384)],
    ),
    # The footer, the index of blocks, then each block.
    "m.ckpt.index": (
        tensorflow.index({f"w{at}": ("F32", (5, 3)) for at in range(5)}),
        [(169, 48), (137, 28), (0, 33), (37, 46), (87, 46)],
    ),
}


@pytest.mark.parametrize("path", READS)
def test_exactly_these_ranges_are_read(path: str) -> None:
    data, ranges = READS[path]
    view = MemoryView({path: data, "m.ckpt.data-00000-of-00001": bytes(MIB)})
    assert any(isinstance(item, Part) for item in inspect(ArchiveInspector(), view))
    assert view.reads == [(path, offset, length) for offset, length in ranges]


def seen_by(*inspectors: ArchiveInspector | HuggingFaceInspector) -> list[tuple[str, int, int]]:
    """What is read of the weights of a repository in every form that both inspectors know."""
    forms = {"old.bin": "pytorch_model.bin", "w.npz": "model.npz", "m.h5": "tf_model.h5"}
    kept = ("m.pt", "flax_model.msgpack")
    files = {forms.get(path, path): READS[path][0] for path in (*forms, *kept)}
    view = MemoryView({"config.json": b'{"model_type": "bert"}', **files})
    found, unknowns = inspection.run(view, [LoadedInspector(item, ToolPart("a", "1")) for item in inspectors])
    assert found.parts and not unknowns
    return sorted(read for read in view.reads if read[0] != "config.json")


def test_what_two_inspectors_look_into_is_read_once() -> None:
    both = seen_by(HuggingFaceInspector(), ArchiveInspector())
    assert both == seen_by(HuggingFaceInspector()) == seen_by(ArchiveInspector())
    assert len(both) == len(set(both))


def test_an_answer_is_shared_and_so_is_an_error() -> None:
    view = MemoryView({"a": b"A", "b": b"B"})

    def reader(view: View, path: str) -> list[bytes]:
        if path == "b":
            view.read(path)
            raise FormatError("b: broken")
        return [view.read(path)]

    assert once(view, reader, "a") is once(view, reader, "a")
    for _ in range(2):
        with pytest.raises(ReadError, match="b: broken"):
            once(view, reader, "b")
    assert view.reads == [("a", 0, 1), ("b", 0, 1)]
