"""Inspector of ONNX graphs."""

from aibom_onnx.inspector import OnnxInspector

__all__ = ["OnnxInspector"]
