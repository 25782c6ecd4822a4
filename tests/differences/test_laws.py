"""What holds of a comparison whatever the two sides say."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aibom.differences import RULES, diff
from aibom.model import Dossier, Outcome
from tests.dossiers import DOSSIERS

SHUFFLED = (
    "parts",
    "files",
    "origins",
    "findings",
    "licences",
    "datasets",
    "ancestors",
    "unknowns",
)


@given(DOSSIERS)
def test_nothing_changed_from_a_dossier_to_itself(dossier: Dossier) -> None:
    verdict = diff(dossier, dossier)
    assert verdict.results == ()
    assert verdict.outcome is Outcome.PASS


@given(DOSSIERS, DOSSIERS)
def test_any_two_can_be_compared(old: Dossier, new: Dossier) -> None:
    verdict = diff(old, new)
    assert {result.rule for result in verdict.results} <= RULES.keys()
    assert len({result.id for result in verdict.results}) == len(verdict.results)


@given(DOSSIERS, DOSSIERS, st.randoms())
def test_order_does_not_matter(old: Dossier, new: Dossier, chance: random.Random) -> None:
    def shuffled(dossier: Dossier) -> Dossier:
        mixed = {
            name: tuple(chance.sample(getattr(dossier, name), len(getattr(dossier, name))))
            for name in SHUFFLED
        }
        return replace(dossier, **mixed)

    one, other = diff(old, new), diff(shuffled(old), shuffled(new))
    assert [(item.id, item.outcome, item.statement) for item in one.results] == [
        (item.id, item.outcome, item.statement) for item in other.results
    ]


@given(DOSSIERS)
def test_what_only_gained_knowledge_of_files_does_not_fail(dossier: Dossier) -> None:
    digested = replace(
        dossier, files=tuple(replace(file, sha256=file.sha256 or "12" * 32) for file in dossier.files)
    )
    assert diff(dossier, digested).outcome is Outcome.PASS
