"""The ways in which a model is stored, by the names that recipes use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.zoo import gguf_file, storage, transplant
from benchmarks.zoo.checkpoint import Checkpoint

WRITERS: Mapping[str, Callable[[Checkpoint, Path], storage.Renamed]] = {
    "whole": storage.whole,
    "with-code": storage.with_code,
    "int8": storage.int8_channels,
    "int4": storage.int4_packed,
    "fp8": storage.fp8_blocks,
    "gguf-q8_0": gguf_file.q8_0,
    "gguf-q4_0": gguf_file.q4_0,
    "renamed": transplant.renamed,
    "fused": transplant.fused,
}
