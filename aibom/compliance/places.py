"""Where a value stands in a CycloneDX document: a scope, then a path.

`model:licenses/*/license/id` is a path below each owner of the scope `model`. `*` stands for every
member of a list. `{key=value}` behind a step keeps objects whose member has that value; `|` parts
several, `*` within one is a wildcard, letter case does not count, and `!=` keeps the others; `{key}` keeps
objects that have the member, `{!key}` those that do not. The document is anyone's: nothing here raises on a
value that JSON can hold, and everything is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from itertools import islice
from typing import Any

from aibom.bom.problem import pointer_to
from aibom.bom.properties import Property
from aibom.formats.values import as_dict, as_list, as_str, clean
from aibom.formats.wording import is_licence_placeholder, is_placeholder

MAX_COMPONENTS = 100_000
"""Components that are looked at; the largest real documents have some thousands."""
MAX_DEPTH = 50
"""Levels of components in components."""
MAX_MEMBERS = 100_000
"""Members of one list that are looked at."""
MAX_COMPARED = 1000
"""Characters of a member that a filter looks at."""
MAX_VALUE = 120
"""Characters of a value that are kept."""
SOFTWARE = frozenset({"application", "framework", "library", "container", "operating-system", "platform"})
HARDWARE = frozenset({"device", "firmware", "device-driver"})

Path = tuple[str | int, ...]
Owner = tuple[Path, dict[str, Any]]

_STEP = re.compile(
    r"(?P<key>[^{}]+)"
    r"(?:\{(?:(?P<absent>!?)(?P<held>\w+)|(?P<member>\w+)(?P<sense>!?=)(?P<values>[^{}]*))\})?"
)


_LABELS: dict[str | int, tuple[str, ...]] = {"value": ("name", "type", "technique"), "content": ("alg",)}
QUESTIONNAIRE = "questionnaire:"
"""What precedes the name of the answers' file in the evidence of a claim (`aibom.provenance.answered`)."""
_ANSWER = re.compile(r"questionnaire:.*?, ([a-z_]+(?:\.[\w-]+)+)(?:, line \d+)?")
_PREFIX = re.compile(r"^aibom:(?:fact:)?|^cdx:ai-ml:")


@dataclass(frozen=True, slots=True)
class Value:
    """One value as text, the JSON pointer of where it stands, and what it is the value of, or empty."""

    text: str
    pointer: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path, with what an object there must have."""

    key: str
    member: str | None = None
    values: tuple[str, ...] = ()
    wanted: bool = True

    def keeps(self, value: Any) -> bool:
        """Whether the value passes the filter."""
        if self.member is None:
            return True
        if not self.values:
            return (self.member in as_dict(value)) is self.wanted
        held = (as_str(as_dict(value).get(self.member)) or "")[:MAX_COMPARED].casefold()
        return any(fnmatchcase(held, pattern) for pattern in self.values) is self.wanted


@cache
def parse(place: str) -> tuple[str, tuple[Step, ...]]:
    """Scope and steps of a place.

    Raises:
        ValueError: no place; those that are shipped are checked by the tests.
    """
    scope, _, path = place.partition(":")
    if scope not in SCOPES or not path:
        raise ValueError(f"no place: {place}")
    return scope, tuple(map(_step, path.split("/")))


def _step(text: str) -> Step:
    match = _STEP.fullmatch(text)
    if match is None:
        raise ValueError(f"no step: {text}")
    if match["held"]:
        return Step(match["key"], match["held"], wanted=not match["absent"])
    if match["member"] is None:
        return Step(match["key"])
    return Step(
        match["key"], match["member"], tuple(match["values"].casefold().split("|")), match["sense"] == "="
    )


class Looked:
    """A document, with the owners of each scope found once."""

    def __init__(self, document: Any) -> None:
        self.document = as_dict(document)

    @cached_property
    def model(self) -> Owner:
        """The component that the document is about; an empty one where there is none."""
        metadata = as_dict(self.document.get("metadata"))
        return ("metadata", "component"), as_dict(metadata.get("component"))

    @cached_property
    def components(self) -> tuple[Owner, ...]:
        """All components below the model and beside it, outermost first."""
        path, model = self.model
        waiting: list[Owner] = [(path, model), ((), self.document)]
        found: list[Owner] = []
        for above, owner in waiting:
            for index, each in enumerate(as_list(owner.get("components"))[:MAX_COMPONENTS]):
                if isinstance(each, dict) and len(found) < MAX_COMPONENTS and len(above) < 2 * MAX_DEPTH:
                    found.append(((*above, "components", index), each))
                    waiting.append(found[-1])
        return tuple(found)

    @cached_property
    def files(self) -> tuple[Owner, ...]:
        """Components that are files, those with weights first."""
        files = [(owner, kind) for owner in self.components if (kind := _file_kind(owner[1])) is not None]
        return tuple(owner for owner, kind in sorted(files, key=lambda each: each[1] != "weights"))

    @cached_property
    def made_with(self) -> tuple[Owner, ...]:
        """Components of the formulation."""
        found: list[Owner] = []
        for index, each in enumerate(as_list(self.document.get("formulation"))[:MAX_MEMBERS]):
            for number, part in enumerate(as_list(as_dict(each).get("components"))[:MAX_MEMBERS]):
                if isinstance(part, dict) and len(found) < MAX_COMPONENTS:
                    found.append((("formulation", index, "components", number), part))
        return tuple(found)

    @cached_property
    def datasets(self) -> tuple[Owner, ...]:
        """Components that are datasets, and those that the model's card describes in place."""
        path, model = self.model
        parameters = as_dict(as_dict(model.get("modelCard")).get("modelParameters"))
        inline: list[Owner] = [
            ((*path, "modelCard", "modelParameters", "datasets", index), each)
            for index, each in enumerate(as_list(parameters.get("datasets"))[:MAX_MEMBERS])
            if isinstance(each, dict) and "ref" not in each
        ]
        return (*(owner for owner in self.components if _is_dataset(owner[1])), *inline)

    def typed(self, kinds: Iterable[str]) -> tuple[Owner, ...]:
        """Components of these types, those of the formulation among them."""
        wanted = frozenset(kinds)
        return tuple(
            owner
            for owner in (*self.components, *self.made_with)
            if (as_str(owner[1].get("type")) or "") in wanted
        )

    def answers(self, question: str) -> Iterator[Value]:
        """What the vendor answered, of a document that was made with a questionnaire: `use.intended`, or the
        rows `data.sources.0`, or the answers for each part, `parts.decoder-core.start`."""
        section, _, name = question.partition(".")
        for key, value in self._answered:
            if key[0] == section and name in key[1:]:
                yield value

    @cached_property
    def _answered(self) -> tuple[tuple[tuple[str, ...], Value], ...]:
        """Keys and values of all answers, as the evidence of claims tells them: file, key, and line."""
        declarations = as_dict(self.document.get("declarations"))
        found = []
        for index, each in enumerate(as_list(declarations.get("evidence"))[:MAX_MEMBERS]):
            words = as_str(as_dict(each).get("description")) or ""
            match = _ANSWER.fullmatch(words[:MAX_COMPARED]) if words.startswith(QUESTIONNAIRE) else None
            if match:
                owner = (("declarations", "evidence", index), as_dict(each))
                text = next(self.values(owner, _CONTENT), None)
                if text:
                    found.append((tuple(match[1].split(".")), Value(text.text, text.pointer, match[1])))
        return tuple(found)

    def values(self, owner: Owner, steps: tuple[Step, ...]) -> Iterator[Value]:
        """Each value below the owner; placeholders are none."""
        for path, leaf, holder in _walk(*owner, owner[1], steps):
            text = _text(leaf, licence="licenses" in path)
            if text is not None:
                yield Value(text, pointer_to(path), _label(path[-1], holder))


