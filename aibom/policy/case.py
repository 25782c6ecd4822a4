"""One model under one policy: what every rule reads, and how results are made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from aibom.model import (
    Dossier,
    Evidence,
    Finding,
    Layer,
    Locator,
    Origin,
    Outcome,
    Relation,
    Result,
    Role,
    Score,
    Stage,
    Unknown,
    Waiver,
)
from aibom.sovereignty import Judgement, Profile, assess, judge

if TYPE_CHECKING:
    from aibom.policy.policy import Rule

_HIDING = frozenset({Stage.SOURCE, Stage.INVENTORY, Stage.INSPECTION})
"""Stages at which something unseen may hold a part or a danger."""


@dataclass(frozen=True, slots=True)
class Case:
    """What rules read.

    Attributes:
        dossier: what is said of the model. Its own score is not read.
        policy: the policy's id.
        profile: the policy's profile.
        score: computed anew under it.
        open_ceiling: the highest level that what is known leaves open. Unlike the score's ceiling it takes a
            part in question for what it is: not known.
        judged: each layer's subjects.
        findings: by id.
        waivers: by the id that each names.
        contests: state of each contested finding, by finding id.
    """

    dossier: Dossier
    policy: str
    profile: Profile
    score: Score
    open_ceiling: int | None
    judged: Mapping[Layer, tuple[Judgement, ...]]
    findings: Mapping[str, Finding]
    waivers: Mapping[str, Waiver]
    contests: Mapping[str, str]

    @classmethod
    def of(
        cls,
        dossier: Dossier,
        policy: str,
        profile: Profile,
        waivers: Iterable[Waiver] = (),
        contests: Mapping[str, str] | None = None,
    ) -> Self:
        """The case of a model under a policy's profile."""
        origins = _one_each(dossier.origins)
        untested = tuple(replace(origin, in_question=False) for origin in origins)
        return cls(
            dossier=dossier,
            policy=policy,
            profile=profile,
            score=assess(dossier.parts, origins, profile),
            open_ceiling=assess(dossier.parts, untested, profile).ceiling,
            judged=MappingProxyType(
                {layer: judge(dossier.parts, origins, layer, profile) for layer in Layer}
            ),
            findings=MappingProxyType({finding.id: finding for finding in dossier.findings}),
            waivers=MappingProxyType({waiver.finding: waiver for waiver in waivers}),
            contests=MappingProxyType(dict(contests or {})),
        )

    @property
    def examined(self) -> bool:
        """Whether this tool looked into the model's own files, here or when it wrote the document."""
        return self.dossier.form == "scan" or any(tool.name == "aibom" for tool in self.dossier.tools)

    @property
    def hidden(self) -> tuple[Unknown, ...]:
        """What was not read, and may hold a part or a danger."""
        return tuple(unknown for unknown in self.dossier.unknowns if unknown.stage in _HIDING)

    @property
    def complete(self) -> bool:
        """Whether the parts that are known are all that there are."""
        return bool(self.dossier.parts) and self.examined and not self.hidden

    def unknowns_of(self, layer: Layer, item: Judgement) -> tuple[Unknown, ...]:
        """What could not be read or tested of one subject; for weights, of the index of models too."""
        part = next((each for each in self.dossier.parts if each.id == item.subject), None)
        paths = {item.subject, *(part.files if part else ())}
        if item.origin is not None and item.origin.upstream:
            paths.add(item.origin.upstream)
        if layer is Layer.WEIGHTS:
            paths.add("index")
        return tuple(unknown for unknown in self.dossier.unknowns if unknown.path in paths)

    def subjects(self, layer: Layer, roles: Sequence[Role] = ()) -> tuple[Judgement, ...]:
        """The subjects of a layer; of some roles only, where any are given."""
        wanted = {part.id for part in self.dossier.parts if part.role in roles}
        return tuple(item for item in self.judged[layer] if not roles or item.subject in wanted)

    def result(
        self,
        rule: Rule,
        outcome: Outcome,
        statement: str,
        *,
        about: Sequence[str] = (),
        part: str | None = None,
        layer: Layer | None = None,
        found: str = "",
        findings: Iterable[str] = (),
        unknowns: tuple[Unknown, ...] = (),
        locators: tuple[Locator, ...] = (),
        remedy: str = "",
        results: tuple[Result, ...] = (),
    ) -> Result:
        """A result with its stable id; a failure that a waiver in force names is waived.

        `about` says what failed, beside part and layer: a waiver or a baseline that names one failure covers
        no other, nor what was undetermined then and fails now. A waiver holds where it names the result, or
        where waivers name every finding that the result rests on.
        """
        failed = outcome is Outcome.FAIL
        ident = stable_id(
            self.policy, rule.id, part or "", layer or "", *about, *(["fail"] if failed else [])
        )
        rests_on = tuple(self.findings[each] for each in findings if each in self.findings)
        waiver = self._waiver(ident, rests_on) if failed else None
        return Result(
            id=ident,
            rule=rule.id,
            outcome=Outcome.WAIVED if waiver and not waiver.expired else outcome,
            severity=rule.severity,
            statement=statement,
            part=part,
            layer=layer,
            found=found,
            findings=rests_on,
            unknowns=unknowns,
            locators=locators,
            remedy="" if outcome is Outcome.PASS else " ".join(filter(None, (rule.why, remedy))),
            waiver=waiver,
            results=results,
        )

    def _waiver(self, ident: str, findings: Sequence[Finding]) -> Waiver | None:
        if ident in self.waivers:
            return self.waivers[ident]
        named = [self.waivers.get(finding.id) for finding in findings]
        held = [waiver for waiver in named if waiver is not None]
        if not named or len(held) < len(named):
            return None
        return min(held, key=lambda waiver: waiver.expires)


