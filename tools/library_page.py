"""docs/library.md: the public names of the library, with signatures and docstrings as they stand."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
from collections.abc import Iterator
from typing import Any

import aibom
from aibom import model

WIDTH = 100
_HEAD = """\
# Library

Written by `tools/generate_docs.py` from signatures and docstrings.

What the command line does is done here: typed, without globals or prints. What fails is an error of
`aibom.errors`, with an exit code and advice. Arguments that are not named stand for those of
`aibom.generate`, and those of `aibom.sources.SourceOptions`, which it hands on.

```python
import aibom

report = aibom.generate("org/name")
print(report.score.level, report.score.lower, report.score.upper)
```
"""

_VALUES = """\
## Values

The dataclasses and enumerations of `aibom.model`; all are frozen. Their JSON
form is in [report.md](report.md).
"""


def library_page() -> str:
    """docs/library.md."""
    from aibom.sources import SourceOptions

    functions = [getattr(aibom, name) for name in sorted(aibom.__all__)]
    values = [each for name in model.__all__ if isinstance(each := getattr(model, name), type)]
    return "\n".join(
        (
            _HEAD,
            *(_section(f"aibom.{each.__name__}", each) for each in functions),
            _section("aibom.sources.SourceOptions", SourceOptions),
            _VALUES,
            *(_section(each.__name__, each, level=3) for each in values),
        )
    )


def _section(name: str, item: Any, *, level: int = 2) -> str:
    parts = [f"{'#' * level} `{name}`", *filter(None, _described(item))]
    return "\n\n".join(parts) + "\n"


def _described(item: Any) -> Iterator[str]:
    text = _docstring(item)
    if not isinstance(item, type):
        yield f"```text\n{_signature(item)}\n```"
    if text:
        yield text
    if isinstance(item, enum.EnumMeta):
        yield "Values: " + ", ".join(f"`{member.value}`" for member in item) + "."
    elif dataclasses.is_dataclass(item):
        yield "\n".join(_fields(item))
    if isinstance(item, type):
        yield "\n".join(_methods(item))


def _signature(function: Any, *, wide: bool = False) -> str:
    """As it is written in the source: on one line where it is `wide` or short enough."""
    shown = inspect.signature(function)
    given: list[str] = []
    for each in shown.parameters.values():
        if each.kind is each.KEYWORD_ONLY and "*" not in "".join(given):
            given.append("*")
        given.append(_parameter(each))
    tail = f" -> {shown.return_annotation}"
    one = f"{function.__name__}({', '.join(given)}){tail}"
    if wide or len(one) <= WIDTH:
        return one
    return f"{function.__name__}(\n" + "".join(f"    {each},\n" for each in given) + f"){tail}"


def _parameter(each: inspect.Parameter) -> str:
    stars = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
    kind = "" if each.annotation is each.empty else f": {each.annotation}"
    return f"{stars}{each.name}{kind}" + ("" if each.default is each.empty else f" = {each.default!r}")


def _fields(item: Any) -> Iterator[str]:
    for each in dataclasses.fields(item):
        kind = each.type if isinstance(each.type, str) else getattr(each.type, "__name__", repr(each.type))
        yield f"- `{each.name}: {kind}`"


def _methods(item: type) -> Iterator[str]:
    for name, member in vars(item).items():
        if name.startswith("_") or isinstance(item, enum.EnumMeta):
            continue
        called = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not inspect.isfunction(called):
            continue
        head = f"`.{name}`" if isinstance(member, property) else f"`.{_signature(called, wide=True)}`"
        yield f"- {head}: {(_docstring(called).splitlines() or [''])[0]}"


def _docstring(item: Any) -> str:
    """The docstring as Markdown: `Args:` and `Raises:` become lists, examples stay code."""
    text = inspect.getdoc(item) or ""
    if dataclasses.is_dataclass(item) and text.startswith(f"{getattr(item, '__name__', '')}("):
        return ""  # dataclasses write one where there is none
    lines: list[str] = []
    for line in text.splitlines():
        if re.fullmatch(r"(Args|Raises|Returns|Yields|Attributes):", line):
            lines += [f"**{line[:-1]}**", ""]
        elif re.match(r" {4}\S", line):
            name, colon, rest = line.strip().partition(":")
            lines.append(f"- `{name}`: {rest.strip()}" if colon and rest else f"- {line.strip()}")
        else:
            lines.append(f"  {line.strip()}" if line.startswith("     ") else line)
    return "\n".join(lines)
