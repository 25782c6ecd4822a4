"""Copyright notices: holders other than the publisher, where porting boilerplate names nobody."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.model import FileClass, Locator, Notice, OrganisationRef, Role, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label

_SHORTEST_NAME = 4
"""Letters of a namespace that must stand at the start of a holder's name to be taken for it."""


def notices(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each holder in each file; nothing for boilerplate, and nothing for a missing notice."""
    kinds = {entry.path: entry.kind for entry in context.files}
    told: set[tuple[str, str]] = set()
    for notice in context.inspected.notices:
        for holder in notice.holders:
            if (holder, notice.locator.path) in told:
                continue
            told.add((holder, notice.locator.path))
            is_code = kinds.get(notice.locator.path) is FileClass.CODE or notice.locator.path.endswith(".py")
            yield from _in_code(context, notice, holder) if is_code else _in_text(context, notice, holder)


def notices_of(context: Context, holder: OrganisationRef) -> tuple[Locator, ...]:
    """Where notices of an organisation's group stand in the target."""
    known = context.catalog.organisations
    return tuple(
        notice.locator
        for notice in context.inspected.notices
        for name in notice.holders
        if (found := known.by_name(name, context.released)) and context.related(found, holder)
    )


def _in_code(context: Context, notice: Notice, holder: str) -> Iterator[Claim]:
    organisation = context.catalog.organisations.by_name(holder, context.released)
    if _is_publisher(context, holder, organisation):
        yield _claim(context, "code.own-notice", notice, holder, organisation, "the publisher")
    elif context.catalog.organisations.is_boilerplate(holder):
        return
    elif organisation is None:
        reason = "a holder that the registry does not know"
        yield _claim(context, "code.unknown-holder", notice, holder, None, reason)
    else:
        rule = "code.notice" if _remote_code(context, notice) else "code.notice-elsewhere"
        yield _claim(context, rule, notice, holder, organisation, label(organisation))


def _in_text(context: Context, notice: Notice, holder: str) -> Iterator[Claim]:
    organisation = context.catalog.organisations.by_name(holder, context.released)
    boilerplate = context.catalog.organisations.is_boilerplate(holder)
    if boilerplate or _is_publisher(context, holder, organisation):
        return
    who = label(organisation) if organisation else "a holder that the registry does not know"
    yield _claim(context, "licence.notice", notice, holder, organisation, who)


def _claim(
    context: Context, rule: str, notice: Notice, holder: str, organisation: OrganisationRef | None, who: str
) -> Claim:
    line = f", line {notice.locator.line}" if notice.locator.line else ""
    parts = _remote_code(context, notice)
    return claim(
        rule,
        f"{notice.locator.path}{line} names {holder}, {who}: “{notice.text}”.",
        inputs=(holder, notice.locator.path, notice.text),
        part=parts[0] if parts else notice.part,
        parts=parts if organisation else (),
        organisations=(organisation,) if organisation else (),
        locators=(notice.locator,),
    )


def _remote_code(context: Context, notice: Notice) -> tuple[str, ...]:
    """The remote-code parts that a notice's file belongs to."""
    return tuple(
        part.id
        for part in context.inspected.parts
        if part.role is Role.REMOTE_CODE
        and (part.id == notice.part or notice.locator.path in part.files)
        and not part.alternative
    )


def _is_publisher(context: Context, holder: str, organisation: OrganisationRef | None) -> bool:
    """By the registry; for a holder that it does not know, by the namespace standing in its name."""
    if organisation is not None:
        return context.own(organisation)
    namespace = _letters((context.target.repository or "").partition("/")[0])
    return len(namespace) >= _SHORTEST_NAME and _letters(holder).startswith(namespace)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
