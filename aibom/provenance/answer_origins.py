"""Which origin each answer of a vendor would give, by the rules of the questionnaire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aibom.formats.wording import is_placeholder
from aibom.model import WHOLE_MODEL, Layer, OrganisationRef
from aibom.provenance.context import Context, is_hub_id
from aibom.provenance.signals.parents import parent_organisations
from aibom.provenance.subjects import subjects, trained
from aibom.questionnaire import Answer, Answers

DECLARED = "declared:"
"""An organisation id that starts so is a name that the registry does not know."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one answer would give: a rule, the parts that it speaks for, and who is named."""

    rule: str
    answer: Answer
    parts: tuple[str, ...] = (WHOLE_MODEL,)
    organisations: tuple[OrganisationRef, ...] = ()
    upstream: str | None = None


def drafts(context: Context, answers: Answers) -> Iterator[Draft]:
    """The answers that speak of an origin."""
    yield from _weights(context, answers)
    yield from _tokenizer(context, answers)
    yield from _data(context, answers)
    yield from _compute(context, answers)
    yield from _whole(context, answers.get("governance", "decision_makers"), "governance")
    yield from _whole(context, answers.get("governance", "licensor"), "licence")


def _weights(context: Context, answers: Answers) -> Iterator[Draft]:
    for part in trained(context.inspected.parts):
        answer = answers.get("parts", "initialisation", part.id)
        start = answers.first("parts", "start", part.id)
        if answer is None:
            continue
        begun, sources = answer.words[0], _sources(context, start)
        if begun == "own-checkpoint" and any(not context.own(each) for each in sources):
            begun = "outside-checkpoint"  # the model that it names is another's
        if begun == "random" and context.developer:
            yield Draft("questionnaire.training-own", answer, (part.id,), (context.developer,))
        elif begun in ("outside-checkpoint", "outside-frozen"):
            rule = "training-continued" if begun == "outside-checkpoint" else "training-none"
            yield Draft(f"questionnaire.{rule}", answer, (part.id,), sources, start)


def _tokenizer(context: Context, answers: Answers) -> Iterator[Draft]:
    answer = answers.get("tokenizer", "vocabulary")
    parts = tuple(part.id for part in subjects(context.inspected.parts, Layer.TOKENIZER))
    if answer is None or not parts:
        return
    source = answers.first("tokenizer", "source")
    if answer.words[0] != "own":
        rule = f"questionnaire.tokenizer-{answer.words[0]}"
        yield Draft(rule, answer, parts, _sources(context, source), source)
    elif context.developer:
        yield Draft("questionnaire.tokenizer-own", answer, parts, (context.developer,))


def _data(context: Context, answers: Answers) -> Iterator[Draft]:
    """Where others collected and are not named, nobody is: the vendor alone would be a wrong origin."""
    answer = answers.get("data", "collection")
    collectors = answers.get("data", "collectors")
    if answer is None:
        return
    named = _organisations(context, collectors.words if collectors else ())
    own = (context.developer,) if context.developer else ()
    if answer.words[0] == "own":
        if own:
            yield Draft("questionnaire.data-own", answer, organisations=own)
        return
    named = (*named, *own) if named and answer.words[0] == "mixed" else named
    yield Draft(f"questionnaire.data-{answer.words[0]}", answer, organisations=named)


def _compute(context: Context, answers: Answers) -> Iterator[Draft]:
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
    yield Draft(_side("compute", own), answer, organisations=(*operators, *places))


def _whole(context: Context, answer: Answer | None, name: str) -> Iterator[Draft]:
    named = _organisations(context, answer.words) if answer else ()
    if answer and named:
        own = all(context.own(each) for each in named)
        yield Draft(_side(name, own), answer, organisations=named)


def _side(name: str, own: bool) -> str:
    return f"questionnaire.{name}-{'own' if own else 'outside'}"


def _sources(context: Context, start: str | None) -> tuple[OrganisationRef, ...]:
    return parent_organisations(context, start) if start and is_hub_id(start) else ()


def _organisations(context: Context, names: Iterable[str]) -> tuple[OrganisationRef, ...]:
    named = [organisation(context, name) for name in names if not is_placeholder(name)]
    found = {each.id: each for each in named}
    return tuple(found[ident] for ident in sorted(found))


def organisation(context: Context, name: str) -> OrganisationRef:
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
