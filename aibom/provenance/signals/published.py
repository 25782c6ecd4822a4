"""What the published implementation of a declared family is made from, part by part."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.catalog import CodeFamily, Family
from aibom.model import OrganisationRef, Role, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.published_lineage import Descent, descents
from aibom.provenance.signals.families import declared_types

INHERITING_SINCE = "2025-01-01"
"""The library took files that inherit across families late in 2024 and rewrote older ports into them, so
that inheritance in a port from before shows the library's work, not its contributor's."""

_LANGUAGE = (Role.DECODER_CORE, Role.EXPERTS, Role.ROUTER)


def published(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each part of a declared family that is made from an outside family's classes."""
    for family, parts in declared_types(context):
        for descent in descents(context.catalog.inheritance, family.model_type):
            chosen = [ident for ident in parts if _speaks_of(context, ident, descent.role)]
            parent = context.catalog.lineage.family(descent.parent)
            if chosen and parent is not None and parent.organisation and family.organisation:
                yield from _claims(context, family, parent, descent, chosen)


def _speaks_of(context: Context, ident: str, role: Role) -> bool:
    part = context.part(ident)
    if part is None or part.role is not role:
        return False
    return role in _LANGUAGE or ident in context.separable_parts()


def _claims(
    context: Context, family: Family, parent: Family, descent: Descent, parts: list[str]
) -> Iterator[Claim]:
    owner = context.organisation(family.organisation or "")
    source = context.organisation(parent.organisation or "")
    if context.own(source) or context.related(source, owner):
        return
    shown = _is_shown(context, family, parent, owner)
    pairs = ", ".join(f"{edge.child_class} from {edge.parent_class}" for edge in descent.edges)
    for part in parts:
        yield claim(
            "architecture.published-lineage" if shown else "architecture.library-port",
            f"{part}: the published implementation of {family.model_type} in transformers inherits classes "
            f"of {parent.model_type}, first published by {label(source)}: {pairs}.",
            inputs=(part, family.model_type, parent.model_type),
            part=part,
            parts=(part,),
            organisations=(source,),
        )


def _is_shown(context: Context, family: Family, parent: Family, owner: OrganisationRef) -> bool:
    """Whether the developer's own port, by its notices, is made from an older family's."""
    known = {item.model_type: item for item in context.catalog.code_prints.families}
    port, older = known.get(family.model_type), known.get(parent.model_type)
    if port is None or older is None or port.released < INHERITING_SINCE:
        return False
    return older.released < port.released and _names(context, port, owner)


def _names(context: Context, port: CodeFamily, owner: OrganisationRef) -> bool:
    organisations = context.catalog.organisations
    holders = [organisations.by_name(name) for name in port.holders if not organisations.is_boilerplate(name)]
    return any(holder is not None and context.related(holder, owner) for holder in holders)
