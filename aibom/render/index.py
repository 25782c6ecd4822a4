"""A search in an index of reference records: as plain values, and as a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aibom.formats.text import clean
from aibom.index import Coverage, Entry
from aibom.provenance.comparison.weights import detail
from aibom.provenance.index_search import Hit, Search
from aibom.provenance.weight_words import told
from aibom.provenance.weights import PartTest, WeightsVerdict
from aibom.render.report import plain
from aibom.render.words import plural

if TYPE_CHECKING:
    from rich.console import RenderableType

SEARCH_SCHEMA = "urn:aibom:schema:index-search:1"
SHOWN = 3
"""Models without agreement that the table shows of each part; the JSON holds all."""
_ORDER = (WeightsVerdict.IDENTICAL, WeightsVerdict.DERIVED, WeightsVerdict.SHARED)


def entry_json(entry: Entry) -> dict[str, Any]:
    """One record of an index as plain values."""
    shown: dict[str, Any] = plain(entry)
    model: dict[str, Any] = shown.pop("model")
    return model | shown


def search_json(found: Search) -> dict[str, Any]:
    """The search as plain values, as `index-search.schema.json` has them: every key always there."""
    target = plain(found.target)
    return {
        "schema": SEARCH_SCHEMA,
        "target": {key: target[key] for key in ("ref", "kind", "name", "repository", "revision")},
        "index": {"digest": found.digest},
        "coverage": plain(found.coverage) | {"left_out": found.coverage.left_out, "own": found.own},
        "models": [
            entry_json(hit.entry)
            | {"sketch": plain(hit.place)}
            | {"parts": [_test_json(test) for test in hit.tests]}
            for hit in found.hits
        ],
        "unknowns": plain(found.unknowns),
    }


def _test_json(test: PartTest) -> dict[str, Any]:
    shown: dict[str, Any] = plain(detail(test))
    named = {"part_a": test.part_a, "part_b": test.part_b, "verdict": test.verdict.value}
    return named | {"reason": test.reason} | shown


def search_table(found: Search) -> RenderableType:
    """For each part the models that it agrees with, then what became of the rest of the index."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for heading in ("Part", "Model", "Organisation", "Date", "Verdict", "What was seen"):
        table.add_column(heading, overflow="fold")
    for hit, test in _rows(found):
        model = hit.entry.model
        cells = (
            test.part_a,
            f"{model.id}{f'@{model.commit[:12]}' if model.commit else ''}",
            model.organisation or "unknown",
            model.released or "unknown",
            test.verdict.value,
            told(test).removeprefix(f"{test.verdict.value}: "),
        )
        table.add_row(*(Text(clean(cell, 1000)) for cell in cells))
    lines = [*coverage_lines(found.coverage), *_notes(found)]
    return Group(*([table] if found.hits else []), Text("\n".join(lines)))


def _rows(found: Search) -> Iterator[tuple[Hit, PartTest]]:
    """By part; what agrees, then the closest few of what does not."""
    for part in sorted({test.part_a for hit in found.hits for test in hit.tests}):
        pairs = [(hit, test) for hit in found.hits for test in hit.tests if test.part_a == part]
        pairs.sort(key=_closeness)
        agreeing = sum(test.verdict in _ORDER or test.matched > 0 for _, test in pairs)
        yield from pairs[: agreeing or SHOWN]


def _closeness(pair: tuple[Hit, PartTest]) -> tuple[int, float, float, str]:
    hit, test = pair
    rank = _ORDER.index(test.verdict) if test.verdict in _ORDER else len(_ORDER)
    return rank, -test.coverage, -test.median_r, hit.entry.digest


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """What became of every record, in a few lines."""
    yield (
        f"{plural(coverage.records, 'record')} searched: {coverage.listed:,} tested in full; by sketches "
        f"{coverage.likely:,} likely, {coverage.open:,} open, {coverage.unlikely:,} unlikely; "
        f"{coverage.apart:,} without a matrix of equal width."
    )
    if coverage.detectable is not None:
        yield (
            "Those that their sketches alone rule out would have shown a correlation of "
            f"{coverage.detectable:.2f}; weaker ones only a full test can show."
        )
    if coverage.left_out:
        yield f"{plural(coverage.left_out, 'record')} should be tested and were not: raise --limit."
    if coverage.damaged:
        yield f"{plural(coverage.damaged, 'record')} cannot be read: run `aibom index verify`."


def _notes(found: Search) -> Iterator[str]:
    if not found.tested:
        yield "Nothing could be tested, so nothing is known."
    if found.own:
        yield "Records of the target's own repository were passed over."
    if found.unknowns:
        yield f"{plural(len(found.unknowns), 'unknown')}; -f json lists them."
