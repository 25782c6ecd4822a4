"""GGUF files that the gguf package wrote itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def written(folder: Path, name: str, fill: Callable[[Any], None], **settings: Any) -> Path:
    """A file that `fill` filled through gguf's own writer; `settings` are the writer's."""
    import gguf

    path = folder / name
    writer = gguf.GGUFWriter(path, settings.pop("arch", "llama"), **settings)
    fill(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
