"""PyTorch checkpoints, in the ZIP form and the older one, and TorchScript; no tensor data is read."""

from aibom.formats.pytorch.checkpoint import Checkpoint, Layout, read_checkpoint

__all__ = ["Checkpoint", "Layout", "read_checkpoint"]
