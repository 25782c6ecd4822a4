"""TensorFlow Lite models: operators and tensors, without their data."""

from aibom.formats.tflite.model import TfliteModel, read_tflite

__all__ = ["TfliteModel", "read_tflite"]
