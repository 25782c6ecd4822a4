"""Write a file of the catalogue together with its line in SHA256SUMS.

Run by itself, it records the digests of the files that are kept by hand.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

SUMS = "SHA256SUMS"
DATA = Path(__file__).parent.parent / "aibom" / "catalog" / "data"
KEPT_BY_HAND = ("licences.json", "organisations.json")


def store(folder: Path, name: str, data: bytes) -> None:
    """Write `folder/name`, and its digest into the folder's SHA256SUMS; the other lines stay."""
    (folder / name).write_bytes(data)
    sums = folder / SUMS
    lines = sums.read_text("utf-8").splitlines() if sums.is_file() else []
    known = {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    known[name] = hashlib.sha256(data).hexdigest()
    sums.write_text("".join(f"{known[path]}  {path}\n" for path in sorted(known)), "utf-8")


if __name__ == "__main__":
    for kept in KEPT_BY_HAND:
        store(DATA, kept, (DATA / kept).read_bytes())
