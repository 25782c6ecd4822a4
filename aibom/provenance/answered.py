"""What the vendor answers, as declared findings; origins follow at E1 at most, and override nothing found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aibom.formats.values import clean
from aibom.formats.wording import is_placeholder
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
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, is_hub_id, label
from aibom.provenance.rules import RULES
from aibom.provenance.signals.parents import parent_organisations
from aibom.provenance.subjects import subjects, trained
from aibom.questionnaire import Answer, Answers, Document

ANSWERS = "questionnaire:"
"""What precedes the name of the answers' file in a locator: it is no file of the target."""
DOCUMENT = "document:"
"""What precedes the path of a document that the vendor hands over."""

DECLARED = "declared:"
"""An organisation id that starts so is a name that the registry does not know."""

_STATEMENT = "questionnaire.statement"
_QUOTED = 300


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one answer would give: a rule, the parts that it speaks for, and who is named."""

    rule: str
    answer: Answer
    parts: tuple[str, ...] = (WHOLE_MODEL,)
    organisations: tuple[OrganisationRef, ...] = ()
    upstream: str | None = None


def answered(context: Context, found: Sequence[Claim]) -> Iterator[Claim | Unknown]:
    """A finding for each answer, beside what was found without them.

    An answer gives an origin by its rule where nothing that was found contradicts it; else a finding says
    both, and what was found stands.
    """
    answers = context.answers
    if answers is None:
        return
    yield _record(answers)
    yield from _unheard(context, answers)
    drafts = () if _outsider(context, answers) else tuple(_drafts(context, answers))
    concluded = {(origin.part, origin.layer): origin for origin in merge.origins(found)}
    findings = {item.finding.id: item.finding for item in found}
    for draft in drafts:
        yield from _held(context, answers, draft, concluded, findings)
    spoken = {draft.answer.key for draft in drafts}
    for answer in answers.given:
        if answer.key not in spoken:
            yield _claim(context, answers, _Draft(_STATEMENT, answer), ())


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
    respondent = _organisation(context, answers.respondent)
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


def _drafts(context: Context, answers: Answers) -> Iterator[_Draft]:
    """The answers that speak of an origin."""
    yield from _weights(context, answers)
    yield from _tokenizer(context, answers)
    yield from _data(context, answers)
    yield from _compute(context, answers)
    yield from _whole(context, answers.get("governance", "decision_makers"), "governance")
    yield from _whole(context, answers.get("governance", "licensor"), "licence")


def _weights(context: Context, answers: Answers) -> Iterator[_Draft]:
    for part in trained(context.inspected.parts):
        answer = answers.get("parts", "initialisation", part.id)
        start = answers.first("parts", "start", part.id)
        if answer is None:
            continue
        begun, sources = answer.words[0], _sources(context, start)
        if begun == "own-checkpoint" and any(not context.own(each) for each in sources):
            begun = "outside-checkpoint"  # the model that it names is another's
        if begun == "random" and context.developer:
            yield _Draft("questionnaire.training-own", answer, (part.id,), (context.developer,))
        elif begun in ("outside-checkpoint", "outside-frozen"):
            rule = "training-continued" if begun == "outside-checkpoint" else "training-none"
            yield _Draft(f"questionnaire.{rule}", answer, (part.id,), sources, start)


def _tokenizer(context: Context, answers: Answers) -> Iterator[_Draft]:
    answer = answers.get("tokenizer", "vocabulary")
    parts = tuple(part.id for part in subjects(context.inspected.parts, Layer.TOKENIZER))
    if answer is None or not parts:
        return
    source = answers.first("tokenizer", "source")
    if answer.words[0] != "own":
        rule = f"questionnaire.tokenizer-{answer.words[0]}"
        yield _Draft(rule, answer, parts, _sources(context, source), source)
    elif context.developer:
        yield _Draft("questionnaire.tokenizer-own", answer, parts, (context.developer,))


def _data(context: Context, answers: Answers) -> Iterator[_Draft]:
    """Where others collected and are not named, nobody is: the vendor alone would be a wrong origin."""
    answer = answers.get("data", "collection")
    collectors = answers.get("data", "collectors")
    if answer is None:
        return
    named = _organisations(context, collectors.words if collectors else ())
    own = (context.developer,) if context.developer else ()
    if answer.words[0] == "own":
        if own:
            yield _Draft("questionnaire.data-own", answer, organisations=own)
        return
    named = (*named, *own) if named and answer.words[0] == "mixed" else named
    yield _Draft(f"questionnaire.data-{answer.words[0]}", answer, organisations=named)


def _compute(context: Context, answers: Answers) -> Iterator[_Draft]:
    """Only where every site has its operator and country: half of them would hide the other half."""
    sites = answers.rows("compute", "sites")
    if not sites or not all(site.field("operator") and site.field("country") for site in sites):
        return
    operators = _organisations(context, (site.field("operator") or "" for site in sites))
    if not operators:
        return
    places = tuple(_place(code) for code in sorted({site.field("country") or "" for site in sites}))
    own = all(context.own(each) for each in operators)
    words = tuple(site.text for site in sites)
    answer = replace(sites[0], key="compute.sites", words=words, fields=())
    yield _Draft(_side("compute", own), answer, organisations=(*operators, *places))


def _whole(context: Context, answer: Answer | None, name: str) -> Iterator[_Draft]:
    named = _organisations(context, answer.words) if answer else ()
    if answer and named:
        own = all(context.own(each) for each in named)
        yield _Draft(_side(name, own), answer, organisations=named)


def _side(name: str, own: bool) -> str:
    return f"questionnaire.{name}-{'own' if own else 'outside'}"


def _sources(context: Context, start: str | None) -> tuple[OrganisationRef, ...]:
    return parent_organisations(context, start) if start and is_hub_id(start) else ()


def _organisations(context: Context, names: Iterable[str]) -> tuple[OrganisationRef, ...]:
    named = [_organisation(context, name) for name in names if not is_placeholder(name)]
    found = {each.id: each for each in named}
    return tuple(found[ident] for ident in sorted(found))


def _organisation(context: Context, name: str) -> OrganisationRef:
    """By the registry's names and namespaces; one that it does not know has no country."""
    known = context.catalog.organisations
    found = known.by_name(name, context.released) or known.by_namespace(name, context.released)
    if found is None and context.publisher and name.casefold() == context.publisher.name.casefold():
        found = context.publisher
    source = "named in the questionnaire, not in the registry"
    return found or OrganisationRef(DECLARED + name.casefold(), name, source=source)


def _place(code: str) -> OrganisationRef:
    """Where a computation ran: a country, and nobody's nationality."""
    source = "the questionnaire's compute.sites (declared)"
    return OrganisationRef(f"place:{code}", f"a data centre in {code}", code, code, source)


def _held(
    context: Context,
    answers: Answers,
    draft: _Draft,
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


def _contradicts(context: Context, draft: _Draft, origin: Origin) -> bool:
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


def _gives(draft: _Draft, origin: Origin | None, contradicted: bool) -> bool:
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
    draft: _Draft,
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


def _claim(context: Context, answers: Answers, draft: _Draft, parts: tuple[str, ...]) -> Claim:
    answer = draft.answer
    who = answers.respondent or "The vendor"
    about = f" for {answer.part}" if answer.part else ""
    names = f" Named: {', '.join(map(label, draft.organisations))}." if draft.organisations else ""
    return claim(
        draft.rule,
        f"{who} answers “{answer.title}”{about}: {clean(answer.text, _QUOTED)}.{names}",
        inputs=(answer.section, answer.name, answer.part, answer.text),
        part=answer.part if context.part(answer.part) else None,
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
