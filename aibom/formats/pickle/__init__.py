"""Pickles, described by their opcodes; nothing of them is loaded."""

from aibom.formats.pickle.imports import Verdict, judge
from aibom.formats.pickle.machine import Pickle, read_pickle
from aibom.formats.pickle.values import Blob, Global, Node

__all__ = ["Blob", "Global", "Node", "Pickle", "Verdict", "judge", "read_pickle"]
