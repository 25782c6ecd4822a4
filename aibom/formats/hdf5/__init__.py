"""HDF5 files: groups, datasets and attributes, without the data and without the C library.

The library parses in the process that calls it, and hostile files have broken it before; what a
description needs is small enough to be walked here, within bounds.
"""

from aibom.formats.hdf5.walk import Hdf5, read_hdf5, read_hdf5_file

__all__ = ["Hdf5", "read_hdf5", "read_hdf5_file"]
