"""Are these answers about this model?"""

from __future__ import annotations

from aibom.errors import UsageError
from aibom.formats.values import clean
from aibom.model import Stage, Target, Unknown
from aibom.questionnaire.answers import Answers


def belonging(answers: Answers, target: Target) -> tuple[Unknown, ...]:
    """What could not be held against the target: its id, its commit, the parts that answers speak of.

    Raises:
        UsageError: the answers are for another model, or another commit of it.
    """
    return (*_model(answers, target), *_revision(answers, target))


def _model(answers: Answers, target: Target) -> tuple[Unknown, ...]:
    if target.repository is None:
        reason = f"the answers are for {answers.model}; of which repository the target is is not known (--as)"
        return (Unknown(answers.name, Stage.PROVENANCE, clean(reason)),)
    if answers.model.casefold() != target.repository.casefold():
        raise UsageError(
            f"{answers.name}: the answers are for {answers.model}, not for {target.repository}",
            advice="Give the answers of this model; `aibom questionnaire form` writes the form for it.",
        )
    return ()


def _revision(answers: Answers, target: Target) -> tuple[Unknown, ...]:
    if answers.revision is None:
        return ()
    if target.revision is None:
        reason = f"the answers are for commit {answers.revision}; the target's is not known"
        return (Unknown(answers.name, Stage.PROVENANCE, reason),)
    if answers.revision != target.revision.lower():
        raise UsageError(
            f"{answers.name}: the answers are for commit {answers.revision}, not for {target.revision}",
            advice="Have them confirmed for this commit, or scan the other one with --revision.",
        )
    return ()
