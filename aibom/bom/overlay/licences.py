"""Licences of model and parts: what is declared, and what the texts in the target say."""

from __future__ import annotations

from collections.abc import Iterable

from aibom.bom.overlay.common import Components, Json, add_properties, present, unique
from aibom.bom.properties import Property
from aibom.bom.refs import FILE_ROLES, Refs
from aibom.bom.schemas import spdx_ids
from aibom.formats.values import clean
from aibom.formats.wording import is_licence_placeholder
from aibom.model import Analysis, Licence


def lay(components: Components, analysis: Analysis, names: Refs, *, mixed: bool) -> None:
    """Give the model and each part its licences. `mixed`: expressions may stand beside ids (1.7)."""
    _give(components[names.root], _of(analysis, None), mixed=mixed, evidence=True)
    for part in analysis.inspected.parts:
        own = _of(analysis, part.id)
        _give(components[names.part(part)], own, mixed=mixed, evidence=part.role in FILE_ROLES)


def choices(licences: Iterable[Licence], *, mixed: bool) -> list[Json]:
    """A `licenseChoice`: SPDX ids, expressions, else names; nothing for words that name no licence."""
    found = unique(choice for licence in licences if (choice := _choice(licence)))
    if mixed or len(found) < 2:
        return found
    return [_named(choice) if "expression" in choice else choice for choice in found]


def _of(analysis: Analysis, part: str | None) -> tuple[Licence, ...]:
    own = [licence for licence in analysis.inspected.licences if licence.part == part]
    return tuple(sorted(own, key=lambda licence: (licence.carried, licence.expression or licence.name)))


def _give(owner: Json, licences: tuple[Licence, ...], *, mixed: bool, evidence: bool) -> None:
    owner.update(present(licenses=choices(licences, mixed=mixed)))
    carried = choices((licence for licence in licences if licence.carried), mixed=mixed)
    if carried and evidence:
        owner.setdefault("evidence", {})["licenses"] = carried
    empty = [clean(licence.name, 200) for licence in licences if _choice(licence) is None]
    add_properties(owner, map(Property.DECLARED_LICENCE.entry, empty))


def _choice(licence: Licence) -> Json | None:
    how = "concluded" if licence.carried else "declared"
    expression = licence.expression
    if expression in spdx_ids():
        return {"license": {"id": expression, "acknowledgement": how}}
    if expression and " " in expression:
        return {"expression": expression, "acknowledgement": how}
    name = clean(licence.name, 200)
    return None if is_licence_placeholder(name) else {"license": {"name": name, "acknowledgement": how}}


def _named(choice: Json) -> Json:
    return {"license": {"name": choice["expression"], "acknowledgement": choice["acknowledgement"]}}
