"""Parents that the repository declares: base models, adapter bases, ids that configurations leak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aibom.model import Declaration, DeclarationKind, Locator, OrganisationRef, Role, Stage, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, is_bare_name, is_hub_id, label
from aibom.provenance.signals.families import families_by_part

_HUB = Locator("hub:baseModels", key="baseModels")
"""The Hub's metadata is no file of the target; the path says so."""

_RULES = {
    DeclarationKind.BASE_MODEL: "declared.base-model",
    DeclarationKind.ADAPTER_BASE: "declared.adapter-base",
    DeclarationKind.NAME_OR_PATH: "declared.name-or-path",
}
_SAYS = {
    DeclarationKind.BASE_MODEL: "The repository names {} as base model",
    DeclarationKind.ADAPTER_BASE: "The adapter's configuration names {} as the model it runs on",
    DeclarationKind.NAME_OR_PATH: "A configuration names {} as the model it was loaded from",
}


@dataclass(frozen=True, slots=True)
class Parent:
    """One declared parent, with every place that names it."""

    hub_id: str
    kind: DeclarationKind
    relation: str | None
    part: str | None
    locators: tuple[Locator, ...]

    @property
    def inputs(self) -> tuple[str | None, ...]:
        """What names its finding."""
        return (self.part, self.hub_id)


def parents(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each declared parent; an Unknown for a name that is no id of a repository."""
    scope = _scope(context)
    for parent in declared_parents(context):
        if is_hub_id(parent.hub_id) or is_bare_name(parent.hub_id):
            yield _claim(context, parent, scope)
        else:
            reason = f"declared parent {parent.hub_id!r} is no repository id"
            yield Unknown(parent.locators[0].path, Stage.PROVENANCE, reason)


def declared_parents(context: Context) -> tuple[Parent, ...]:
    """Every declared parent but the repository itself, once per kind and part, sorted."""
    found: dict[tuple[str, ...], Parent] = {}
    for parent in (*_from_files(context), *_from_hub(context)):
        key = (parent.kind.value, parent.hub_id.casefold(), parent.part or "")
        known = found.get(key)
        if known is not None:
            places = tuple(dict.fromkeys((*known.locators, *parent.locators)))
            parent = replace(known, relation=known.relation or parent.relation, locators=places)
        found[key] = parent
    return tuple(found[key] for key in sorted(found))


def rule_of(context: Context, parent: Parent) -> str:
    """The rule that a declared parent falls under."""
    if parent.kind is DeclarationKind.NAME_OR_PATH:
        if _is_tokenizer(context, parent):
            return "declared.tokenizer-parent"
        if parent.part in context.separable_parts() and not context.own(context.owner(parent.hub_id)):
            return "declared.encoder-parent"
    return _RULES[parent.kind]


def _is_tokenizer(context: Context, parent: Parent) -> bool:
    part = context.part(parent.part)
    return part is not None and part.role is Role.TOKENIZER


def parent_organisations(context: Context, hub_id: str) -> tuple[OrganisationRef, ...]:
    """Who developed a named model: its owner, or nobody known where that is a redistributor."""
    owner = context.owner(hub_id)
    return () if context.redistributes(owner) else (owner,)


def outside_parents(context: Context) -> bool:
    """Whether a base model or adapter base of another group is declared."""
    return any(
        parent.kind is not DeclarationKind.NAME_OR_PATH and not context.own(context.owner(parent.hub_id))
        for parent in declared_parents(context)
    )


def _from_files(context: Context) -> Iterator[Parent]:
    for item in context.inspected.declarations:
        if item.kind in _RULES and not context.is_own_repository(item.value):
            yield Parent(item.value, item.kind, item.relation, _part(item), (item.locator,))


def _part(item: Declaration) -> str | None:
    """A card speaks for the model; a configuration for its part."""
    return item.part if item.kind is DeclarationKind.NAME_OR_PATH else None


def _from_hub(context: Context) -> Iterator[Parent]:
    for relation, hub_id in context.target.hub.base_models if context.target.hub else ():
        if not context.is_own_repository(hub_id):
            yield Parent(hub_id, DeclarationKind.BASE_MODEL, relation or None, None, (_HUB,))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the parts say for themselves: their families, and which name a parent of their own."""

    base: tuple[str, ...]
    families: dict[str, tuple[OrganisationRef, ...]]
    named: frozenset[str]


def _scope(context: Context) -> _Scope:
    beside = context.separable_parts()
    families = {part: found for part, found in families_by_part(context).items() if part in beside}
    named = frozenset(
        item.part
        for item in context.inspected.declarations
        if item.kind is DeclarationKind.NAME_OR_PATH and item.part is not None
    )
    return _Scope(context.base_parts(), families, named)


def _claim(context: Context, parent: Parent, scope: _Scope) -> Claim:
    organisations = parent_organisations(context, parent.hub_id)
    statement = _SAYS[parent.kind].format(_named(context, parent.hub_id, organisations))
    if parent.part:
        statement += f", for {parent.part}"
    if parent.relation:
        statement += f" ({parent.relation})"
    return claim(
        rule_of(context, parent),
        statement + ".",
        inputs=parent.inputs,
        part=parent.part,
        parts=_covered(context, parent, organisations, scope),
        organisations=organisations,
        upstream=parent.hub_id,
        locators=parent.locators,
    )


def _named(context: Context, hub_id: str, organisations: tuple[OrganisationRef, ...]) -> str:
    if organisations:
        return f"{hub_id} of {label(organisations[0])}"
    passed_on_by = context.owner(hub_id).name
    return f"{hub_id}, passed on by the redistributor {passed_on_by} (its developer is not known from here),"


def _covered(
    context: Context, parent: Parent, organisations: tuple[OrganisationRef, ...], scope: _Scope
) -> Iterable[str]:
    """A base model speaks for the model, but not for an encoder that declares a third party's family."""
    if parent.part is not None and _is_tokenizer(context, parent):
        return (parent.part,)
    if parent.part is not None:
        return context.implemented_with(parent.part, scope.named)
    return [part for part in scope.base if _agrees(context, organisations, scope.families.get(part, ()))]


def _agrees(
    context: Context, parents_of: tuple[OrganisationRef, ...], declared: tuple[OrganisationRef, ...]
) -> bool:
    """Whether a part's declared families leave room for the parent: none declared, or of its group."""
    return (
        not (parents_of and declared)
        or any(context.related(one, other) for one in parents_of for other in declared)
        or all(context.own(family) for family in declared)
    )
