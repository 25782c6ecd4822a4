"""What the vendor answers, as declared findings; origins follow at E1 at most, and override nothing found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aibom.formats.values import clean
from aibom.model import (
    WHOLE_MODEL,
    Evidence,
    Finding,
    Layer,
    Locator,
    OrganisationRef,
    Origin,
    Relation,
    Stage,
    Unknown,
)
from aibom.provenance import merge
from aibom.provenance.answer_origins import DECLARED, Draft, drafts, organisation
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.rules import RULES
from aibom.questionnaire import Answer, Answers, Document

ANSWERS = "questionnaire:"
"""What precedes the name of the answers' file in a locator: it is no file of the target."""
DOCUMENT = "document:"
"""What precedes the path of a document that the vendor hands over."""

_STATEMENT = "questionnaire.statement"
_QUOTED = 300


def answered(context: Context, found: Sequence[Claim]) -> Iterator[Claim | Unknown]:
    """A finding for each answer on the model and its parts, beside what was found without them.

    An answer gives an origin by its rule where nothing that was found contradicts it; else a finding says
    both, and what was found stands.
    """
    answers = context.answers
    if answers is None:
        return
    yield _record(answers)
    yield from _unheard(context, answers)
    drafted = () if _outsider(context, answers) else tuple(drafts(context, answers))
    concluded = {(origin.part, origin.layer): origin for origin in merge.origins(found)}
    findings = {item.finding.id: item.finding for item in found}
    for draft in drafted:
        yield from _held(context, answers, draft, concluded, findings)
    spoken = {draft.answer.key for draft in drafted}
    for answer in answers.given:
        if answer.key not in spoken and (answer.part is None or context.part(answer.part)):
            yield _claim(context, answers, Draft(_STATEMENT, answer), ())


def _record(answers: Answers) -> Claim:
    day = f" on {answers.day}" if answers.day else ""
    who = answers.respondent or "The vendor"
    where = ANSWERS + answers.name
    places = [Locator(where, key="respondent", quote=f"sha256:{answers.digest}")]
    if answers.respondent:
        places.append(Locator(where, key="respondent.organisation", quote=answers.respondent))
    return claim(
        _STATEMENT,
        f"{who} answered {answers.answered} of {answers.asked} questions on {answers.model}{day}; "
        f"the answers have the SHA-256 {answers.digest}.",
        inputs=("answers", answers.model, answers.digest),
        locators=places,
    )


def _outsider(context: Context, answers: Answers) -> OrganisationRef | None:
    """Who answers, where it is known to be none of the publisher's group: it cannot speak for it."""
    if answers.respondent is None or context.publisher is None:
        return None
    respondent = organisation(context, answers.respondent)
    known = not respondent.id.startswith(DECLARED)
    return respondent if known and not context.own(respondent) else None


def _unheard(context: Context, answers: Answers) -> Iterator[Unknown]:
    """Parts that answers speak of and that are not there; own work of nobody known; who may not answer."""
    outsider = _outsider(context, answers)
    if outsider is not None:
        reason = f"answered by {label(outsider)}, not by the publisher's group: no answer gives an origin"
        yield Unknown(answers.name, Stage.PROVENANCE, reason)
    there = {part.id for part in context.inspected.parts}
    for part in answers.parts:
        if part not in there:
            reason = f"the answers speak of a part {part!r}, which was not found"
            yield Unknown(answers.name, Stage.PROVENANCE, clean(reason))
    if context.developer is None:
        reason = "who developed the model is not known, so that answers on its own work name nobody"
        yield Unknown(answers.name, Stage.PROVENANCE, reason)


def _held(
    context: Context,
    answers: Answers,
    draft: Draft,
    concluded: dict[tuple[str, Layer], Origin],
    findings: dict[str, Finding],
) -> Iterator[Claim]:
    """The draft's claim for the parts that nothing contradicts, and a claim that says both for the rest."""
    layer = RULES[draft.rule].layer
    before = {part: concluded[part, layer] for part in draft.parts if layer and (part, layer) in concluded}
    against = {part: origin for part, origin in before.items() if _contradicts(context, draft, origin)}
    kept = tuple(part for part in draft.parts if _gives(draft, before.get(part), part in against))
    made = _claim(context, answers, draft, kept)
    yield made
    for part, origin in against.items():
        yield _contradiction(answers, draft, made.finding, part, origin, findings)


def _contradicts(context: Context, draft: Draft, origin: Origin) -> bool:
    """A relation of the other side, another organisation; or own work where another's is named or likely."""
    own = RULES[draft.rule].relation is Relation.ORIGINAL
    if origin.relation is Relation.UNKNOWN:
        named = any(not context.own(each) for each in origin.organisations)
        least = Evidence.E1 if named else Evidence.E2
        return own and (origin.in_question or origin.evidence >= least)
    if own != (origin.relation is Relation.ORIGINAL):
        return True
    ours = {each.id for each in origin.organisations}
    theirs = {each.id for each in draft.organisations}
    return not own and bool(ours and theirs) and ours.isdisjoint(theirs)


def _gives(draft: Draft, origin: Origin | None, contradicted: bool) -> bool:
    """Whether the draft's origin stands beside what was found, for `merge` to weigh.

    Against what was found it does only where that is itself a declaration of a relation: the lower grade of
    the two counts. One that names nobody answers no question.
    """
    if origin is None:
        return True
    if contradicted:
        return origin.relation is not Relation.UNKNOWN and origin.evidence <= Evidence.E1
    return bool(draft.organisations) or not origin.in_question


def _contradiction(
    answers: Answers,
    draft: Draft,
    finding: Finding,
    part: str,
    origin: Origin,
    findings: dict[str, Finding],
) -> Claim:
    behind = [findings[ident] for ident in origin.findings if ident in findings]
    said = " ".join(item.statement for item in behind[:2]) or f"{origin.relation} was found."
    where = "the model" if part == WHOLE_MODEL else part
    return claim(
        "questionnaire.contradiction",
        f"The answers say of {where}, {origin.layer}: {clean(draft.answer.text, _QUOTED)}. Found "
        f"({origin.evidence.name}): {clean(said, _QUOTED)}",
        inputs=(part, draft.rule, draft.answer.text, *origin.findings),
        part=None if part == WHOLE_MODEL else part,
        organisations=origin.organisations,
        locators=(_at(answers, draft.answer), *(at for item in behind for at in item.locators)),
        contradicts=frozenset({finding.id}),
    )


def _claim(context: Context, answers: Answers, draft: Draft, parts: tuple[str, ...]) -> Claim:
    answer = draft.answer
    who = answers.respondent or "The vendor"
    about = f" for {answer.part}" if answer.part else ""
    names = f" Named: {', '.join(map(label, draft.organisations))}." if draft.organisations else ""
    return claim(
        draft.rule,
        f"{who} answers “{answer.title}”{about}: {clean(answer.text, _QUOTED)}.{names}",
        inputs=(answer.section, answer.name, answer.part, answer.text),
        part=answer.part,
        parts=parts,
        organisations=draft.organisations,
        upstream=draft.upstream,
        locators=(_at(answers, answer), *map(_shown, answer.documents)),
    )


def _at(answers: Answers, answer: Answer) -> Locator:
    return Locator(ANSWERS + answers.name, line=answer.line, key=answer.key, quote=clean(answer.text, 400))


def _shown(document: Document) -> Locator:
    """A document that an answer rests on, with its digest; its bytes were not read."""
    path = document.place if document.remote else DOCUMENT + document.place
    return Locator(path, key=document.id, quote=f"sha256:{document.sha256}")