_CONTENT = tuple(map(Step, ("data", "*", "contents", "attachment", "content")))

SCOPES: dict[str, Callable[[Looked], tuple[Owner, ...]]] = {
    "document": lambda looked: (((), looked.document),),
    "model": lambda looked: (looked.model,),
    "any": lambda looked: (looked.model, *looked.components),
    "components": lambda looked: (looked.model, *looked.components),
    "files": lambda looked: looked.files,
    "datasets": lambda looked: looked.datasets,
    "software": lambda looked: looked.typed(SOFTWARE),
    "hardware": lambda looked: looked.typed(HARDWARE),
}
"""Owners of each scope."""
ENOUGH = frozenset({"document", "model", "any"})
"""Scopes of which one owner with the value is enough; of the others each should have it."""


def _walk(path: Path, value: Any, holder: Any, steps: tuple[Step, ...]) -> Iterator[tuple[Path, Any, Any]]:
    """Path and value of each leaf, and what it is a member of."""
    if not steps:
        yield path, value, holder
        return
    step, rest = steps[0], steps[1:]
    for key, member in _members(value, step.key):
        if step.keeps(member):
            yield from _walk((*path, key), member, value, rest)


def _label(key: str | int, holder: Any) -> str:
    """The name of a property, the type of a measure, the algorithm of a digest."""
    named = as_dict(holder)
    label = next((text for name in _LABELS.get(key, ()) if (text := as_str(named.get(name)))), "")
    return clean(_PREFIX.sub("", label), MAX_VALUE)


def _members(value: Any, key: str) -> Iterator[tuple[str | int, Any]]:
    if key == "*":
        yield from islice(enumerate(as_list(value)), MAX_MEMBERS)
    elif isinstance(value, dict) and key in value:
        yield key, value[key]


def _text(value: Any, *, licence: bool) -> str | None:
    """The scalar as one safe line, or None where it says nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value) if abs(value) < 2**63 else None  # NaN is below nothing
    if not isinstance(value, str):
        return None
    text = clean(value, MAX_VALUE)
    empty = is_licence_placeholder(text) if licence else is_placeholder(text)
    return None if empty else text


def _file_kind(component: dict[str, Any]) -> str | None:
    """What a file is for, empty where it is not said; None of what is no file."""
    properties = map(as_dict, as_list(component.get("properties"))[:MAX_MEMBERS])
    kinds = (as_str(each.get("value")) for each in properties if each.get("name") == Property.FILE_KIND)
    return next((kind for kind in kinds if kind), "" if component.get("type") == "file" else None)


def _is_dataset(component: dict[str, Any]) -> bool:
    """A `data` component, unless all that it says of its data is that they are something else."""
    kinds = [as_dict(each).get("type") for each in as_list(component.get("data"))[:MAX_MEMBERS]]
    return component.get("type") == "data" and ("dataset" in kinds or not kinds)
