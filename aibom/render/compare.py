"""Two targets side by side: the JSON of `compare.schema.json`, and a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aibom.formats.text import clean
from aibom.model import ComparedPair, ComparedSignal, Comparison, Locator, Target
from aibom.render.report import plain
from aibom.render.words import place, plural

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

COMPARE_SCHEMA = "urn:aibom:schema:compare:1"
"""`$id` of the schema that `compare_json` answers to."""

SIGNALS = ("declared", "code", "tokenizer", "architecture", "weights")
SHOWN_PAIRS = 6
"""Pairs of a signal that the table tells; the JSON holds all."""


def compare_json(found: Comparison) -> dict[str, Any]:
    """The comparison as plain values: every key always there."""
    return {
        "schema": COMPARE_SCHEMA,
        "a": _target(found.a),
        "b": _target(found.b),
        "signals": {name: _signal(getattr(found, name)) for name in SIGNALS},
        "unknowns": {"a": plain(found.unknowns_a), "b": plain(found.unknowns_b)},
        "read": {"a": plain(found.read_a), "b": plain(found.read_b)},
    }


def _target(target: Target) -> dict[str, Any]:
    shown: dict[str, Any] = plain(target)
    return {key: shown[key] for key in ("ref", "kind", "name", "repository", "revision")}


def _signal(signal: ComparedSignal) -> dict[str, Any]:
    shown: dict[str, Any] = plain(signal)
    shown["parts"] = [(pair.pop("weights") or {}) | pair for pair in shown.pop("pairs")]
    return shown


def compare_table(found: Comparison) -> RenderableType:
    """One row a signal: verdict, what it rests on with places of both sides, what it cannot show."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True)
    for heading in ("Signal", "Verdict", "What was seen", "What it cannot show"):
        table.add_column(heading, overflow="fold")
    for name in SIGNALS:
        signal: ComparedSignal = getattr(found, name)
        table.add_row(name, signal.verdict.value, Text(_seen(signal)), Text(signal.cannot_show))
    return Group(Text(f"A  {_name(found.a)}\nB  {_name(found.b)}"), table, _unseen(found))


def _unseen(found: Comparison) -> Text:
    from rich.text import Text

    counts = (("A", found.unknowns_a), ("B", found.unknowns_b))
    lines = [
        f"{plural(len(each), 'unknown')} of {name}; -f json lists them." for name, each in counts if each
    ]
    return Text("\n".join(lines))


def _name(target: Target) -> str:
    revision = f"@{target.revision}" if target.revision else ""
    return clean((target.repository or target.name) + revision)


def _seen(signal: ComparedSignal) -> str:
    lines = [clean(signal.reason), *(_pair(pair) for pair in signal.pairs[:SHOWN_PAIRS])]
    more = len(signal.pairs) - SHOWN_PAIRS
    return "\n".join([*lines, f"{more} more"] if more > 0 else lines)


def _pair(pair: ComparedPair) -> str:
    parts = f"{clean(pair.part_a)} | {clean(pair.part_b)}: " if pair.part_a and pair.part_b else ""
    lines = [f"• {parts}{clean(pair.statement)}"]
    if pair.statistic:
        known = (("null", pair.statistic.null), ("runner-up", pair.statistic.runner_up))
        beside = "".join(f", {name} {value:g}" for name, value in known if value is not None)
        lines.append(f"  {pair.statistic.name} {pair.statistic.value:g}{beside}")
    sides = (("A", pair.locators_a), ("B", pair.locators_b))
    lines += [f"  {name} {_places(locators)}" for name, locators in sides if locators]
    return "\n".join([*lines, f"  or else: {pair.alternative}"] if pair.alternative else lines)


def _places(locators: tuple[Locator, ...]) -> str:
    more = f" and {len(locators) - 3} more" if len(locators) > 3 else ""
    return ", ".join(place(each) for each in locators[:3]) + more
