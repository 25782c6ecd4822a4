"""Inspector of GGUF files."""

from aibom_gguf.inspector import GgufInspector

__all__ = ["GgufInspector"]
