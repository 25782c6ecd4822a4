"""Phrases of a page about values of the domain, in its language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aibom.formats.text import clean
from aibom.model import Dossier, Evidence, Layer, OrganisationRef, Origin, Relation, Score
from aibom.render.html.messages import Messages
from aibom.render.html.view import Cell

BAR = 1000
"""Width of the bar of an interval, in its own units."""
_VENDOR = frozenset({Layer.DATA, Layer.COMPUTE, Layer.GOVERNANCE, Layer.TOKENIZER, Layer.CODE, Layer.LICENCE})


class Teller:
    """Phrases of the page about values of the domain."""

    def __init__(self, say: Messages, names: Mapping[str, str]) -> None:
        self.say = say
        self._names = names

    def organisation(self, organisation: OrganisationRef) -> str:
        """Its name in the page's language, where the registry has one."""
        return clean(self._names.get(organisation.id, organisation.name), 200)

    def seat(self, organisation: OrganisationRef) -> str:
        """Registered country, and the ultimate parent's where it is another."""
        registered, ultimate = organisation.jurisdiction, organisation.ultimate_jurisdiction
        if registered == ultimate or ultimate is None:
            return self.say.country(registered)
        return f"{self.say.country(registered)} / {self.say.country(ultimate)}"

    def codes(self, organisations: Sequence[OrganisationRef]) -> str:
        """Country codes, each once: `CN`, `KR/US`."""
        codes = [item.jurisdiction or "?" for item in organisations]
        return "/".join(dict.fromkeys(codes))

    def source(self, origin: Origin) -> str:
        """Upstream model and organisations with their countries."""
        named = [f"{self.organisation(each)}, {self.seat(each)}" for each in origin.organisations]
        return " · ".join(each for each in (clean(origin.upstream or "", 200), *named) if each)

    def origin(self, cell: Cell) -> str:
        """Relation and source of a cell."""
        origin = cell.origin
        if origin is None or (origin.relation is Relation.UNKNOWN and not origin.organisations):
            return self.say("standing.unknown")
        relation, source = self.say(f"relation.{origin.relation.value}"), self.source(origin)
        if not source:
            return relation
        if origin.relation is Relation.UNKNOWN:
            return self.say("relation.names", source=source)
        key = "relation.by" if origin.relation is Relation.ORIGINAL else "relation.of"
        return self.say(key, relation=relation, source=source)

    def evidence(self, evidence: Evidence) -> str:
        """The level and what it means."""
        return self.say(f"evidence.{evidence.name}")

    def home(self, codes: Sequence[str]) -> str:
        """The home set in words, a long one cut."""
        shown = ", ".join(self.say.country(code) for code in codes[:3])
        return f"{shown}, …" if len(codes) > 3 else shown

    def supplier(self, layer: Layer) -> str:
        """Who can tell what is not known of a layer."""
        return self.say("supply.vendor" if layer in _VENDOR else "supply.weights")

    def verdict(self, score: Score) -> str:
        """The verdict in one sentence, and what stays open."""
        say, home = self.say, self.home(score.home)
        if score.level is None:
            return say("verdict.none", profile=clean(score.profile))
        above = score.ceiling is not None and score.ceiling > score.level
        if score.level == 0 and above:
            return say("verdict.0.open", ceiling=score.ceiling)
        told = say(f"verdict.{score.level}", home=home)
        return f"{told} {say('verdict.open', ceiling=score.ceiling)}" if above else told

    def level(self, score: Score) -> str:
        """`2`, or `0 to 3` where more stays open."""
        if score.level is None:
            return "–"
        if score.ceiling in (None, score.level):
            return str(score.level)
        return self.say("level.range", level=score.level, ceiling=score.ceiling)


def made_by(dossiers: Iterable[Dossier]) -> str:
    """The tools behind what a page shows, each once."""
    tools = (clean(f"{tool.name} {tool.version}", 100) for dossier in dossiers for tool in dossier.tools)
    return ", ".join(dict.fromkeys(tools))


def bar(score: Score) -> dict[str, Any]:
    """Where known ends and ruled out begins, in units of the bar; an unknown share is always visible."""
    start, end = round(score.lower / 100 * BAR), round(score.upper / 100 * BAR)
    if score.upper > score.lower and end - start < 4:
        start, end = (start, start + 4) if start + 4 <= BAR else (BAR - 4, BAR)
    return {"width": BAR, "start": start, "unknown": end - start, "end": end, "out": BAR - end}
