"""The attribution that a licence asks for code with a known origin, beside the notices found."""

from __future__ import annotations

from collections.abc import Iterator

from aibom.catalog import CodeFamily
from aibom.model import Finding
from aibom.provenance.claims import Claim, claim
from aibom.provenance.context import Context, label
from aibom.provenance.signals.notices import notices_of

REFERENCE_LICENCE = "Apache-2.0"
"""That of the modelling code which the catalogue was built from."""


def attribution(context: Context, found: Finding, family: CodeFamily) -> Iterator[Claim]:
    """A claim where the reference's own notices name the origin, and no notice in the target does.

    A reference without such a notice asks for none, and a missing one then means nothing.
    """
    known = context.catalog.organisations
    for owner in found.organisations:
        holders = [
            name
            for name in family.holders
            if not known.is_boilerplate(name)
            and (holder := known.by_name(name, context.released))
            and context.related(holder, owner)
        ]
        if holders and not notices_of(context, owner):
            yield claim(
                "licence.duty-attribution",
                f"The licence of the family {family.model_type} ({REFERENCE_LICENCE}) asks that its notices "
                f"be kept; they name {holders[0]}. No notice of {label(owner)} was found in the files read.",
                inputs=(found.part, family.model_type, owner.id),
                part=found.part,
                organisations=(owner,),
                locators=found.locators,
            )
