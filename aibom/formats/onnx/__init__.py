"""ONNX graphs, read without their tensor data."""

from aibom.formats.onnx.graph import read_graph
from aibom.formats.onnx.model import (
    MAIN,
    Node,
    OnnxModel,
    OnnxTensor,
    Operator,
    Opset,
    Span,
    Value,
)

__all__ = ["MAIN", "Node", "OnnxModel", "OnnxTensor", "Operator", "Opset", "Span", "Value", "read_graph"]
