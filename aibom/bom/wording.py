"""Words that stand where a value should: shared by the builder, which drops them, and the linter."""

from aibom.formats.wording import is_licence_placeholder, is_placeholder, value

__all__ = ["is_licence_placeholder", "is_placeholder", "value"]
