"""HDF5 files, written by the reference library in memory."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import h5py
import numpy as np


def hdf5(
    datasets: Mapping[str, Any], attributes: Mapping[str, Any] | None = None, *, libver: str = "earliest"
) -> bytes:
    """A file with datasets (arrays) by path and attributes of its root."""
    out = io.BytesIO()
    with h5py.File(out, "w", libver=libver) as made:
        made.attrs.update(attributes or {})
        for path, value in datasets.items():
            made.create_dataset(path, data=value)
    return out.getvalue()


def weights() -> bytes:
    """Weights of one layer, as Keras 3 lays them out, with the state of an optimiser."""
    return hdf5(
        {
            "layers/dense/vars/0": np.zeros((8, 3), "f4"),
            "layers/dense/vars/1": np.zeros(3, "f4"),
            "optimizer/vars/0": np.zeros((), "i8"),
        }
    )
