"""What the licences of the model, of its declared parents and of its named data ask, beside what was found.

Facts of licences come from the catalogue, and so do the licences of well-known parents that could not be
asked for theirs, and of well-known data; both are said to be unverified. Nothing here gives an origin, and
nothing is judged: whether terms reach the model is a question of law.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aibom.catalog import Ask, LicenceTerms
from aibom.model import DeclarationKind, Locator, OrganisationRef, Reference, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, is_hub_id, label
from aibom.provenance.signals.digests import references
from aibom.provenance.signals.notices import notices_of
from aibom.provenance.signals.parents import Parent, declared_parents

ATTRIBUTION = "attribution"
"""The name of a card's fact that displays whose work the model was made with (`Built with Llama`)."""

_DATA_RULES = {
    Ask.NON_COMMERCIAL: "licence.duty-data-non-commercial",
    Ask.SHARE_ALIKE: "licence.duty-data-share-alike",
}
_COPIES = frozenset({"quantized"})
"""Relations of models that are the parent in another form: what is asked of new names is not asked there."""


@dataclass(frozen=True, slots=True)
class _Under:
    """Known terms, and where they are said to hold.

    `parent` is None for the model itself; `carried` where the text is in the target; `basis` where the
    catalogue alone says that the parent stands under them.
    """

    terms: LicenceTerms
    place: Locator
    parent: Parent | None = None
    carried: bool = False
    basis: str | None = None

    @property
    def whose(self) -> str:
        """Who stands under them, in words."""
        return f"the declared parent {self.parent.hub_id}" if self.parent else "the model"


