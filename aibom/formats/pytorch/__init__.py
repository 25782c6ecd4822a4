"""PyTorch checkpoints, in the ZIP form and the older one, and TorchScript; no tensor data is read."""

from aibom.formats.pytorch.checkpoint import Checkpoint, Layout, read_checkpoint, read_head
from aibom.formats.pytorch.storages import Storage, read_storages

__all__ = ["Checkpoint", "Layout", "Storage", "read_checkpoint", "read_head", "read_storages"]
