"""Equal contents: weight and vocabulary files held against those of declared parents.

By SHA-256, or, for files that the Hub keeps in git itself, by git's id of the content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from aibom.errors import AibomError
from aibom.model import DeclarationKind, FileClass, FileEntry, Layer, Locator, Part, Reference, Stage, Unknown
from aibom.provenance.claims import Claim, claim, finding_id
from aibom.provenance.context import Context, day, is_hub_id
from aibom.provenance.rules import RULES
from aibom.provenance.signals.parents import (
    declared_parents,
    parent_organisations,
    rule_of,
)
from aibom.provenance.subjects import subjects, trained

MAX_REFERENCES = 8
"""Declared parents that are looked up; a merge of more names the rest in an Unknown."""

VOCABULARY = (
    "tokenizer.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "*.tiktoken",
    "tokenizer.model",
    "spiece.model",
    "sentencepiece*.model",
)
"""Files that hold a vocabulary; a tokenizer's configuration proves nothing."""


def digests(context: Context) -> Iterator[Claim | Unknown]:
    """A claim for each part whose files are all equal to files of a declared parent."""
    for hub_id, reference in references(context):
        if isinstance(reference, Reference):
            yield from _compare(context, reference, hub_id)
        else:
            yield Unknown(hub_id, Stage.PROVENANCE, reference)


def references(context: Context) -> Iterator[tuple[str, Reference | str]]:
    """Each declared parent with what the look-up answers, or why nothing; none without a look-up."""
    if context.lookup is None:
        return
    named = sorted({parent.hub_id for parent in declared_parents(context) if is_hub_id(parent.hub_id)})
    for hub_id in named[:MAX_REFERENCES]:
        yield hub_id, _look_up(context, hub_id)
    for hub_id in named[MAX_REFERENCES:]:
        yield hub_id, f"not compared: only {MAX_REFERENCES} declared parents are looked up"


def _look_up(context: Context, hub_id: str) -> Reference | str:
    """The reference, or why there is none."""
    try:
        found = context.lookup(hub_id) if context.lookup else None
    except AibomError as error:
        return f"digests of the declared parent could not be read: {error.message}"
    return found or "digests of the declared parent could not be read, so nothing was compared with it"


def _compare(context: Context, reference: Reference, hub_id: str) -> Iterator[Claim]:
    theirs = {key: entry.path for entry in reversed(reference.files) for key in _keys(entry)}
    older = _is_older(context, reference)
    weights = [part for part in trained(context.inspected.parts) if _all_equal(context, part, theirs, False)]
    contradicted = _contradicted(context, hub_id, weights) if older else frozenset()
    for part in weights:
        rule = "digests.equal-weights" if older else "digests.identical-weights"
        yield _claim(context, rule, part, reference, hub_id, theirs, contradicted)
    for part in subjects(context.inspected.parts, Layer.TOKENIZER):
        if _all_equal(context, part, theirs, True):
            rule = "digests.equal-tokenizer" if older else "digests.identical-tokenizer"
            yield _claim(context, rule, part, reference, hub_id, theirs, frozenset())


def _is_older(context: Context, reference: Reference) -> bool:
    """Direction comes from dates alone; equal days tell nothing."""
    theirs = day(reference.created)
    return theirs is not None and context.released is not None and theirs < context.released


def _compared(context: Context, part: Part, vocabulary: bool) -> list[FileEntry]:
    """The files of a part that carry its weights, or its vocabulary."""
    entries = [entry for entry in context.files if entry.path in set(part.files) and entry.size != 0]
    if vocabulary:
        return [entry for entry in entries if _holds_vocabulary(entry.path)]
    return [entry for entry in entries if entry.kind is FileClass.WEIGHTS]


def _holds_vocabulary(path: str) -> bool:
    name = path.rpartition("/")[2].casefold()
    return any(fnmatchcase(name, pattern) for pattern in VOCABULARY)


def _all_equal(context: Context, part: Part, theirs: Mapping[str, str], vocabulary: bool) -> bool:
    """Whether there are such files, and each has the digest of a file of the reference."""
    files = _compared(context, part, vocabulary)
    return bool(files) and all(_match(entry, theirs) for entry in files)


def _keys(entry: FileEntry) -> list[str]:
    """What names the content of a file, the stronger name first."""
    named = (("sha256", entry.sha256), ("git-blob", entry.git_blob))
    return [f"{kind}:{value}" for kind, value in named if value]


def _match(entry: FileEntry, theirs: Mapping[str, str]) -> str | None:
    """The name under which the reference holds the same content."""
    return next((key for key in _keys(entry) if key in theirs), None)


def _contradicted(context: Context, hub_id: str, equal: list[Part]) -> frozenset[str]:
    """The declarations of a change of this parent, where no part of the model was changed at all."""
    if not {part.id for part in equal}.issuperset(context.base_parts()):
        return frozenset()
    return frozenset(
        finding_id(rule_of(context, parent), parent.inputs)
        for parent in declared_parents(context)
        if parent.hub_id == hub_id and parent.kind is DeclarationKind.BASE_MODEL and parent.relation
    )


def _claim(
    context: Context,
    rule: str,
    part: Part,
    reference: Reference,
    hub_id: str,
    theirs: Mapping[str, str],
    contradicts: frozenset[str],
) -> Claim:
    files = _compared(context, part, RULES[rule].layer is Layer.TOKENIZER)
    matches = [(entry.path, key) for entry in files if (key := _match(entry, theirs))]
    pairs = [f"{path} = {theirs[key]}" for path, key in matches]
    more = f" and {len(pairs) - 3} more" if len(pairs) > 3 else ""
    return claim(
        rule,
        f"{part.id} matches {hub_id} at {reference.revision[:7]} bit for bit: {', '.join(pairs[:3])}{more}.",
        inputs=(part.id, hub_id, *sorted(key for _, key in matches)),
        part=part.id,
        parts=(part.id,),
        organisations=parent_organisations(context, hub_id),
        upstream=hub_id,
        locators=[Locator(path, quote=key) for path, key in matches],
        contradicts=contradicts,
    )
