"""Dossiers of the example models, and random ones."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

import aibom
from aibom.api import Report
from aibom.matching.scores import recomputed
from aibom.model import (
    WHOLE_MODEL,
    Ancestor,
    Confidence,
    Dataset,
    Depth,
    Dossier,
    Evidence,
    FileClass,
    FileEntry,
    Finding,
    Layer,
    Licence,
    Locator,
    OrganisationRef,
    Origin,
    Part,
    Relation,
    Role,
    Severity,
    Signal,
    Stage,
    Statistic,
    Unknown,
)
from aibom.sovereignty import load_profile

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "examples"))

from build import build  # noqa: E402
from repositories import EXAMPLES  # noqa: E402

NAMES = [example.name for example in EXAMPLES]


@cache
def built(folder: Path) -> dict[str, Path]:
    """The example repositories in a folder."""
    return build(folder)


@cache
def scanned(folder: Path, name: str, depth: str = "headers") -> Report:
    """The scan of an example."""
    return aibom.generate(
        str(built(folder)[name]),
        alias=next(each.repository for each in EXAMPLES if each.name == name),
        organisations=ROOT / "examples" / "organisations.json",
        depth=depth,
        offline=True,
    )


def rescored(dossier: Dossier, profile: str = "kr") -> Dossier:
    """The dossier with the score that its origins give."""
    return replace(dossier, score=recomputed(dossier, load_profile(profile)))


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAME = st.sampled_from(["a/b", "a/c", "x/y", "b", "Model", "", "ünï/cödé", "sub/dir/file.bin"]) | TEXT
DIGEST = st.none() | st.sampled_from(["ab" * 32, "cd" * 32, "AB" * 32])
LOCATORS = st.lists(
    st.builds(
        Locator,
        NAME,
        line=st.none() | st.integers(1, 9),
        key=st.none() | st.sampled_from(["/components/0", "base_model", "_name_or_path"]),
        quote=st.none() | TEXT,
    ),
    max_size=2,
).map(tuple)
ORGANISATIONS = st.builds(
    OrganisationRef,
    st.sampled_from(["a", "b", "c", "hub:d", "stated:e"]),
    st.sampled_from(["A Ltd.", "B", "C", "", "한빛"]),
    st.none() | st.sampled_from(["KR", "US", "CN", "multi"]),
    st.none() | st.sampled_from(["KR", "US", "CN"]),
    st.sampled_from(["", "registry"]),
)
SOME = st.lists(ORGANISATIONS, max_size=2).map(tuple)
PART_ID = st.sampled_from([WHOLE_MODEL, "p0", "p1", "p2", "nowhere"])
PARTS = st.lists(
    st.builds(
        Part,
        id=st.sampled_from(["p0", "p1", "p2", "vision-encoder", "model"]),
        role=st.sampled_from(Role),
        name=NAME,
        parameters=st.none() | st.integers(0, 10**12),
        declared=st.booleans(),
        present=st.booleans(),
        alternative=st.booleans(),
        dtypes=st.just((("BF16", 3),)),
        locators=LOCATORS,
    ),
    max_size=5,
    unique_by=lambda part: part.id,
).map(tuple)
FILES = st.lists(
    st.builds(
        FileEntry,
        NAME,
        st.none() | st.integers(0, 2**40),
        DIGEST,
        st.sampled_from(FileClass),
        st.booleans(),
    ),
    max_size=5,
).map(tuple)
ORIGINS = st.lists(
    st.builds(
        Origin,
        PART_ID,
        st.sampled_from(Layer),
        st.sampled_from(Relation),
        st.sampled_from(Evidence),
        SOME,
        st.none() | NAME,
        st.lists(st.sampled_from(["F-1", "F-2"]), max_size=2).map(tuple),
        st.booleans(),
    ),
    max_size=6,
).map(tuple)
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["F-1", "F-2", "F-3"]),
        st.just("some.rule"),
        st.sampled_from(Signal),
        st.sampled_from(Confidence),
        TEXT,
        part=st.none() | PART_ID,
        layer=st.none() | st.sampled_from(Layer),
        severity=st.sampled_from(Severity),
        organisations=SOME,
        statistic=st.none() | st.just(Statistic("share", 0.5)),
        locators=LOCATORS,
    ),
    max_size=3,
    unique_by=lambda finding: finding.id,
).map(tuple)
LICENCES = st.lists(
    st.builds(
        Licence,
        st.sampled_from(["mit", "other", "apache-2.0", "((", "Own Terms"]) | TEXT,
        st.just(Locator("README.md")),
        st.none()
        | st.sampled_from(["MIT", "Apache-2.0 AND MIT", "MIT OR ISC", "GPL-3.0-or-later", "((", "A B"]),
        st.booleans(),
    ),
    max_size=3,
).map(tuple)
ANCESTORS = st.lists(
    st.builds(
        Ancestor,
        NAME,
        st.none() | PART_ID,
        st.none() | st.just("finetune"),
        st.sampled_from(Evidence),
        LOCATORS.map(lambda found: found[0] if found else None),
    ),
    max_size=3,
).map(tuple)
UNKNOWNS = st.lists(st.builds(Unknown, NAME, st.sampled_from(Stage), TEXT), max_size=3).map(tuple)
DATASETS = st.lists(st.builds(Dataset, NAME, st.just(Locator("README.md"))), max_size=2).map(tuple)
UNSCORED = st.builds(
    Dossier,
    form=st.sampled_from(["scan", "CycloneDX 1.6"]),
    subject=NAME,
    revision=st.none() | st.sampled_from(["", "main", "ab" * 20, "ab" * 5]),
    digest=st.just("ef" * 32),
    depth=st.none() | st.sampled_from(Depth),
    publisher=st.none() | ORGANISATIONS,
    parts=PARTS,
    files=FILES,
    origins=ORIGINS,
    findings=FINDINGS,
    licences=LICENCES,
    datasets=DATASETS,
    ancestors=ANCESTORS,
    unknowns=UNKNOWNS,
)
"""Anything that a document may say, but a score."""
DOSSIERS = UNSCORED | st.builds(rescored, UNSCORED, st.sampled_from(["kr", "us", "neutral"]))
"""Anything that a document may say, with the score that follows from it, or none."""
