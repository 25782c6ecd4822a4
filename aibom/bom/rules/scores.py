"""Rules on the sovereignty score, wherever it is written."""

from __future__ import annotations

from aibom.bom.problem import Level
from aibom.bom.properties import Property
from aibom.bom.rules.document import Document, Object, Path, member, properties, text
from aibom.bom.rules.rule import Hits, rule
from aibom.model import Layer

_SUBJECT: Path = ("metadata", "component")
_LIMITS = {
    Property.SCORE_LOWER: 100,
    Property.SCORE_UPPER: 100,
    Property.SCORE_COVERAGE: 100,
    Property.SCORE_LEVEL: 4,
    Property.SCORE_CEILING: 4,
}
_TOLERANCE = 0.006
"""Two decimals of 100 in the properties, four of 1 in the attestation."""
_HOME_MADE = 3
"""The lowest level at which every trained part is home-made."""
_OUTSIDE = ("derived", "verbatim")


@rule("score-out-of-bounds", Level.ERROR, "A score is outside its scale")
def score_out_of_bounds(document: Document) -> Hits:
    """Bounds and coverage are points of 100, levels 0 to 4, conformance and confidence shares of 1."""
    named = properties(document.subject)
    for name, top in _LIMITS.items():
        for value in named.get(name, ()):
            number = _number(value)
            if number is None or not 0 <= number <= top:
                yield _SUBJECT, f"{name} is {value!r}, outside 0..{top}"
    for path, row in _rows(document):
        for key in ("conformance", "confidence"):
            score = member(row, key).get("score")
            if isinstance(score, (int, float)) and _share(row, key) is None:
                yield (*path, key, "score"), "the score is outside 0..1"


@rule("score-inconsistent", Level.ERROR, "Two statements of the score contradict each other")
def score_inconsistent(document: Document) -> Hits:
    """Bounds in the wrong order, a level above what the evidence leaves open, an attestation that says
    otherwise than the properties, or a level that a part's own origin rules out.
    """
    named = properties(document.subject)
    lower, upper = _value(named, Property.SCORE_LOWER), _value(named, Property.SCORE_UPPER)
    level, ceiling = _value(named, Property.SCORE_LEVEL), _value(named, Property.SCORE_CEILING)
    if lower is not None and upper is not None and lower > upper:
        yield _SUBJECT, f"the lower bound {lower} is above the upper bound {upper}"
    if level is not None and ceiling is not None and level > ceiling:
        yield _SUBJECT, f"level {level:g} is above the ceiling {ceiling:g}"
    for path, row in _rows(document):
        score = _share(row, "conformance")
        overall = text(row, "requirement").endswith(":overall")
        if overall and score is not None and lower is not None and abs(score - lower / 100) > _TOLERANCE:
            yield (*path, "conformance", "score"), f"attests {score}, the lower bound is {lower} of 100"
    if level is not None and level >= _HOME_MADE:
        home = set(named.get(Property.SCORE_HOME, ()))
        for path, part in document.components:
            if path[:2] == _SUBJECT and _from_outside(part, home):
                yield path, f"trained weights from outside the home set rule out level {level:g}"


def _from_outside(part: Object, home: set[str]) -> bool:
    """Whether weights are derived from, or are, those of countries that are all outside the home set."""
    named = properties(part)
    relation = named.get(Property.ORIGIN_RELATION.of(Layer.WEIGHTS), ())
    countries = set(named.get(Property.ORIGIN_COUNTRY.of(Layer.WEIGHTS), ())) - {"multi"}
    counted = named.get(Property.PART_ALTERNATIVE) != ["true"]
    return (
        bool(home and countries and counted) and any(r in _OUTSIDE for r in relation) and not home & countries
    )


def _rows(document: Document) -> list[tuple[Path, Object]]:
    """The rows of every attestation."""
    return document.within.get("map", [])


def _share(row: Object, key: str) -> float | None:
    """The score of conformance or confidence, if it is a share of 1."""
    score = member(row, key).get("score")
    return score if isinstance(score, (int, float)) and 0 <= score <= 1 else None


def _value(named: dict[str, list[str]], name: Property) -> float | None:
    return _number(next(iter(named.get(name, ())), ""))


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
