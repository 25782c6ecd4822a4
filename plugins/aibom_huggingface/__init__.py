"""Inspector of Hugging Face repositories."""

from aibom_huggingface.inspector import HuggingFaceInspector

__all__ = ["HuggingFaceInspector"]
