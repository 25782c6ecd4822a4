"""Files that the user names: policies, logs, BOMs; not those of a model."""

from __future__ import annotations

from pathlib import Path

from aibom.errors import InputError


def read_up_to(path: Path, limit: int) -> bytes:
    """The bytes of a file, one more than the limit where it has more.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", advice="Check the file's name."
        ) from error
