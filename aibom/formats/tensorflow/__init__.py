"""TensorFlow: SavedModel and frozen graphs by their operators, checkpoints by their index."""

from aibom.formats.tensorflow.bundle import read_index
from aibom.formats.tensorflow.graph import Graph, read_graph

__all__ = ["Graph", "read_graph", "read_index"]
