"""Licences: whose terms the model stands under, as declared and as carried."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aibom.model import WHOLE_MODEL, Licence, OrganisationRef, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.signals.parents import outside_parents


def licences(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each licence, and one more where declaration and text disagree."""
    told: set[tuple[str, bool, str]] = set()
    for item in context.inspected.licences:
        key = (item.name, item.carried, item.locator.path)
        if key not in told:
            told.add(key)
            yield _terms(context, item)
    yield from _contradiction(context)


def terms_of(context: Context, item: Licence) -> OrganisationRef | None:
    """The organisation whose own licence this is, or None."""
    known = context.catalog.licences
    owner = known.owner(item.expression or "") or known.owner(item.name)
    return context.organisation(owner) if owner else None


def _terms(context: Context, item: Licence) -> Claim:
    granted_by = terms_of(context, item)
    how = "carried" if item.carried else "declared"
    if granted_by is not None and not context.own(granted_by):
        return _claim(f"licence.outside-{how}", item, granted_by, f"terms of {label(granted_by)}")
    publisher = context.developer
    known = granted_by is not None or _is_standard(item)
    if publisher is None or not known or outside_parents(context):
        return _claim("licence.unresolved", item, None, "whose terms the weights stand under is not known")
    return _claim(f"licence.own-{how}", item, publisher, f"licensed by {label(publisher)}")


def _is_standard(item: Licence) -> bool:
    """Whether it is a licence of the SPDX list."""
    return item.expression is not None and "licenseref" not in item.expression.casefold()


def _claim(rule: str, item: Licence, organisation: OrganisationRef | None, said: str) -> Claim:
    how = "The target carries" if item.carried else "The repository declares"
    name = item.expression or item.name
    return claim(
        rule,
        f"{how} the licence {name}: {said}.",
        inputs=(item.part, name, item.locator.path),
        part=item.part,
        parts=() if item.part else (WHOLE_MODEL,),
        organisations=(organisation,) if organisation else (),
        locators=(item.locator,),
    )


def _contradiction(context: Context) -> Iterator[Claim]:
    """Where licence texts are known and none is that of a declared licence."""
    whole = [item for item in context.inspected.licences if item.part is None]
    declared = [item for item in whole if not item.carried and _names(context, item)]
    carried = [item for item in whole if item.carried and _names(context, item)]
    said = {name for item in declared for name in _names(context, item)}
    seen = {name for item in carried for name in _names(context, item)}
    if said and seen and said.isdisjoint(seen):
        yield claim(
            "licence.contradiction",
            f"The repository declares {', '.join(sorted(said))} and carries the text of "
            f"{', '.join(sorted(seen))}.",
            inputs=(*sorted(said), *sorted(seen)),
            locators=[item.locator for item in (*declared, *carried)],
        )


def _names(context: Context, item: Licence) -> frozenset[str]:
    """What a licence is compared by: the organisation whose own it is, or its SPDX ids."""
    granted_by = terms_of(context, item)
    if granted_by is not None:
        return frozenset({f"terms of {granted_by.name}"})
    if not _is_standard(item) or item.expression is None:
        return frozenset()
    ids = re.findall(r"[A-Za-z0-9.+-]+", item.expression)
    return frozenset(re.sub(r"(-only|-or-later|\+)$", "", name) for name in ids) - {"AND", "OR", "WITH"}
