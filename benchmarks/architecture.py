"""How well shapes tell families apart: `python benchmarks/architecture.py [--write]`.

Each family's own signature stands in for a target of that family, and is hidden with its group's other
signatures kept; the measure is what the shortlist then holds. No network and no PyTorch.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterator
from importlib.resources import files
from itertools import combinations
from pathlib import Path

from aibom.catalog import Catalog, SignatureGroup, Signatures, load
from aibom.formats.shapeprint import similarity
from aibom.model import Role, ShapePrint
from aibom.provenance.published_lineage import descents
from aibom.provenance.shape_match import RESEMBLES, Verdict, match_shapes

PAGE = Path(__file__).parents[1] / "docs/architecture-signal.md"
MARK = "<!-- measured -->"
ROLES = (Role.DECODER_CORE, Role.EXPERTS, Role.TEXT_ENCODER, Role.VISION_ENCODER, Role.AUDIO_ENCODER)


def main() -> None:
    """Print the table; with `--write` put it into docs/architecture-signal.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    text = "\n".join(lines(load()))
    if parser.parse_args().write:
        before, _, rest = PAGE.read_text("utf-8").partition(MARK)
        after = rest.partition(MARK)[2]
        PAGE.write_text(f"{before}{MARK}\n{text}\n{MARK}{after}", "utf-8")
    else:
        print(text)


def lines(catalog: Catalog) -> Iterator[str]:
    """The figures as Markdown."""
    known = catalog.signatures
    raw = (files("aibom.catalog") / "data" / "architecture_signatures.json").read_bytes()
    types = {name for group in known.groups for name in group.model_types}
    shared = {name for group in known.groups if len(group.members) > 1 for name in group.model_types}
    size = len(gzip.compress(raw)) // 1024
    yield f"- {len(known.groups)} groups of {len(types)} model types, {size} KiB compressed"
    yield f"- {len(shared)} model types share the signature of a part with another"
    families = [name for name in catalog.inheritance.model_types if descents(catalog.inheritance, name)]
    yield (
        f"- class inheritance: {len(families)} of {len(catalog.inheritance.model_types)} families with edges "
        "have a parent that is more than glue and common classes"
    )
    yield ""
    yield (
        "| part | groups | shortlists that hold a relative, of families with one that resemble any "
        "| unrelated pairs over the threshold |"
    )
    yield "|---|---|---|---|"
    for role in ROLES:
        yield _row(catalog, role)


def _row(catalog: Catalog, role: Role) -> str:
    groups = catalog.signatures.of(role)
    found = tested = 0
    for group in groups:
        rest = Signatures(tuple(other for other in groups if other is not group))
        if not any(_are_related(catalog, group, other) for other in rest.groups):
            continue
        match = match_shapes(ShapePrint("", group.entries), role, rest)
        if match.verdict is Verdict.RESEMBLES:
            tested += 1
            found += any(_are_related(catalog, group, other) for other in match.groups)
    weights = catalog.signatures.weights(role)
    pairs = [pair for pair in combinations(groups, 2) if not _are_related(catalog, *pair)]
    over = sum(similarity(one.entries, two.entries, weights) >= RESEMBLES for one, two in pairs)
    share = f"{over / len(pairs):.1%}" if pairs else "-"
    return f"| {role.value} | {len(groups)} | {found} of {tested} | {over} of {len(pairs)} ({share}) |"


def _are_related(catalog: Catalog, one: SignatureGroup, other: SignatureGroup) -> bool:
    """Whether a member of one is made from a member of the other, over any number of steps."""
    first, second = (_lineage(catalog, group) for group in (one, other))
    return bool(first[0] & (second[0] | second[1]) or second[0] & first[1])


def _lineage(catalog: Catalog, group: SignatureGroup) -> tuple[set[str], set[str]]:
    known = (catalog.lineage.family(name) for name in group.model_types)
    names = {family.model_type for family in known if family}
    return names, {up for name in names for up in catalog.inheritance.ancestors(name)}


if __name__ == "__main__":
    main()
