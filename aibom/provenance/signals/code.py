"""Code that the model ships or loads: what `auto_map` names, what the code imports and inherits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aibom.catalog import Family, Lineage
from aibom.model import Declaration, DeclarationKind, Locator, OrganisationRef, Role, Unknown
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, is_hub_id, label
from aibom.provenance.signals.parents import parent_organisations
from aibom.provenance.subjects import core

_WHOLE_MODEL_CLASS = re.compile(r"(ForCausalLM|ForConditionalGeneration|LMHeadModel)$")
"""Classes that are a whole model; smaller pieces say nothing about the architecture as a whole."""

_HELPER_CLASS = re.compile(r"(Tokenizer|TokenizerFast|Processor|ProcessorFast|FeatureExtractor)$")
"""Classes around a model that libraries offer for use, and whose use shapes no network."""


def code(context: Context) -> Iterator[Claim | Unknown]:
    """Claims on the code layer, and on architecture where a whole model's class is inherited."""
    mapped = _of(context, DeclarationKind.AUTO_MAP)
    inherited = _of(context, DeclarationKind.INHERITS)
    yield from _remote_repositories(context, mapped)
    yield from _names(context, mapped)
    yield from _imports(context, [*_of(context, DeclarationKind.IMPORT), *inherited])
    yield from _inherited_models(context, inherited)


def _of(context: Context, kind: DeclarationKind) -> list[Declaration]:
    return [item for item in context.inspected.declarations if item.kind is kind]


def _remote_repositories(context: Context, mapped: list[Declaration]) -> Iterator[Claim]:
    repositories: dict[str, list[Locator]] = {}
    for item in mapped:
        repository, dashes, _ = item.value.partition("--")
        if dashes and is_hub_id(repository) and not context.own(context.owner(repository)):
            repositories.setdefault(repository, []).append(item.locator)
    for repository, locators in sorted(repositories.items()):
        yield claim(
            "declared.remote-repository",
            f"The model loads its code from {repository} of {label(context.owner(repository))}.",
            inputs=(repository,),
            parts=context.code_parts(),
            organisations=parent_organisations(context, repository),
            upstream=repository,
            locators=locators,
        )


def _names(context: Context, mapped: list[Declaration]) -> Iterator[Claim]:
    local = [item for item in mapped if "--" not in item.value]
    for model_type, part, organisation, items in _by_family(context, local, _mapped_family):
        values = ", ".join(sorted({item.value for item in items}))
        yield claim(
            "declared.foreign-code-name",
            f"The shipped code is declared as {values}, a name of the family {model_type} "
            f"of {label(organisation)}.",
            inputs=(part, model_type, values),
            part=part,
            parts=_code_parts(context, part),
            organisations=(organisation,),
            locators=[item.locator for item in items],
        )


def _imports(context: Context, imports: list[Declaration]) -> Iterator[Claim]:
    helpers = [item for item in imports if _HELPER_CLASS.search(item.value)]
    network = [item for item in imports if item not in helpers]
    for model_type, part, organisation, items in _by_family(context, network, _imported_family):
        said = f"builds on the implementation of the family {model_type}"
        yield _import("declared.import", said, part, organisation, items, _code_parts(context, part))
    for model_type, part, organisation, items in _by_family(context, helpers, _imported_family):
        said = f"uses a tokenizer or processor class of the family {model_type}"
        yield _import("code.helper-import", said, part, organisation, items, ())


def _import(
    rule: str,
    said: str,
    part: str | None,
    organisation: OrganisationRef,
    items: list[Declaration],
    parts: tuple[str, ...],
) -> Claim:
    names = sorted({item.value for item in items})
    paths = sorted({item.locator.path for item in items})
    return claim(
        rule,
        f"{', '.join(paths)} {said}, first published by {label(organisation)}: {', '.join(names)}.",
        inputs=(part, *paths, *names),
        part=part,
        parts=parts,
        organisations=(organisation,),
        locators=[item.locator for item in items],
    )


def _inherited_models(context: Context, inherited: list[Declaration]) -> Iterator[Claim]:
    whole = [item for item in inherited if _WHOLE_MODEL_CLASS.search(item.value)]
    for model_type, part, organisation, items in _by_family(context, whole, _class_family):
        names = ", ".join(sorted({_last(item.value) for item in items}))
        cores = sorted(item.id for item in core(context.inspected.parts))
        yield claim(
            "code.inherited-model",
            f"The shipped code inherits the model class {names} of the family {model_type}, "
            f"first published by {label(organisation)}.",
            inputs=(model_type, names),
            part=part,
            parts=context.implemented_with(cores[0], ()) if cores else (),
            organisations=(organisation,),
            locators=[item.locator for item in items],
        )


_FamilyOf = Callable[[Lineage, str], Family | None]


def _by_family(
    context: Context, items: list[Declaration], family_of: _FamilyOf
) -> list[tuple[str, str | None, OrganisationRef, list[Declaration]]]:
    """Declarations that name an outside family: (model type, part, developer, declarations), sorted."""
    groups: dict[tuple[str, str], list[Declaration]] = {}
    developers: dict[str, OrganisationRef] = {}
    for item in items:
        family = family_of(context.catalog.lineage, item.value)
        if family is None or not family.organisation:
            continue
        developer = context.organisation(family.organisation)
        if not context.own(developer):
            developers[family.model_type] = developer
            groups.setdefault((family.model_type, item.part or ""), []).append(item)
    return [(key[0], key[1] or None, developers[key[0]], groups[key]) for key in sorted(groups)]


def _mapped_family(lineage: Lineage, value: str) -> Family | None:
    """By the class of `module.Class`, else by the module's name."""
    module, _, name = value.rpartition(".")
    return lineage.family_of_class(name) or lineage.family_of_module(module)


def _imported_family(lineage: Lineage, value: str) -> Family | None:
    """Of `transformers.models.<folder>…`, else of the class that a dotted name ends in."""
    pieces = value.split(".")
    if pieces[:2] == ["transformers", "models"] and len(pieces) > 2:
        found = lineage.family_of_module(f"modeling_{pieces[2]}") or lineage.family(pieces[2])
        if found is not None:
            return found
    return _class_family(lineage, value)


def _class_family(lineage: Lineage, value: str) -> Family | None:
    return lineage.family_of_class(_last(value))


def _last(value: str) -> str:
    return value.rpartition(".")[2]


def _code_parts(context: Context, part: str | None) -> tuple[str, ...]:
    """The part itself where it is remote code, else all that the code layer speaks of."""
    named = context.part(part)
    return (named.id,) if named is not None and named.role is Role.REMOTE_CODE else context.code_parts()
