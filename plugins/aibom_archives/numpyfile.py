"""NumPy arrays, alone and in archives."""

from __future__ import annotations

from aibom.formats.numpyfile import read_arrays
from aibom.spi import View, once
from aibom_archives.described import Described, unknown
from aibom_archives.security import archive_findings, pickle_findings


def describe(view: View, path: str) -> Described:
    """One `.npy` or `.npz` file.

    Raises:
        ReadError: the file is neither, or cannot be read.
    """
    found = once(view, read_arrays, path)
    errors = [found.error, *(pickle.error for _, pickle in found.pickles)]
    archive = () if found.archive is None else tuple(archive_findings(found.archive))
    return Described(
        form="numpy",
        rows=found.rows,
        counted=found.error is None,
        observations=(*pickle_findings(path, found.pickles), *archive),
        unknowns=tuple(unknown(path, error) for error in errors if error is not None),
    )