def _one_each(origins: Sequence[Origin]) -> tuple[Origin, ...]:
    """One origin for each part and layer, of those that a document states, in whatever order."""
    stated: dict[tuple[str, Layer], Origin] = {}
    for origin in origins:
        place = (origin.part, origin.layer)
        stated[place] = _agreed(stated[place], origin) if place in stated else origin
    return tuple(stated.values())


def _agreed(one: Origin, other: Origin) -> Origin:
    """What both say, on the weaker evidence; where they differ nothing is known but whom they name."""
    named = {each.id: each for each in (*one.organisations, *other.organisations)}
    same = (one.relation, set(one.organisations)) == (other.relation, set(other.organisations))
    return Origin(
        part=one.part,
        layer=one.layer,
        relation=one.relation if same else Relation.UNKNOWN,
        evidence=min(one.evidence, other.evidence) if same else Evidence.E0,
        organisations=tuple(named[ident] for ident in sorted(named)),
        upstream=one.upstream if one.upstream == other.upstream else None,
        findings=tuple(sorted({*one.findings, *other.findings})),
        in_question=one.in_question or other.in_question or not same,
    )


def stable_id(*words: str) -> str:
    """An id that is the same for the same words, in every run."""
    text = json.dumps(words, ensure_ascii=True, separators=(",", ":"))
    return f"r-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def fold(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene's `and`: FAIL before UNDETERMINED before PASS; what is waived counts as passed."""
    found = set(outcomes)
    for outcome in (Outcome.FAIL, Outcome.UNDETERMINED):
        if outcome in found:
            return outcome
    return Outcome.PASS


def fold_any(outcomes: Iterable[Outcome]) -> Outcome:
    """Kleene's `or`: PASS before UNDETERMINED before FAIL."""
    found = set(outcomes)
    if found & {Outcome.PASS, Outcome.WAIVED}:
        return Outcome.PASS
    return Outcome.UNDETERMINED if Outcome.UNDETERMINED in found else Outcome.FAIL
