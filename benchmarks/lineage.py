"""How well the code signal finds whose code it is: over every modelling file of the transformers wheel.

    make bench-lineage                          print the table
    make bench-lineage WRITE=1                  and put it into docs/accuracy.md
    python benchmarks/lineage.py --wheel FILE   with a wheel that is here already

Nothing of the wheel is imported: its files are read as text.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from statistics import quantiles

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

from accuracy import Row, table, write_section  # noqa: E402
from edits import edited  # noqa: E402

from aibom.catalog import EdgeKind, load  # noqa: E402
from aibom.formats.codeprint import code_prints  # noqa: E402
from aibom.model import CodePrint  # noqa: E402
from aibom.provenance.code_match import (  # noqa: E402
    SHARED,
    Ancestors,
    CodeMatch,
    FamilyScore,
    Verdict,
    by_lineage,
    lead,
    match_code,
)
from build_catalog import download  # noqa: E402
from pinned import Pin, fetch  # noqa: E402
from transformers_code import modelling_files  # noqa: E402
from transformers_inheritance import model_types  # noqa: E402

SEED = 20261124
HELD_OUT = Pin("transformers", "4.51.3", "fd3279633ceb2b777013234bbf0b4f5c2d23c4626b05497691f00cfda55e8a83")
"""A release that the catalogue does not hold, between two that it does."""
EXCLUSIONS = HERE / "lineage_exclusions.json"
"""Pairs that the graph calls unrelated and whose code, checked by hand, is shared: with the reason."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """The modelling code of every family of the wheel, by model type."""

    sources: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, wheel: Path) -> Corpus:
        """All modelling files of a wheel."""
        types = model_types(wheel)
        return cls({types.get(folder, folder): files for folder, files in modelling_files(wheel).items()})

    @cached_property
    def prints(self) -> dict[str, list[CodePrint]]:
        """What an inspector would emit for each."""
        found = {name: prints_of(files) for name, files in self.sources.items()}
        return {name: prints for name, prints in found.items() if prints}

    @cache  # noqa: B019 (one corpus in one run)
    def match(self, model_type: str) -> CodeMatch:
        """A family's code held against all others', as if the catalogue did not hold it."""
        return match_code(self.prints[model_type], CATALOG.code_prints, without=(model_type,))

    def hidden(self, model_type: str, *, dated: bool) -> list[FamilyScore]:
        """The ranking for a family that the catalogue does not hold."""
        day = RELEASED[model_type] if dated else "9999"
        return [item for item in self.match(model_type).ranked if item.family.released <= day]


CATALOG = load()
RELEASED = {family.model_type: family.released for family in CATALOG.code_prints.families}


def prints_of(files: Iterable[tuple[str, str]]) -> list[CodePrint]:
    """The prints of (module, text), as the plug-in emits them."""
    return [
        CodePrint(
            "remote-code", f"{module}.py", unit.name or module, unit.fingerprints, unit.tokens, unit.line
        )
        for module, text in files
        for unit in code_prints(text)
        if unit.fingerprints
    ]


def without(model_type: str) -> Ancestors:
    """The ancestors of a family, as known without another."""
    return lambda other: CATALOG.inheritance.ancestors(other, (model_type,))


def true_parents(model_type: str) -> set[str]:
    """The families that its classes (configurations aside) inherit from."""
    return {
        edge.parent_model_type
        for edge in CATALOG.inheritance.parents(model_type)
        if edge.kind is EdgeKind.INHERITS and not edge.child_class.endswith("Config")
    } & RELEASED.keys()


def parents(corpus: Corpus, *, dated: bool) -> list[Row]:
    """Each modular family hidden from the catalogue: is a true parent first, or among the first five?"""
    first, five, asked = 0, 0, 0
    for model_type in sorted(corpus.prints):
        truth = true_parents(model_type)
        if truth:
            ranked = corpus.hidden(model_type, dated=dated)
            chosen = by_lineage(ranked, without(model_type), 5)
            named = [item.family.model_type for item in chosen]
            asked += 1
            first += bool(truth.intersection(named[:1]))
            five += bool(truth.intersection(named))
    how = "references not younger than it" if dated else "all references, dates unused"
    return [
        Row(f"true parent first, family hidden, {how}", first, asked),
        Row(f"true parent among the first five, family hidden, {how}", five, asked),
    ]


def copies(corpus: Corpus) -> list[Row]:
    """Edited copies of each family: is the source first, alone or with families of the very same prints?"""
    alone, first, asked = 0, 0, 0
    for model_type, files in sorted(corpus.sources.items()):
        if model_type not in corpus.prints:
            continue
        draw = random.Random(f"{SEED} {model_type}")
        prints = prints_of((module, edited(text, draw)) for module, text in files)
        ranked = match_code(prints, CATALOG.code_prints).ranked
        best = {item.family.model_type for item in ranked if item.containment == ranked[0].containment}
        asked += 1
        first += model_type in best
        alone += best == {model_type}
    edits = "own names renamed, comments and docstrings gone, a fifth of the methods dropped, order shuffled"
    return [
        Row(f"edited copy finds its source first ({edits})", first, asked),
        Row("of these, the source alone is first", alone, asked),
    ]


def held_out(corpus: Corpus) -> list[Row]:
    """Code of a release that is not held: is its own family first, and does it reach the threshold?"""
    first, reached, asked = 0, 0, 0
    for model_type in sorted(corpus.prints.keys() & RELEASED.keys()):
        ranked = match_code(corpus.prints[model_type], CATALOG.code_prints).ranked
        own = next((item.containment for item in ranked if item.family.model_type == model_type), 0.0)
        asked += 1
        first += bool(ranked) and own == ranked[0].containment
        reached += own >= SHARED
    code = f"code of transformers {HELD_OUT.version}, a release that is not held"
    return [
        Row(f"{code}: its own family first", first, asked),
        Row(f"{code}: its own family at or above the threshold", reached, asked),
    ]


class Unrelated:
    """Pairs of families without a common ancestor in the graph, less those excluded by hand."""

    def __init__(self, model_types: Iterable[str]) -> None:
        listed = json.loads(EXCLUSIONS.read_text("utf-8"))["pairs"]
        self.excluded = {frozenset(entry["pair"]) for entry in listed}
        self._lines = {each: CATALOG.inheritance.ancestors(each) | {each} for each in model_types}

    def __call__(self, one: str, other: str) -> bool:
        """Whether two families are unrelated."""
        if frozenset((one, other)) in self.excluded:
            return False
        return one in self._lines and other in self._lines and self._lines[one].isdisjoint(self._lines[other])


def unrelated(corpus: Corpus) -> tuple[list[Row], str]:
    """What the code of unrelated families shares, and whether any of it would be called lineage."""
    apart = Unrelated(corpus.prints)
    containments: list[float] = []
    pairs = shared = asserted = line = wrong = 0
    for model_type in sorted(corpus.prints):
        score = {item.family.model_type: item.containment for item in corpus.match(model_type).ranked}
        values = [score.get(other, 0.0) for other in corpus.prints if apart(model_type, other)]
        containments += values
        pairs += len(values)
        shared += sum(value >= SHARED for value in values)
        reference = _asserted(corpus, model_type)
        asserted += reference is not None
        wrong += reference is not None and apart(model_type, reference)
        line += reference in CATALOG.inheritance.ancestors(model_type)
    percentiles = quantiles(containments, n=1000)
    null = (
        f"Containment between unrelated families: 95th percentile {percentiles[949]:.2f}, "
        f"99th {percentiles[989]:.2f}, 99.9th {percentiles[998]:.2f}, largest {max(containments):.2f}; "
        f"threshold {SHARED:.2f}."
    )
    return [
        Row("unrelated pairs at or above the threshold", shared, pairs),
        Row("families hidden, dated: lineage asserted", asserted, len(corpus.prints)),
        Row("of these assertions, to a family that it is made from", line, asserted),
        Row("of these assertions, to an unrelated family", wrong, asserted),
    ], null


def _asserted(corpus: Corpus, model_type: str) -> str | None:
    """The older family that the rule `code.print` would name, were the family of an unknown publisher."""
    ranked = [
        item for item in corpus.hidden(model_type, dated=True) if item.family.released < RELEASED[model_type]
    ]
    best = lead(ranked, without(model_type))
    if (
        best is None
        or corpus.match(model_type).verdict is Verdict.INDETERMINATE
        or ranked[0].containment < SHARED
    ):
        return None
    oldest, *others = best.model_types
    known = all(oldest in without(model_type)(other) for other in others)
    return oldest if known else None


STEPS: Sequence[Callable[[Corpus], list[Row]]] = (
    lambda corpus: parents(corpus, dated=True),
    lambda corpus: parents(corpus, dated=False),
    copies,
)


def main() -> int:
    """Print the table; with --write put it into docs/accuracy.md."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheel", type=Path, help="a transformers wheel that is here already")
    parser.add_argument("--held-out", type=Path, help=f"the wheel of transformers {HELD_OUT.version}")
    parser.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.read(options.wheel or download(Path(folder)))
        other = Corpus.read(options.held_out or fetch(HELD_OUT, Path(folder)))
    rows = [row for step in STEPS for row in step(corpus)] + held_out(other)
    more, null = unrelated(corpus)
    text = f"{table([*rows, *more])}\n{null}\n"
    print(text)
    if options.write:
        write_section("code", text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
