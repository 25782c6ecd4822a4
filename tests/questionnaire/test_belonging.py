"""Answers are for one model, and for one commit of it where they name one."""

from __future__ import annotations

import pytest

from aibom.errors import UsageError
from aibom.model import Target, TargetKind
from aibom.questionnaire import belonging
from tests.questionnaire.samples import answers

COMMIT = "a" * 40
SOLAR = Target("upstage/solar", TargetKind.HUB, "solar", "Upstage/Solar", COMMIT)


def test_the_same_model_and_commit_say_nothing() -> None:
    assert belonging(answers(model={"id": "upstage/solar", "revision": COMMIT}), SOLAR) == ()
    assert belonging(answers(), SOLAR) == ()


@pytest.mark.parametrize("model", [{"id": "upstage/solar2"}, {"id": "upstage/solar", "revision": "b" * 40}])
def test_another_model_or_commit_is_refused(model: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="the answers are for"):
        belonging(answers(model=model), SOLAR)


def test_what_cannot_be_held_is_told() -> None:
    nameless = Target("./solar", TargetKind.FOLDER, "solar")
    told = belonging(answers(model={"id": "upstage/solar", "revision": COMMIT}), nameless)
    assert [item.path for item in told] == ["answers.json", "answers.json"]
