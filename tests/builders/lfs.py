"""Git-LFS pointers as bytes."""

from __future__ import annotations


def pointer(size: int, sha256: str = "ab" * 32) -> bytes:
    """What `git lfs pointer` writes."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()
