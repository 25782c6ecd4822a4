"""Inspector of weights archives: PyTorch, Keras, NumPy, TensorFlow, Flax, and formats of run times."""

from aibom_archives.inspector import ArchiveInspector

__all__ = ["ArchiveInspector"]
