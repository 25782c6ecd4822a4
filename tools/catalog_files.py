"""Write a file of the catalogue together with its line in SHA256SUMS."""

from __future__ import annotations

import hashlib
from pathlib import Path

SUMS = "SHA256SUMS"


def store(folder: Path, name: str, data: bytes) -> None:
    """Write `folder/name`, and its digest into the folder's SHA256SUMS; the other lines stay."""
    (folder / name).write_bytes(data)
    sums = folder / SUMS
    lines = sums.read_text("utf-8").splitlines() if sums.is_file() else []
    known = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    known[name] = hashlib.sha256(data).hexdigest()
    sums.write_text("".join(f"{known[path]}  {path}\n" for path in sorted(known)), "utf-8")
