"""The inspector: one description for each file, one part for each set of shards."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Final

from aibom.errors import ReadError
from aibom.formats.fileclass import classify
from aibom.formats.lfs import parse_pointer
from aibom.formats.pytorch import read_head
from aibom.formats.tables import Row
from aibom.formats.text import clean
from aibom.model import Depth, Emission, Fact, FileClass, Locator, Part, Role, Stage, Unknown
from aibom.spi import API_VERSION, View, once
from aibom_archives import coreml, flax, hdf5, keras, numpyfile, openvino, tensorflow, tflite, torch
from aibom_archives.described import Described, unknown

MAX_FILES: Final = 500
"""Archives that are read; the largest sharded checkpoints have about 200 files."""
_SHOWN: Final = 3
"""Tensors of a part whose place is given."""

Reader = Callable[[View, str], Described | None]
"""A file that turns out to be none of its format has no description."""

READERS: Final[tuple[tuple[str, Reader], ...]] = (
    (".bin .pt .pth .pt2 .ckpt .pkl .pickle .joblib .ptl .torchscript", torch.describe),
    (".keras", keras.describe),
    (".h5 .hdf5", hdf5.describe),
    (".msgpack", flax.describe),
    (".npz .npy", numpyfile.describe),
    (".pb", tensorflow.describe),
    (".index", tensorflow.describe_index),
    (".xml", openvino.describe),
    (".mlmodel", coreml.describe),
    (".tflite", tflite.describe),
)
"""Endings to the reader of the format, in the order in which formats of one model are preferred."""
_BY_ENDING: Final = {
    ending: (rank, reader) for rank, (endings, reader) in enumerate(READERS) for ending in endings.split()
}
_DATA: Final = ("**/variables/variables.*", "**/*.data-?????-of-?????", "**/*.mlpackage/**")
"""Data that lies beside a description and is never opened."""
_OPAQUE_BIN: Final = (b"PK\3\4", b"\x80")
"""How a `.bin` file begins that is a PyTorch checkpoint; other programs use that ending for anything."""
_SHARD: Final = re.compile(r"[-_.]\d{1,6}-of-\d{1,6}$")
_FRAMEWORK: Final = re.compile(r"^(?:diffusion_)?(?:pytorch|tf|flax)_(?=model)")


class ArchiveInspector:
    """Tensor tables and security findings of weights archives; nothing of them is loaded."""

    ident: ClassVar[str] = "archives"
    summary: ClassVar[str] = (
        "Archives of PyTorch, Keras, TensorFlow, Flax, NumPy: tensors, and what loading could run"
    )
    globs: ClassVar[tuple[str, ...]] = (
        *(f"**/*{ending}" for ending in _BY_ENDING),
        "**/*.safetensors",
        *_DATA,
    )
    api: ClassVar[int] = API_VERSION

    def inspect(self, view: View) -> Iterator[Emission]:
        """Yield a part for each checkpoint, and a finding for each danger."""
        paths = [path for path in view.files if _ending(path) in _BY_ENDING]
        if view.depth is Depth.METADATA:
            for path in paths:
                if classify(path) is FileClass.WEIGHTS:
                    reason = "a weights archive, which is not read at depth metadata"
                    yield Unknown(path, Stage.INSPECTION, reason)
            return
        described: list[tuple[str, Described]] = []
        for path in paths[:MAX_FILES]:
            found = _described(view, path)
            if isinstance(found, Unknown):
                yield found
            elif found is not None:
                yield from found.unknowns
                yield from found.observations
                described.append((path, found))
        if len(paths) > MAX_FILES:
            reason = f"{len(paths) - MAX_FILES} more weights archives were not read (limit: archives)"
            yield Unknown(paths[MAX_FILES], Stage.INSPECTION, reason)
        yield from _parts(described, view)


def _described(view: View, path: str) -> Described | Unknown | None:
    """The description of one file, why there is none, or None for a file that is no archive."""
    try:
        if _ending(path) == ".bin" and not _may_be_checkpoint(view, path):
            return None
        return _BY_ENDING[_ending(path)][1](view, path)
    except ReadError as error:
        return unknown(path, error)


def _may_be_checkpoint(view: View, path: str) -> bool:
    """Whether a `.bin` file begins as a checkpoint does; a pointer in place of one is told about."""
    head = once(view, read_head, path)
    return head.startswith(_OPAQUE_BIN) or parse_pointer(head) is not None


def _parts(described: Sequence[tuple[str, Described]], view: View) -> Iterator[Part]:
    """One part for each group; the same weights in a further format are an alternative."""
    groups: dict[tuple[int, tuple[str, str]], list[tuple[str, Described]]] = {}
    for path, found in described:
        if found.weights:
            groups.setdefault((_BY_ENDING[_ending(path)][0], _key(path)), []).append((path, found))
    seen = {_key(path) for path in view.glob("**/*.safetensors")}
    for (_, key), files in sorted(groups.items(), key=lambda item: item[0]):
        yield _part(files, key in seen)
        seen.add(key)


def _part(files: Sequence[tuple[str, Described]], alternative: bool) -> Part:
    first, found = files[0]
    rows = _untied(files)
    counted = all(item.counted for _, item in files)
    dtypes: Counter[str] = Counter()
    for _, row in rows:
        dtypes[clean(row.dtype, 40)] += row.elements
    tied = sum(len(item.rows) for _, item in files) - len(rows)
    facts = [Fact("format", found.form, Locator(first))]
    facts += [Fact("tied_tensors", tied)] if tied else []
    more = f" and {len(files) - 1} further shards" if len(files) > 1 else ""
    name = first.rpartition("/")[2]
    return Part(
        id="weights-" + re.sub(r"[^a-z0-9]+", "-", first.lower())[-60:].strip("-"),
        role=Role.OTHER,
        name=f"Weights in {clean(name, 120)}{more}",
        files=tuple(sorted({path for path, _ in files} | {more for _, item in files for more in item.files})),
        parameters=sum(row.elements for _, row in rows) if counted else None,
        tensors=sum(len(item.rows) for _, item in files) if counted else None,
        present=True,
        alternative=alternative,
        dtypes=tuple(sorted(dtypes.items(), key=lambda item: (-item[1], item[0]))) if counted else (),
        facts=(*facts, *dict.fromkeys(fact for _, item in files for fact in item.facts)),
        locators=tuple(_locators(first, rows)),
    )


def _untied(files: Sequence[tuple[str, Described]]) -> list[tuple[str, Row]]:
    """The rows, of tensors that are one and the same the first only."""
    rows: dict[tuple[str, str, tuple[int, ...]], tuple[str, Row]] = {}
    for path, item in files:
        for row in item.rows:
            rows.setdefault((path, row.storage or f"={row.name}", row.shape), (path, row))
    return list(rows.values())


def _locators(first: str, rows: Sequence[tuple[str, Row]]) -> Iterator[Locator]:
    """The largest tensors."""
    if not rows:
        yield Locator(first)
    for path, row in sorted(rows, key=lambda item: (-item[1].elements, item[1].name))[:_SHOWN]:
        yield Locator(path, key=clean(row.name, 200) or None)


def _ending(path: str) -> str:
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def _key(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, _FRAMEWORK.sub("", _SHARD.sub("", name.rpartition(".")[0]))
