"""Registry files: the shipped one, and the user's own laid over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aibom.catalog.entries import Organisation, decode
from aibom.catalog.lint import lint_organisations, schema_problems
from aibom.errors import DataError

_LIMIT = 16 * 1024 * 1024


def read_registry(path: Path) -> Any:
    """The JSON of a registry file of the user's, not yet held against the schema.

    Raises:
        DataError: unreadable, larger than 16 MiB, or not JSON.
    """
    import msgspec

    try:
        if path.stat().st_size > _LIMIT:
            raise DataError(f"{path}: larger than {_LIMIT} bytes")
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path}: not JSON: {error}") from error


def merge(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """`base` with the overlay's entries added, or put in the place of those of the same id.

    An id that stands twice in the overlay stays twice, so that the linter sees it.
    """
    own = {entry["id"] for entry in overlay["organisations"]}
    kept = [entry for entry in base["organisations"] if entry["id"] not in own]
    return base | {"organisations": [*kept, *overlay["organisations"]]}


def with_overlay(base: dict[str, Any], path: Path) -> tuple[Organisation, ...]:
    """Entries of `base` with the file at `path` laid over them.

    Raises:
        DataError: the file breaks the schema, or makes the registry contradict itself.
    """
    overlay = read_registry(path)
    problems = schema_problems(overlay)
    if not problems:
        merged = merge(base, overlay)
        problems = lint_organisations(merged)
    if problems:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise DataError(
            f"{path}: {first.id or 'file'}: {first.message}{more}",
            advice="See all of them with `aibom organisations lint`; docs/organisations.md gives the form.",
        )
    return decode(merged)
