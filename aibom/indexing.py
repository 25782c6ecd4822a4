"""Building an index of reference records, and holding models against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aibom import api
from aibom.errors import InputError
from aibom.index import LIMIT, MAX_BYTES, Added, Store, decode, encode, is_record, open_index, record_of
from aibom.provenance.index_search import Search, search


def index_add(target: str, directory: Path, **options: Any) -> Added:
    """Add the record of a model to the index in a folder; the index is made where it is not there.

    A record that is there already stays as it is. `target` may be the file of a record, as `index export`
    writes it: it is checked and added. `options` are those of `aibom.generate`.

    Raises:
        UndeterminedError: no matrix of the model could be sampled.
        FormatError: the file is no sound record.
        AibomError: the target cannot be read, or the index not written.
    """
    data = _record_file(Path(target)) or encode(record_of(_scanned(target, options).analysis))
    decode(data, target)  # before a folder is made for it
    with Store.make(directory) as store:
        return store.add(data, target)


def index_search(target: str, directory: Path, *, limit: int = LIMIT, **options: Any) -> Search:
    """Hold a model against an index: shortlist by sketches, then the full test of at most `limit` models.

    Raises:
        UsageError: there is no index in the folder.
        DataError: the file is no index of this version.
        UndeterminedError: no matrix of the model could be sampled.
        AibomError: the target cannot be read.
    """
    with open_index(directory) as index:
        found = _scanned(target, options).analysis
        return search(found.target, found.inspected, index, limit, found.unknowns)


def _scanned(target: str, options: dict[str, Any]) -> api.Report:
    return api.generate(target, **(options | {"depth": "weights"}))


def _record_file(path: Path) -> bytes | None:
    """The bytes of a file that claims to be a record, a byte more than one may have; None for any other."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            data = stream.read(64)
            return data + stream.read(MAX_BYTES) if is_record(data) else None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
