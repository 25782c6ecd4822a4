"""How a graph uses a stored tensor: the operator that multiplies with it, and what lies in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aibom.formats.onnx import Node, OnnxTensor
from aibom_onnx.scopes import module_path
from aibom_onnx.structure import GATHER, Structure

_PASSED: Final = ("Cast", "Identity")
_PRODUCTS: Final = {
    "MatMul": 1,
    "FusedMatMul": 1,
    "Gemm": 1,
    "FusedGemm": 1,
    "MatMulInteger": 1,
    "DynamicQuantizeMatMul": 1,
    "MatMulIntegerToFloat": 1,
    "MatMulNBits": 1,
    "Attention": 1,
    "QAttention": 1,
    "QLinearMatMul": 3,
    "Conv": 1,
    "FusedConv": 1,
    "ConvTranspose": 1,
    "ConvInteger": 1,
    "QLinearConv": 3,
}
"""Operators that multiply with a weight, and which of their inputs it is."""
CONVOLUTIONS: Final = frozenset({"Conv", "FusedConv", "ConvTranspose", "ConvInteger", "QLinearConv"})
FUSED: Final = frozenset({"Attention", "QAttention"})
"""Operators whose one weight holds queries, keys and values side by side."""
_STEPS: Final = 6


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a tensor as a weight.

    Attributes:
        node: the operator that takes it.
        first: it is the left factor of a product.
        turned: a Transpose lies in between.
        scaled: the DequantizeLinear in between, or None.
    """

    node: Node
    first: bool = False
    turned: bool = False
    scaled: Node | None = None

    @property
    def embeds(self) -> bool:
        """Whether its rows are picked by number."""
        return self.node.op_type in GATHER

    @property
    def sideways(self) -> bool:
        """Whether the tensor as stored has inputs first."""
        if self.embeds or self.node.op_type in CONVOLUTIONS or self.node.op_type == "MatMulNBits":
            return False
        attributes = dict(self.node.integers)
        flipped = attributes.get("transA" if self.first else "transB", 0) == 1
        return (not self.first) ^ self.turned ^ flipped

    def name_of(self, tensor: OnnxTensor) -> str:
        """A name for the matrix by the module that the operator was traced from; empty where none shows."""
        path = module_path(self.node)
        inside = path if self.node.scope else path[:-1]
        return ".".join((*inside, "qkv" if self.node.op_type in FUSED else "weight")) if inside else ""


def use_of(tensor: OnnxTensor, structure: Structure) -> Use | None:
    """The first operator that takes a tensor as a weight, or None where none does."""
    form, turned, scaled = tensor.name, False, None
    for _ in range(_STEPS):
        users = structure.direct(form)
        for node in users:
            if found := _taken(node, form, turned, scaled):
                return found
        step = next((node for node in users if _passes(node, form)), None)
        if step is None:
            return None
        turned ^= step.op_type == "Transpose"
        scaled = step if step.op_type == "DequantizeLinear" else scaled
        form = step.outputs[0]
    return None


def _taken(node: Node, form: str, turned: bool, scaled: Node | None) -> Use | None:
    if node.op_type in GATHER:
        return Use(node, turned=turned, scaled=scaled) if node.inputs[0] == form else None
    at = _PRODUCTS.get(node.op_type)
    if at is None:
        return None
    if len(node.inputs) > at and node.inputs[at] == form:
        return Use(node, turned=turned, scaled=scaled)
    left = node.op_type in ("MatMul", "Gemm") and node.inputs[0] == form
    return Use(node, first=True, turned=turned, scaled=scaled) if left else None


def _passes(node: Node, form: str) -> bool:
    known = node.op_type in (*_PASSED, "Transpose", "DequantizeLinear")
    return known and bool(node.outputs) and bool(node.inputs) and node.inputs[0] == form
