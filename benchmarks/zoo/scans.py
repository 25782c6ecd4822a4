"""What aibom reads of a zoo's models: samples, and whole projections where asked; once a process."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from aibom import inspection, registry
from aibom.model import Depth, WeightSample
from aibom.sources import SourceOptions, open_source


@cache
def samples(folder: Path) -> tuple[WeightSample, ...]:
    """The samples that `--depth weights` takes."""
    return _read(folder, Depth.WEIGHTS)


@lru_cache(maxsize=64)
def matrices(folder: Path) -> tuple[WeightSample, ...]:
    """What the aligned test reads."""
    return _read(folder, Depth.MATRICES)


def _read(folder: Path, depth: Depth) -> tuple[WeightSample, ...]:
    with open_source(str(folder), SourceOptions(depth=depth, offline=True)) as source:
        return inspection.run(source, _inspectors())[0].prints_of(WeightSample)


@cache
def _inspectors() -> tuple[registry.LoadedInspector, ...]:
    return registry.load()[0]
