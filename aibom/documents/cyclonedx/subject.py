"""Which component is the model that the document is about."""

from __future__ import annotations

from collections.abc import Sequence

from aibom.documents.cyclonedx.bom import DESCRIBED, Component, Kind
from aibom.documents.identity import commit
from aibom.documents.page import Page
from aibom.formats.values import as_str
from aibom.model import Unknown


def choose(components: Sequence[Component], page: Page) -> tuple[Component | None, tuple[Unknown, ...]]:
    """The subject, and what is not clear about it.

    It is `metadata.component` where that is a model. Where it is a job, an application or missing, it is the
    first component that is a model; further ones are read as parts, and said to be so.
    """
    described = next((each for each in components if each.path == DESCRIBED), None)
    if described is not None and described.kind is Kind.MODEL:
        return described, ()
    models = [each for each in components if each.kind is Kind.MODEL and not each.part]
    if not models:
        why = "the document describes no machine-learning model"
        return described, (page.unknown(why),)
    subject, *others = models
    if not others:
        return subject, ()
    flat = [each for each in others if each.path[: len(subject.path)] != subject.path]
    if not flat:
        return subject, ()
    why = f"the document describes {len(flat) + 1:,} models; {subject.name} is taken for its subject"
    return subject, (page.unknown(why, subject.path),)


def revision(subject: Component) -> str | None:
    """The full commit, of the package URL, else of the version."""
    named = subject.identity.revision if subject.identity else None
    return named or commit(as_str(subject.data.get("version")) or "")
