"""Inspector of ONNX graphs."""
