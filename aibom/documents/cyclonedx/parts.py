"""Parts of the model: by our own properties, else nested or further models, tokenizers and templates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from aibom.bom.properties import Property
from aibom.documents.cyclonedx.bom import Component, Kind, Object, properties
from aibom.documents.limits import LONGEST_NAME, MAX_COMPONENTS, MAX_ENTRIES
from aibom.documents.page import Page, member, text
from aibom.documents.roles import role_of
from aibom.formats.values import as_dict, as_list, as_str, clean, strings
from aibom.model import Fact, Part, Role, Unknown

_NUMBER = re.compile(r"[0-9]{1,18}")
_DTYPE = re.compile(r"(.*) ([0-9]{1,18})")
_FACTS = (
    (Property.TOKENIZER_HYPERPARAMETER.value.partition("<")[0], ""),
    (Property.MODEL_HYPERPARAMETER.value.partition("<")[0], "hyperparameter:"),
    (Property.FACT.value.partition("<")[0], ""),
    ("cdx:ai-ml:model:", ""),
)
"""Beginnings of property names that hold facts, and what the fact's own name begins with."""
_MARKS = {Property.TOKENIZER.value: Role.TOKENIZER, Property.CHAT_TEMPLATE.value: Role.CHAT_TEMPLATE}
REPOSITORY = "repository"
"""Name of the fact that a part's package URL or page is another repository's than the model's."""
_CARD = (("architectureFamily", "model_type"), ("modelArchitecture", "architecture"))


def identified(
    components: Sequence[Component], subject: Component | None, parents: Container[str] = ()
) -> tuple[tuple[Component, str], ...]:
    """The components that are parts, each with an id that no other has.

    `parents` are the names of models that the subject descends from: listed beside it they are no parts.
    """
    uses: Counter[str] = Counter()
    found = []
    for each in components:
        if each is not subject and _is_part(each) and (each.part or each.name not in parents):
            ident = each.part or _slug(text(each.data.get("name")))
            uses[ident] += 1
            found.append((each, ident if uses[ident] == 1 else f"{ident}#{uses[ident]}"))
    return tuple(found)


def parts(
    named: Sequence[tuple[Component, str]], owned: Mapping[str, tuple[str, ...]], model: str, page: Page
) -> Iterator[Part | Unknown]:
    """Every part; `owned` are the files of a component by its bom-ref, `model` the subject's name."""
    for each, ident in named:
        if each.part and ident != each.part:
            yield page.unknown(f"two parts have the id {each.part}; the second is read as {ident}", each.path)
        part = _part(each, ident, owned.get(each.ref or "", ()), page)
        elsewhere = each.identity is not None and each.identity.name != model
        yield replace(part, facts=(*part.facts, Fact(REPOSITORY, each.name))) if elsewhere else part


def _is_part(each: Component) -> bool:
    marked = any(each.one(name) == "true" for name in _MARKS)
    if each.part or each.kind is Kind.MODEL or marked:
        return True
    return each.kind is Kind.DATA and role_of(text(each.data.get("name"))) is not Role.OTHER


def _part(each: Component, ident: str, files: tuple[str, ...], page: Page) -> Part:
    count = each.one(Property.PARAMETERS)
    tensors = each.one(Property.TENSORS)
    return Part(
        id=ident,
        role=_role(each),
        name=text(each.data.get("name")),
        files=files,
        parameters=int(count) if _NUMBER.fullmatch(count) else None,
        tensors=int(tensors) if _NUMBER.fullmatch(tensors) else None,
        declared=each.one(Property.PART_DECLARED) == "true" if each.part else True,
        present=each.one(Property.PART_PRESENT) == "true",
        alternative=each.one(Property.PART_ALTERNATIVE) == "true",
        dtypes=tuple(_dtypes(each)),
        facts=tuple(_facts(each)),
        locators=(page.at(each.path),),
    )


def _role(each: Component) -> Role:
    stated = member(Role, each.one(Property.PART_ROLE))
    if stated is not None:
        return stated
    marked = next((role for name, role in _MARKS.items() if each.one(name) == "true"), None)
    return marked or role_of(text(each.data.get("name")))


def _dtypes(each: Component) -> Iterator[tuple[str, int]]:
    """As ours are written, the largest first again."""
    found = [match for value in each.properties.get(Property.DTYPE, ()) if (match := _DTYPE.fullmatch(value))]
    yield from sorted(((m[1], int(m[2])) for m in found), key=lambda item: (-item[1], item[0]))


def _facts(each: Component) -> Iterator[Fact]:
    """Facts as the properties of component and model card state them; every value is text."""
    card = as_dict(each.data.get("modelCard"))
    stated = {**each.properties, **properties(card)}
    names: set[str] = set()
    for name, values in sorted(stated.items())[:MAX_ENTRIES]:
        known = next(((head, own) for head, own in _FACTS if name.startswith(head)), None)
        if known is not None and name not in _MARKS:
            fact = Fact(known[1] + clean(name.removeprefix(known[0])), values[0])
            names.add(fact.name)
            yield fact
    parameters = as_dict(card.get("modelParameters"))
    for key, name in _CARD:
        value = text(parameters.get(key))
        if value and name not in names:
            yield Fact(name, value)


def owned_files(root: Object, paths: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The files that a component is or depends on, by its bom-ref; `paths` are the files by theirs."""
    found: dict[str, tuple[str, ...]] = {ref: (path,) for ref, path in paths.items()}
    for entry in map(as_dict, as_list(root.get("dependencies"))[:MAX_COMPONENTS]):
        ref = as_str(entry.get("ref"))
        if ref is not None:
            files = {paths[each] for each in strings(entry.get("dependsOn")) if each in paths}
            found[ref] = tuple(sorted(files.union(found.get(ref, ()))))
    return found


def _slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return words[:LONGEST_NAME] or "part"
