"""Published JSON schemas of aibom. A published schema is never edited: a change is a new file."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, cast

__all__ = ["names", "schema"]

_SUFFIX = ".schema.json"


def names() -> tuple[str, ...]:
    """The names that `schema` knows, sorted."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def schema(name: str) -> dict[str, Any]:
    """The schema called `name` (`report`, `profile`, …) as a fresh dict.

    Raises:
        LookupError: no schema of that name is published.
    """
    if name not in names():
        raise LookupError(f"no schema is called {name!r}; there are {', '.join(names())}")
    return cast(dict[str, Any], json.loads((files(__name__) / f"{name}{_SUFFIX}").read_bytes()))
