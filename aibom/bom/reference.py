"""A second opinion on a document: the reference implementation of JSON Schema, slower by far."""

from __future__ import annotations

from typing import Any

from aibom.bom import schemas
from aibom.bom.problem import Level, Problem, pointer_to
from aibom.bom.validation import MAX_PROBLEMS
from aibom.formats.values import clean

RULE = "schema-reference"


def cross_check(document: Any) -> tuple[Problem, ...]:
    """What `jsonschema` finds wrong with a document, its formats included as far as they are installed.

    A release gate that must not rest on one validator runs this beside `validate`: the two were
    written by different people and share no code.
    """
    import jsonschema
    from referencing import Registry
    from referencing.jsonschema import DRAFT7

    spec = document.get("specVersion") if isinstance(document, dict) else None
    if spec not in schemas.SPECS:
        return ()
    resources = [
        (schemas.BASE + name, DRAFT7.create_resource(schemas.load(name))) for name in schemas.SUB_SCHEMAS
    ]
    validator = jsonschema.Draft7Validator(
        schemas.bom_schema(spec),
        registry=Registry().with_resources(resources),
        format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER,
    )
    problems = []
    for error in validator.iter_errors(document):
        message = clean(error.message, 300)
        problems.append(Problem(RULE, Level.ERROR, pointer_to(tuple(error.absolute_path)), message))
        if len(problems) == MAX_PROBLEMS:
            break
    return tuple(sorted(problems, key=lambda problem: (problem.pointer, problem.message)))
