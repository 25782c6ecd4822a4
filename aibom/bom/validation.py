"""Is a document valid against the strict CycloneDX schema? One compiled validator per version."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from aibom.bom import schemas
from aibom.bom.problem import Level, Problem, pointer_to
from aibom.formats.values import clean

if TYPE_CHECKING:
    import jsonschema_rs

RULE = "schema"
MAX_PROBLEMS = 200
"""Problems reported of one document; a document of the wrong shape breaks every rule there is."""


def validate(document: Any) -> tuple[Problem, ...]:
    """Hold a document against the strict schema of the version it claims, formats included.

    Any value is accepted: what is not a CycloneDX document of a known version is one problem.
    """
    spec = document.get("specVersion") if isinstance(document, dict) else None
    if spec not in schemas.SPECS:
        return (_problem((), f"no CycloneDX document of version {', '.join(schemas.SPECS)}"),)
    problems = []
    try:
        for error in _validator(spec).iter_errors(document):
            problems.append(_problem(tuple(error.instance_path), error.message))
            if len(problems) == MAX_PROBLEMS:
                break
    except ValueError as error:  # a value that JSON does not know, or nesting past the parser's bound
        return (_problem((), str(error)),)
    return tuple(sorted(problems, key=lambda problem: (problem.pointer, problem.message)))


def _problem(path: tuple[str | int, ...], message: str) -> Problem:
    return Problem(RULE, Level.ERROR, pointer_to(path), clean(message, 300))


@cache
def _validator(spec: str) -> jsonschema_rs.Draft7Validator:
    import jsonschema_rs

    registry = jsonschema_rs.Registry(
        [(schemas.BASE + name, schemas.load(name)) for name in schemas.SUB_SCHEMAS]
    )
    return jsonschema_rs.Draft7Validator(
        schemas.bom_schema(spec), registry=registry, validate_formats=True, offline=True
    )
