"""Where an external tensor may lie: under the graph's own folder, and nowhere else."""

from __future__ import annotations

import re
from posixpath import dirname, join

from aibom.formats.paths import is_safe

_IN_MEMORY = "*/_ORT_MEM_ADDR_/*"
"""onnxruntime reads the offset beside this location as an address in its own memory."""


def resolve(graph_path: str, location: str) -> str | None:
    """The path in the target, or None where the location leaves the graph's folder.

    Refused: absolute paths, `..`, backslashes, drive letters, control characters, memory addresses.
    The law is ONNX' own: a location is relative to the folder of the model, without `..`
    (https://github.com/onnx/onnx/blob/main/docs/ExternalData.md).
    """
    if location == _IN_MEMORY or "\\" in location or location.startswith("/"):
        return None
    if re.match(r"^[A-Za-z]:", location) or not location.isprintable():
        return None
    inside = "/".join(piece for piece in location.split("/") if piece not in ("", "."))
    return join(dirname(graph_path), inside) if is_safe(inside) else None
