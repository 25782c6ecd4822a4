"""One checkpoint file: which form it has, the tensors in it, and what its pickles import.

Forms: the ZIP archive that `torch.save` writes since 1.6 (`<name>/data.pkl` and a member for each
storage), the same with code, from `torch.jit.save`, and the older sequence of pickles before raw data.
Source: `torch/serialization.py`, `caffe2/serialize/inline_container.cc`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from aibom.errors import FormatError, ReadError
from aibom.formats.cursor import Cursor
from aibom.formats.lfs import parse_pointer
from aibom.formats.pickle import Pickle, read_pickle
from aibom.formats.pytorch.rebuild import rows
from aibom.formats.tables import Row
from aibom.formats.zip import Archive, read_archive
from aibom.spi import View, once

MAGIC: Final = 0x1950A86A20F9469CFC6C
"""What the first pickle of the older form holds."""
MAX_PICKLE: Final = 32 * 1024 * 1024
"""Bytes of a compressed pickle; torch itself stores them plain."""
MAX_CODE: Final = 2_000
"""Files of TorchScript code that are listed."""
TRAINING: Final = ("optimizer", "optimizers", "optimizer_state", "lr_scheduler", "scheduler", "rng_state")
"""Keys of a checkpoint below which tensors are the training's and not the model's."""
_HEAD: Final = 1024
_LENGTH: Final = 8
_PICKLES: Final = ("data.pkl", "constants.pkl", "attributes.pkl")


class Layout(StrEnum):
    """The form of a checkpoint."""

    ZIP = "torch zip"
    SCRIPT = "torchscript"
    LEGACY = "torch legacy"
    PICKLE = "pickle"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one file says.

    Attributes:
        rows: tensors sorted by name.
        pickles: every pickle in it, with the name under which it stands, without its object.
        archive: the ZIP directory, or None.
        code: paths of TorchScript code.
        missing: storages that tensors name and the archive does not hold, sorted.
        error: why the table is not whole, or None; the pickles' findings stand all the same.
    """

    layout: Layout
    rows: tuple[Row, ...]
    pickles: tuple[tuple[str, Pickle], ...]
    archive: Archive | None = None
    code: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    error: ReadError | None = None

    @property
    def model_rows(self) -> tuple[Row, ...]:
        """The rows without those of the training's state."""
        return tuple(row for row in self.rows if not row.name.split(".")[0].startswith(TRAINING))


def read_head(view: View, path: str) -> bytes:
    """The first bytes, which tell the form."""
    return view.read(path, 0, _HEAD)


def read_checkpoint(view: View, path: str) -> Checkpoint:
    """Describe one file of any of the forms, or a plain pickle.

    Raises:
        FormatError: none of the forms.
        LimitError: a bound of the archive was passed.
        ReadError: the file cannot be read, or is a Git-LFS pointer.
    """
    head = once(view, read_head, path)
    if parse_pointer(head) is not None:
        raise ReadError(f"{path}: a Git-LFS pointer stands where the weights should be")
    if head[:4] == b"PK\3\4":
        return _of_archive(read_archive(view, path))
    if not head:
        raise FormatError(f"{path}: an empty file")
    return _of_stream(Cursor.of_file(view, path, head=head))


def _of_archive(archive: Archive) -> Checkpoint:
    found, errors, pickles = list[Row](), list[ReadError](), list[tuple[str, Pickle]]()
    prefix = prefix_of(archive)
    if f"{prefix}data.pkl" not in archive.names:
        errors.append(FormatError(f"{archive.path}: an archive without data.pkl"))
    for name in sorted(archive.names):
        if not name.endswith((".pkl", ".pickle")):
            continue
        try:
            pickle = read_pickle(archive.open(archive.names[name], limit=MAX_PICKLE))
        except ReadError as error:
            errors.append(error)
            continue
        pickles.append((name, pickle))
        if name.startswith(prefix) and name.rpartition("/")[2] in _PICKLES:
            _collect(pickle, found, errors)
    code = tuple(name for name in sorted(archive.names) if name.startswith(f"{prefix}code/"))[:MAX_CODE]
    return Checkpoint(
        Layout.SCRIPT if code or f"{prefix}constants.pkl" in archive.names else Layout.ZIP,
        _sorted(found),
        _bare(pickles),
        archive,
        code,
        tuple(_missing(found, prefix, archive)),
        _first(errors),
    )


def prefix_of(archive: Archive) -> str:
    """The folder within the archive that holds the object: that of the `data.pkl` closest to the root."""
    named = [name for name in archive.names if name == "data.pkl" or name.endswith("/data.pkl")]
    main = min(named, key=lambda name: (name.count("/"), name), default="")
    return main.removesuffix("data.pkl")


def _missing(found: list[Row], prefix: str, archive: Archive) -> Iterator[str]:
    keys = {row.storage.rpartition("@")[0] for row in found if row.storage}
    for key in sorted(keys):
        if not any(f"{prefix}{folder}{key}" in archive.names for folder in ("data/", "constants/", "")):
            yield key


def _of_stream(cursor: Cursor) -> Checkpoint:
    """The older form: magic, protocol, system, object, storage keys; or a plain pickle."""
    first = read_pickle(cursor)
    if first.value != MAGIC:
        if first.error is not None and not first.imports and cursor.position < 64:
            raise first.error
        found, errors = list[Row](), list[ReadError]()
        _collect(first, found, errors)
        return Checkpoint(Layout.PICKLE, _sorted(found), _bare([("", first)]), error=_first(errors))
    pickles = [("magic", first)]
    for name in ("protocol", "system", "object", "storage keys"):
        pickles.append((name, read_pickle(cursor)))
        if pickles[-1][1].error is not None:
            break
    found, errors = list[Row](), list[ReadError]()
    for name, pickle in pickles:
        _collect(pickle, found if name == "object" else [], errors)
    if not errors and (needed := _stored(found)) > cursor.left:
        errors.append(cursor.error(f"truncated: {cursor.left:,} bytes of storages, of {needed:,}"))
    return Checkpoint(Layout.LEGACY, _sorted(found), _bare(pickles), error=_first(errors))


def _stored(found: list[Row]) -> int:
    """Bytes of all storages in the older form, in which each stands behind its length in eight bytes."""
    storages = {row.storage.rpartition("@")[0]: row.stored for row in found if row.storage}
    return sum(_LENGTH + size for size in storages.values())


def _collect(pickle: Pickle, found: list[Row], errors: list[ReadError]) -> None:
    if pickle.error is not None:
        errors.append(pickle.error)
        return
    try:
        found.extend(rows(pickle.value))
    except FormatError as error:
        errors.append(error)


def _bare(pickles: list[tuple[str, Pickle]]) -> tuple[tuple[str, Pickle], ...]:
    """Without the objects, of which all that is wanted is in the rows."""
    return tuple((name, replace(pickle, value=None)) for name, pickle in pickles)


def _first(errors: list[ReadError]) -> ReadError | None:
    return errors[0] if errors else None


def _sorted(found: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(found, key=lambda row: (row.name, row.storage, row.shape)))
