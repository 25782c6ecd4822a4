"""Which matrices a checkpoint stores as (inputs, outputs), and which tensors are stacks of matrices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from aibom.formats.sampling.layouts import FLOATS, StoredTensor

_EXPERTS: Final = re.compile(r"(?:^|[./])(?:\w*experts?|block_sparse_moe|moe)[./]")
_CONV1D: Final = re.compile(r"(?:^|\.)(?:c_attn|c_proj|c_fc|q_attn)\.weight$")
_ENTERS: Final = re.compile(r"gate_up_proj|up_proj|gate_proj|fc1|(?:^|\.)w[13]\b|input_linear")
_LEAVES: Final = re.compile(r"down_proj|fc2|(?:^|\.)w2\b|output_linear")


class Orientation:
    """What the shapes of one table tell.

    `hidden` is the width of the model, where the configuration states it: an expert's first matrix has
    it as inputs, its last one as outputs. Without it the pair of the two tells.
    """

    def __init__(self, tensors: Iterable[StoredTensor], hidden: int | None = None) -> None:
        table = {tensor.name: tensor.shape for tensor in tensors}
        self._hidden = hidden or _width(table)
        self._conv1d = _has_conv1d(table)

    def is_stack(self, tensor: StoredTensor) -> bool:
        """Whether a tensor of three dimensions is a matrix for each expert."""
        return len(tensor.shape) == 3 and _EXPERTS.search(tensor.name) is not None

    def is_sideways(self, tensor: StoredTensor) -> bool:
        """Whether inputs come first: GPT-2's Conv1D, experts as Llama 4 and gpt-oss stack them."""
        if tensor.dtype in FLOATS and len(tensor.shape) == 2:
            return self._conv1d and _CONV1D.search(tensor.name) is not None
        if not self.is_stack(tensor) or self._hidden is None:
            return False
        _, first, second = tensor.shape
        if first == second:
            return False
        if _ENTERS.search(tensor.name):
            return first == self._hidden
        return _LEAVES.search(tensor.name) is not None and second == self._hidden


def _has_conv1d(table: Mapping[str, tuple[int, ...]]) -> bool:
    """Conv1D's fused projection is three times as wide as high; that of a Linear is higher than wide."""
    for name, shape in table.items():
        if name.endswith("c_attn.weight") and len(shape) == 2:
            return shape[1] == 3 * shape[0]
    return False


def _width(table: Mapping[str, tuple[int, ...]]) -> int | None:
    """The width that stacked experts share: gate and up together are twice as large as what down takes."""
    for name, shape in table.items():
        if len(shape) != 3 or "gate_up_proj" not in name:
            continue
        down = table.get(name.replace("gate_up_proj", "down_proj"), ())
        if len(down) != 3:
            continue
        if shape[2] == down[1] and shape[1] == 2 * down[2]:
            return shape[2]
        if shape[1] == down[2] and shape[2] == 2 * down[1]:
            return shape[1]
    return None
