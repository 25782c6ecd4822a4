"""What two repositories say of themselves, and which of their files are equal by digest."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fnmatch import fnmatchcase

from aibom.model import ComparedPair, ComparedSignal, FileClass, FileEntry, Locator
from aibom.provenance.context import Context, label
from aibom.provenance.signals.digests import VOCABULARY
from aibom.provenance.signals.families import family_of
from aibom.provenance.signals.parents import Parent, declared_parents


class DeclaredVerdict(StrEnum):
    """The strongest thing that was seen; earlier ones come first."""

    NAMES = "names"
    """One declares the other as a parent."""
    EQUAL_FILES = "equal-files"
    """Files of both have the same digest."""
    SAME_PARENT = "same-parent"
    NAMES_DEVELOPER = "names-developer"
    """One declares a family that the other's publisher developed."""
    SAME_FAMILY = "same-family"
    NOTHING_IN_COMMON = "nothing-in-common"


_TELLING = frozenset({FileClass.WEIGHTS, FileClass.CODE})
"""Classes of files whose equality tells something, beside vocabularies; equal settings or licences do not."""

_REASONS = {
    DeclaredVerdict.NAMES: "one of the two names the other as a parent",
    DeclaredVerdict.EQUAL_FILES: "files of both are equal by digest",
    DeclaredVerdict.SAME_PARENT: "both name the same parent",
    DeclaredVerdict.NAMES_DEVELOPER: "one names a family that the other's publisher developed",
    DeclaredVerdict.SAME_FAMILY: "both name the same family",
    DeclaredVerdict.NOTHING_IN_COMMON: "neither names the other, and no parent, family or file is common",
}


def compare_declared(a: Context, b: Context) -> ComparedSignal:
    """Parents, families and equal files of both, the strongest first."""
    order = list(DeclaredVerdict)
    pairs = [*_names(a, b), *_equal_files(a, b), *_same_parent(a, b), *_families(a, b)]
    pairs.sort(key=lambda pair: order.index(DeclaredVerdict(pair.verdict)))
    verdict = DeclaredVerdict(pairs[0].verdict) if pairs else DeclaredVerdict.NOTHING_IN_COMMON
    return ComparedSignal(
        verdict,
        _REASONS[verdict],
        "What a repository leaves out: silence is no sign of independence, and a name shows no origin.",
        tuple(pairs),
    )


def _names(a: Context, b: Context) -> Iterator[ComparedPair]:
    for parent in _naming(a, b):
        yield ComparedPair(
            DeclaredVerdict.NAMES,
            f"A names B, {parent.hub_id}, as a parent.",
            part_a=parent.part,
            locators_a=parent.locators,
            alternative="The name may have been left in by a tool that wrote the file.",
        )
    for parent in _naming(b, a):
        yield ComparedPair(
            DeclaredVerdict.NAMES,
            f"B names A, {parent.hub_id}, as a parent.",
            part_b=parent.part,
            locators_b=parent.locators,
            alternative="The name may have been left in by a tool that wrote the file.",
        )


def _naming(one: Context, other: Context) -> list[Parent]:
    return [parent for parent in declared_parents(one) if other.is_own_repository(parent.hub_id)]


def _same_parent(a: Context, b: Context) -> Iterator[ComparedPair]:
    theirs = {parent.hub_id.casefold(): parent for parent in reversed(declared_parents(b))}
    ours = {parent.hub_id.casefold(): parent for parent in reversed(declared_parents(a))}
    for key in sorted(ours.keys() & theirs.keys()):
        one, other = ours[key], theirs[key]
        yield ComparedPair(
            DeclaredVerdict.SAME_PARENT,
            f"Both name {one.hub_id} as a parent.",
            part_a=one.part,
            part_b=other.part,
            locators_a=one.locators,
            locators_b=other.locators,
            alternative="Both may build on it without knowing of each other.",
        )


def _equal_files(a: Context, b: Context) -> Iterator[ComparedPair]:
    theirs = {key: entry for entry in reversed(b.files) for key in _keys(entry)}
    for entry in a.files:
        other = next((theirs[key] for key in _keys(entry) if key in theirs), None)
        if other is not None:
            yield ComparedPair(
                DeclaredVerdict.EQUAL_FILES,
                f"{entry.path} of A and {other.path} of B have the same digest.",
                locators_a=(Locator(entry.path),),
                locators_b=(Locator(other.path),),
                alternative="Both may have taken the file from the same third source, as licences allow.",
            )


def _keys(entry: FileEntry) -> tuple[str, ...]:
    """What two equal files have in common; nothing for empty files and those that tell nothing."""
    name = entry.path.rsplit("/", 1)[-1]
    vocabulary = any(fnmatchcase(name, pattern) for pattern in VOCABULARY)
    if entry.size == 0 or not (vocabulary or entry.kind in _TELLING):
        return ()
    digests = (("sha256", entry.sha256), ("git", entry.git_blob))
    return tuple(f"{kind}:{digest}" for kind, digest in digests if digest)


def _families(a: Context, b: Context) -> Iterator[ComparedPair]:
    ours, theirs = _declared_families(a), _declared_families(b)
    for name in sorted(ours.keys() & theirs.keys()):
        yield ComparedPair(
            DeclaredVerdict.SAME_FAMILY,
            f"Both name the family {name}.",
            locators_a=ours[name],
            locators_b=theirs[name],
            alternative="Many unrelated models are built with one published architecture.",
        )
    for name in sorted(ours.keys() - theirs.keys()):
        if (said := _developed_by(a, b, name)) is not None:
            yield ComparedPair(DeclaredVerdict.NAMES_DEVELOPER, f"A {said}", locators_a=ours[name])
    for name in sorted(theirs.keys() - ours.keys()):
        if (said := _developed_by(b, a, name)) is not None:
            yield ComparedPair(DeclaredVerdict.NAMES_DEVELOPER, f"B {said}", locators_b=theirs[name])


def _declared_families(context: Context) -> dict[str, tuple[Locator, ...]]:
    found: dict[str, tuple[Locator, ...]] = {}
    for item in context.inspected.declarations:
        family = family_of(context, item)
        if family is not None:
            found[family.model_type] = (*found.get(family.model_type, ()), item.locator)
    return found


def _developed_by(one: Context, other: Context, model_type: str) -> str | None:
    """What is said where the other's publisher, and not one's own, developed a family."""
    family = one.catalog.lineage.family(model_type)
    if family is None or not family.organisation:
        return None
    developer = one.organisation(family.organisation)
    if not other.own(developer) or one.own(developer):
        return None
    return f"names the family {model_type}, developed by {label(developer)}, the other's publisher."
