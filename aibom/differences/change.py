"""Both sides of a comparison, and what every check asks of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from aibom.matching.depth import shallower
from aibom.matching.files import FilePairs, pair_files
from aibom.matching.names import same
from aibom.matching.parts import Pairs, pair
from aibom.matching.scores import profile_of
from aibom.model import Dossier, Finding, Locator, OrganisationRef, Origin, Outcome, Relation
from aibom.sovereignty import Profile
from aibom.sovereignty.judgement import HOME_GRADE, Standing, standing


@dataclass(frozen=True)
class Change:
    """Two dossiers, laid side by side, and the profile that the caller asks for."""

    old: Dossier
    new: Dossier
    asked: Profile | None = None

    @cached_property
    def parts(self) -> Pairs:
        """Parts of the old one with those of the new."""
        return pair(self.old.parts, self.new.parts)

    @cached_property
    def files(self) -> FilePairs:
        """Files of the old one with those of the new."""
        return pair_files(self.old.files, self.new.files)

    @cached_property
    def profile(self) -> Profile | None:
        """It says who is outside: the one asked for, else the shipped one of the new score or the old."""
        return self.asked or profile_of(self.new.score) or profile_of(self.old.score)

    @property
    def seen_more(self) -> Outcome:
        """What a bad thing that the new one alone has comes to: no more than a doubt where it read deeper."""
        return Outcome.UNDETERMINED if shallower(self.old.depth, self.new.depth) else Outcome.FAIL

    @property
    def seen_less(self) -> Outcome:
        """What a good thing that the new one lacks comes to: no more than a doubt where it read less."""
        return Outcome.UNDETERMINED if shallower(self.new.depth, self.old.depth) else Outcome.FAIL

    def where(self, organisation: OrganisationRef) -> Standing:
        """Where an organisation stands: under the profile, else home is the new one's publisher alone."""
        if self.profile is not None and self.profile.home:
            return standing((organisation,), self.profile)
        house = self.new.publisher
        if self.profile is not None and standing((organisation,), self.profile) is Standing.DENIED:
            return Standing.DENIED
        if house is None:
            return Standing.UNKNOWN
        return Standing.HOME if same(organisation, house) else Standing.OUTSIDE

    def outside(self, origin: Origin, known: tuple[OrganisationRef, ...] = ()) -> Outcome:
        """Whether organisations of a known origin, beside those known before, are outside.

        FAIL where one is, UNDETERMINED where that is not known of one, else PASS. An origin whose relation
        is not known asserts nothing.
        """
        if origin.relation.grade is None:
            return Outcome.PASS
        if not origin.organisations and origin.relation is not Relation.ORIGINAL:
            return Outcome.UNDETERMINED
        new = [each for each in origin.organisations if not any(same(each, other) for other in known)]
        found = {self.where(each) for each in new}
        if found & {Standing.OUTSIDE, Standing.DENIED}:
            return self.seen_more
        return Outcome.UNDETERMINED if Standing.UNKNOWN in found else Outcome.PASS

    def grade(self, origin: Origin) -> int | None:
        """4 for own work, the relation's grade outside, 0 where denied; None where one is not known."""
        found, stated = {self.where(each) for each in origin.organisations}, origin.relation.grade
        if stated is None or not found:
            return stated
        if Standing.DENIED in found:
            return 0
        if Standing.OUTSIDE in found:
            return self._outside_grade(origin.relation)
        return None if Standing.UNKNOWN in found else HOME_GRADE

    def _outside_grade(self, relation: Relation) -> int:
        """By the profile; without one the original work of another counts as its work unchanged."""
        if self.profile is not None:
            return self.profile.grades[relation]
        return 0 if relation is Relation.ORIGINAL else relation.grade or 0

    def evidence(self, *origins: Origin) -> tuple[Finding, ...]:
        """The new one's findings that these origins rest on."""
        wanted = sorted({ident for origin in origins for ident in origin.findings})
        return tuple(self._findings[ident] for ident in wanted if ident in self._findings)

    @cached_property
    def places(self) -> dict[str, tuple[Locator, ...]]:
        """Where the new one has each part, by id."""
        return {part.id: part.locators for part in self.new.parts}

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return {item.id: item for item in self.new.findings}
