"""What holds of a verification whatever the two sides say."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aibom import bom
from aibom.model import Depth, Dossier, Outcome, Stage
from aibom.verification import RULES, attestation, verify
from tests.dossiers import DOSSIERS, UNSCORED, rescored


@given(DOSSIERS)
def test_what_is_held_against_itself_passes(dossier: Dossier) -> None:
    verdict = verify(dossier, dossier)
    assert verdict.outcome is Outcome.PASS
    assert all(result.outcome is Outcome.PASS for result in verdict.results)


@given(DOSSIERS, DOSSIERS)
def test_any_two_can_be_held_against_each_other(claimed: Dossier, found: Dossier) -> None:
    verdict = verify(claimed, found)
    assert {result.rule for result in verdict.results} <= RULES.keys()
    assert len({result.id for result in verdict.results}) == len(verdict.results)


@given(UNSCORED, UNSCORED, st.randoms())
def test_order_does_not_matter(claimed: Dossier, found: Dossier, chance: random.Random) -> None:
    def shuffled(dossier: Dossier) -> Dossier:
        mixed = {
            name: tuple(chance.sample(getattr(dossier, name), len(getattr(dossier, name))))
            for name in ("parts", "files", "origins", "findings", "licences", "ancestors")
        }
        return replace(dossier, **mixed)

    one, other = verify(claimed, found), verify(shuffled(claimed), shuffled(found))
    assert [(item.id, item.outcome) for item in one.results] == [
        (item.id, item.outcome) for item in other.results
    ]


@given(DOSSIERS, st.data())
def test_a_scan_that_reads_less_contradicts_no_part(dossier: Dossier, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(dossier.parts), unique=True)) if dossier.parts else []
    found = replace(dossier, depth=Depth.METADATA, parts=tuple(kept))
    results = verify(replace(dossier, depth=Depth.HEADERS), found).results
    assert not [item for item in results if item.outcome is Outcome.FAIL]


@given(DOSSIERS, st.data())
def test_origins_that_are_not_found_contradict_nothing(dossier: Dossier, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(dossier.origins), unique=True)) if dossier.origins else []
    results = verify(dossier, replace(dossier, origins=tuple(kept))).results
    assert not [item for item in results if item.outcome is Outcome.FAIL and item.rule.startswith("origins.")]


@given(DOSSIERS, DOSSIERS)
def test_the_attestation_is_valid_and_clean(claimed: Dossier, found: Dossier) -> None:
    found = replace(found, unknowns=tuple(item for item in found.unknowns if item.stage is not Stage.BOM))
    document = attestation(verify(claimed, found), claimed, found)
    assert bom.validate(document) == ()
    assert [problem for problem in bom.lint(document) if problem.severity == "error"] == []


@given(UNSCORED)
def test_a_score_that_claims_more_is_told(dossier: Dossier) -> None:
    honest = rescored(dossier)
    assert honest.score is not None
    if honest.score.lower > 99:
        return
    flattering = replace(honest, score=replace(honest.score, lower=honest.score.lower + 1))
    failed = [item.rule for item in verify(flattering, honest).results if item.outcome is Outcome.FAIL]
    assert failed == ["score.contradicted"]
