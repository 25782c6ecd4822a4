"""A store of bytes on disk that never believes what it finds there."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_DIGEST = hashlib.sha256().digest_size


class Cache:
    """Entries by key; each file carries a SHA-256 over key and data, and one that fails it is dropped.

    Entries are written to a temporary file and renamed, so that processes may share a folder
    without locks. A folder that cannot be written makes a scan slower, never fail.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, *key: str) -> bytes | None:
        """The data stored under `key`, or None."""
        if self._folder is None:
            return None
        name = _name(key)
        path = self._path(name)
        try:
            stored = path.read_bytes()
        except OSError:
            return None
        seal, data = stored[:_DIGEST], stored[_DIGEST:]
        if seal != _seal(name, data):
            with suppress(OSError):
                path.unlink()
            return None
        return data

    def put(self, data: bytes, *key: str) -> None:
        """Store `data` under `key`, whole or not at all."""
        if self._folder is None:
            return
        name = _name(key)
        path = self._path(name)
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_seal(name, data))
                    file.write(data)
                Path(draft).replace(path)
            except OSError:
                Path(draft).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / name[:2] / name[2:]


def _name(key: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()


def _seal(name: str, data: bytes) -> bytes:
    return hashlib.sha256(name.encode() + data).digest()