def duties(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each restricted licence, each asked-for name, and each parent's terms that are gone."""
    own = list(_own(context))
    inherited = list(_inherited(context))
    for item in (*own, *inherited):
        yield from _restricted(context, item)
    yield from _carried(own)
    for item in inherited:
        yield from _passed_on(context, item, own)
    yield from _data(context, own)
    said = [item for item in (*own, *inherited) if item.basis is None]
    for terms in {item.terms.id: item.terms for item in said}.values():
        yield from _naming(context, [item for item in said if item.terms.id == terms.id])


def _own(context: Context) -> Iterator[_Under]:
    told: set[str] = set()
    for item in context.inspected.licences:
        for terms in context.catalog.licences.get(item.expression or item.name) or ():
            key = f"{terms.id} {item.carried} {item.part}"
            if item.part is None and key not in told:
                told.add(key)
                yield _Under(terms, item.locator, carried=item.carried)


def _inherited(context: Context) -> Iterator[_Under]:
    """The terms of outside models that this one is declared to derive from."""
    derived = [
        parent
        for parent in declared_parents(context)
        if parent.kind in (DeclarationKind.BASE_MODEL, DeclarationKind.ADAPTER_BASE)
        and is_hub_id(parent.hub_id)
        and not context.own(context.owner(parent.hub_id))
    ]
    known = dict(references(context)) if derived else {}
    for parent in {item.hub_id: item for item in derived}.values():
        reference = known.get(parent.hub_id)
        if isinstance(reference, Reference) and reference.licence:
            place = Locator(f"hub:{parent.hub_id}", key="license", quote=reference.licence)
            for terms in context.catalog.licences.get(reference.licence) or ():
                yield _Under(terms, place, parent)
        elif stated := context.catalog.licences.of_model(parent.hub_id):
            yield _Under(stated, parent.locators[0], parent, basis=context.catalog.licences.basis)


def _data(context: Context, own: Sequence[_Under]) -> Iterator[Claim]:
    """Limits of well-known data that the card names, which no licence of the model carries."""
    if not _all_known(context):
        return
    known = context.catalog.licences
    for data in context.inspected.datasets:
        terms = known.of_dataset(data.ident) if data.ident and data.purpose == "training" else None
        if terms is None or context.own(context.owner(str(data.ident))):
            continue
        for ask, rule in _DATA_RULES.items():
            if terms.asks_for(ask) and not any(item.terms.asks_for(ask) for item in own):
                yield claim(
                    rule,
                    f"The card names the dataset {data.ident}, which stands under the {terms.name} (by the "
                    f"catalogue alone: {known.basis}); it asks for {ask} of the data. This model declares "
                    f"{_names(own)}; whether the terms of data reach a model is not known from here.",
                    inputs=(terms.id, data.ident, *sorted({item.terms.id for item in own})),
                    locators=dict.fromkeys((data.locator, *(item.place for item in own))),
                )


def _restricted(context: Context, item: _Under) -> Iterator[Claim]:
    terms = item.terms
    if terms.kind.restricted:
        asks = f"asks for {', '.join(terms.asks)}" if terms.asks else "asks for nothing"
        limits = "".join(f"; {limit}" for limit in terms.limits)
        yield _claim(context, "restricted", f"{_stands(item)} ({terms.kind}), which {asks}{limits}.", [item])


def _carried(own: Sequence[_Under]) -> Iterator[Claim]:
    """A share-alike text in the target of a model that is declared under other terms."""
    declared = [item for item in own if not item.carried]
    carried = [item for item in own if item.carried and item.terms.asks_for(Ask.SHARE_ALIKE)]
    if not declared or any(item.terms.asks_for(Ask.SHARE_ALIKE) for item in declared):
        return
    for item in carried:
        yield claim(
            "licence.duty-share-alike",
            f"{item.place.path} holds the text of the {item.terms.name}, which asks to share alike; the "
            f"repository declares {_names(declared)}. What the text covers is not known from here.",
            inputs=(item.terms.id, item.place.path, *sorted(each.terms.id for each in declared)),
            locators=[item.place, *(each.place for each in declared)],
        )


def _passed_on(context: Context, item: _Under, own: Sequence[_Under]) -> Iterator[Claim]:
    """Where the model's licences, all of them known, leave out what the parent's terms ask."""
    if not context.inspected.licences:
        if item.terms.asks:
            said = "this model names no licence in the files read"
            yield _claim(context, "dropped", f"{_stands(item)}; {said}.", [item])
        return
    rule = _lost(item.terms, [each.terms for each in own])
    if rule and _all_known(context):
        said = f"this model declares {_names(own)}; whether it may is not known from here"
        if rule == "no-derivatives":
            said = "whether this model is one, and may be shared, is not known from here"
        yield _claim(context, rule, f"{_stands(item)}, which asks for {_asked(item)}; {said}.", [item, *own])


def _lost(parent: LicenceTerms, own: Sequence[LicenceTerms]) -> str | None:
    """The rule under which terms were left out, the gravest first; None where none were."""

    def lacks(ask: Ask) -> bool:
        return parent.asks_for(ask) and not any(terms.asks_for(ask) for terms in own)

    if parent.asks_for(Ask.NO_DERIVATIVES):
        return "no-derivatives"
    if parent.id in {terms.id for terms in own}:
        return None
    if lacks(Ask.NON_COMMERCIAL):
        return "non-commercial"
    if lacks(Ask.SHARE_ALIKE):
        return "share-alike"
    return "changed" if parent.asks_for(Ask.PASSING_ON) and parent.kind.restricted else None


def _all_known(context: Context) -> bool:
    """Whether every licence of the model is one that the catalogue tells the asks of."""
    whole = [item for item in context.inspected.licences if item.part is None]
    return bool(whole) and all(context.catalog.licences.get(item.expression or item.name) for item in whole)


def _naming(context: Context, items: Sequence[_Under]) -> Iterator[Claim]:
    """What one licence asks to be named by, held against the name, the card and the notices."""
    terms = items[0].terms
    owner = context.organisation(terms.owner) if terms.owner else None
    if owner is None or context.own(owner) or not (terms.name_begins or terms.display):
        return
    copies = any(item.parent and item.parent.relation in _COPIES for item in items) or _is_copy(context)
    checks = [
        *(() if copies else _name(context, terms)),
        *_display(context, terms),
        *_notice(context, terms, owner),
    ]
    if checks:
        said = "; ".join(words for _, words, _ in checks)
        rule = "naming-met" if all(met for met, _, _ in checks) else "naming"
        places = [place for _, _, found in checks for place in found]
        yield _claim(context, rule, f"The {terms.name} asks {said}.", items, places)


def _is_copy(context: Context) -> bool:
    return any(parent.relation in _COPIES for parent in declared_parents(context))


_Check = tuple[bool, str, tuple[Locator, ...]]
"""Whether it was found, what is said of it, and where it stands."""


def _name(context: Context, terms: LicenceTerms) -> Iterator[_Check]:
    name = (context.target.repository or "").rpartition("/")[2]
    if terms.name_begins and name:
        met = name.casefold().startswith(terms.name_begins.casefold())
        yield met, f"that the name of a model made with it begin with “{terms.name_begins}”: it is {name}", ()


def _display(context: Context, terms: LicenceTerms) -> Iterator[_Check]:
    if not terms.display:
        return
    shown = [fact for fact in context.inspected.card.facts if fact.name == ATTRIBUTION]
    hits = [fact for fact in shown if str(fact.value).casefold().startswith(_folded(terms.display))]
    asked = " or ".join(f"“{words}”" for words in terms.display)
    found = f"the card holds “{hits[0].value}”" if hits else "not found in the files read"
    yield bool(hits), f"that {asked} be displayed: {found}", tuple(f.locator for f in hits if f.locator)


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.casefold() for text in words)


def _notice(context: Context, terms: LicenceTerms, owner: OrganisationRef) -> Iterator[_Check]:
    if terms.asks_for(Ask.NOTICE):
        places = notices_of(context, owner)
        found = f"found in {places[0].path}" if places else "not found in the files read"
        yield bool(places), f"that a notice of {label(owner)} go with copies: {found}", places


def _stands(item: _Under) -> str:
    basis = f" (by the catalogue alone: {item.basis})" if item.basis else ""
    return f"{_capital(item.whose)} stands under the {item.terms.name}{basis}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _asked(item: _Under) -> str:
    return ", ".join(item.terms.asks)


def _names(items: Sequence[_Under]) -> str:
    return ", ".join(sorted({item.terms.id for item in items}))


def _claim(
    context: Context, rule: str, statement: str, items: Sequence[_Under], places: Sequence[Locator] = ()
) -> Claim:
    """A claim on the model as a whole; the first of `items` is whose terms it speaks of."""
    first = items[0]
    owner = (context.organisation(first.terms.owner),) if first.terms.owner else ()
    parents = sorted({item.parent.hub_id for item in items if item.parent})
    return claim(
        f"licence.duty-{rule}",
        statement,
        inputs=(first.terms.id, *parents, *sorted({item.terms.id for item in items[1:]})),
        organisations=owner,
        locators=dict.fromkeys((*(item.place for item in items), *places)),
    )
