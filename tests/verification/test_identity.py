"""Whether a BOM is about the model that was scanned."""

from __future__ import annotations

import pytest

from aibom.model import Dossier, FileClass, FileEntry, OrganisationRef, Outcome
from aibom.verification import verify

PASS, FAIL, UNDETERMINED = Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED
COMMIT, OTHER = "ab" * 20, "cd" * 20
WEIGHTS = FileEntry("model.safetensors", 9, "12" * 32, FileClass.WEIGHTS)
CHANGED = FileEntry("model.safetensors", 9, "34" * 32, FileClass.WEIGHTS)
SECOND = FileEntry("model-2.safetensors", 9, "56" * 32, FileClass.WEIGHTS)
CARD = FileEntry("README.md", 9, "12" * 32, FileClass.CARD)


def outcome(rule: str, claimed: Dossier, found: Dossier) -> Outcome | None:
    return {item.rule: item.outcome for item in verify(claimed, found).results}.get(rule)


@pytest.mark.parametrize(
    ("claimed", "found", "files", "expected"),
    [
        ("lab/model", "Lab/Model", (), PASS),
        ("lab/model", "other/something", (), FAIL),
        ("lab/model", "mirror/model", (), UNDETERMINED),
        ("Model", "lab/model", (), UNDETERMINED),
        ("lab/model", "checkout", (), UNDETERMINED),
        ("lab/model", "checkout", (WEIGHTS,), PASS),
        ("lab/model", "other/something", (WEIGHTS,), PASS),
        ("lab/model", "checkout", (CARD,), UNDETERMINED),
    ],
)
def test_repository(claimed: str, found: str, files: tuple[FileEntry, ...], expected: Outcome) -> None:
    sides = (Dossier("CycloneDX 1.6", claimed, files=files), Dossier("scan", found, files=files))
    assert outcome("identity.repository", *sides) is expected


def test_one_digest_that_differs_unbinds_the_two() -> None:
    claimed = Dossier("CycloneDX 1.6", "lab/model", files=(WEIGHTS, SECOND))
    found = Dossier("scan", "checkout", files=(CHANGED, SECOND))
    assert outcome("identity.repository", claimed, found) is UNDETERMINED


@pytest.mark.parametrize(
    ("claimed", "found", "bound", "expected"),
    [
        (COMMIT, COMMIT, False, PASS),
        (COMMIT.upper(), COMMIT, False, PASS),
        (COMMIT[:7], COMMIT, False, PASS),
        (COMMIT, COMMIT[:12], False, PASS),
        (COMMIT[:6], COMMIT, False, UNDETERMINED),
        (COMMIT, OTHER, False, FAIL),
        (COMMIT, OTHER, True, FAIL),
        ("main", COMMIT, False, UNDETERMINED),
        ("main", COMMIT, True, None),
        (None, COMMIT, False, UNDETERMINED),
        (COMMIT, None, False, UNDETERMINED),
        (COMMIT, None, True, None),
        (None, None, False, None),
    ],
)
def test_revision(claimed: str | None, found: str | None, bound: bool, expected: Outcome | None) -> None:
    files = (WEIGHTS,) if bound else ()
    sides = (
        Dossier("CycloneDX 1.6", "lab/model", revision=claimed, files=files),
        Dossier("scan", "lab/model", revision=found, files=files),
    )
    assert outcome("identity.revision", *sides) is expected


@pytest.mark.parametrize(
    ("claimed", "found", "expected"),
    [
        (OrganisationRef("lab", "Lab"), OrganisationRef("lab", "Lab Co., Ltd."), PASS),
        (OrganisationRef("stated:LAB", "LAB"), OrganisationRef("lab", "Lab"), PASS),
        (OrganisationRef("stated:X", "X"), OrganisationRef("lab", "Lab"), UNDETERMINED),
        (None, OrganisationRef("lab", "Lab"), None),
        (OrganisationRef("lab", "Lab"), None, None),
    ],
)
def test_publisher(
    claimed: OrganisationRef | None, found: OrganisationRef | None, expected: Outcome | None
) -> None:
    sides = (Dossier("x", "lab/model", publisher=claimed), Dossier("scan", "lab/model", publisher=found))
    assert outcome("identity.publisher", *sides) is expected
