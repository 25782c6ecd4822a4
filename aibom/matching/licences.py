"""What two dossiers say of licences, made comparable."""

from __future__ import annotations

from collections.abc import Iterable

from aibom.formats.licences import conditions, spdx
from aibom.formats.wording import is_licence_placeholder
from aibom.model import Licence

_VERSIONS = ("-only", "-or-later", "+")


def terms(licences: Iterable[Licence]) -> dict[str, Licence]:
    """The licences by what each asks for (`Apache-2.0`, `LicenseRef-x`), words that name none left out.

    An expression is divided at its outermost `AND`, so that `MIT AND Apache-2.0` and both ids apart are one.
    """
    found: dict[str, Licence] = {}
    for licence in sorted(licences, key=lambda item: (item.carried, item.name, repr(item))):
        text = licence.expression or spdx(licence.name)
        if text is None and is_licence_placeholder(licence.name):
            continue
        for condition in conditions(text or licence.name):
            found.setdefault(condition, licence)
    return found


def missing(wanted: dict[str, Licence], given: dict[str, Licence]) -> dict[str, Licence]:
    """The terms that are not given.

    A text of a GNU licence does not say whether later versions count, so the version's ending tells nothing
    where one of the two was read from a text.
    """
    exact = {_name(term) for term in given}
    loose = {_without_version(term) for term in given}
    read = {_without_version(term) for term, licence in given.items() if licence.carried}

    def stands(term: str, licence: Licence) -> bool:
        bare = _without_version(term)
        return _name(term) in exact or bare in (loose if licence.carried else read)

    return {term: licence for term, licence in wanted.items() if not stands(term, licence)}


def _name(term: str) -> str:
    return term.casefold().removeprefix("licenseref-")


def _without_version(term: str) -> str:
    name = _name(term)
    ending = next((ending for ending in _VERSIONS if name.endswith(ending)), "")
    return name.removesuffix(ending)
