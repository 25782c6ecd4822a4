"""BOMs of other tools, with their known defects, held against a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aibom import bom, differences, documents
from aibom.documents import limits
from aibom.model import (
    Depth,
    Dossier,
    Evidence,
    FileClass,
    FileEntry,
    Layer,
    OrganisationRef,
    Origin,
    Outcome,
    Part,
    Relation,
    Role,
)
from aibom.verification import attestation, verify

BOMS = sorted((Path(__file__).parents[1] / "documents" / "boms").glob("*.json"))
QWEN = OrganisationRef("alibaba-qwen", "Alibaba Cloud (Qwen)", "CN", "CN", "registry")
CORE = Part("decoder-core", Role.DECODER_CORE, "Decoder core", parameters=9, declared=True, present=True)
HEAD = Part("head", Role.HEAD, "Head", parameters=3, declared=True, present=True)
ENCODER = Part("vision-encoder", Role.VISION_ENCODER, "Vision encoder", declared=True, present=True)
FOUND = Dossier(
    form="scan",
    subject="inwang/inwang-vl",
    revision="89abcdef0123456789abcdef0123456789abcdef",
    depth=Depth.HEADERS,
    parts=(CORE, HEAD, ENCODER),
    files=(FileEntry("model.safetensors", 9, "12" * 32, FileClass.WEIGHTS),),
    origins=(Origin("vision-encoder", Layer.ARCHITECTURE, Relation.ADAPTED, Evidence.E3, (QWEN,)),),
)


def read(path: Path) -> Dossier:
    return documents.read(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", BOMS, ids=lambda path: path.name)
def test_every_bom_can_be_verified_and_attested(path: Path) -> None:
    claimed = read(path)
    verdict = verify(claimed, FOUND)
    assert verdict.outcome is not Outcome.PASS
    for spec in bom.SPECS:
        document = attestation(verdict, claimed, FOUND, spec=spec)
        assert bom.validate(document) == ()
        assert [problem for problem in bom.lint(document) if problem.severity == "error"] == []


@pytest.mark.parametrize("path", BOMS, ids=lambda path: path.name)
def test_every_bom_agrees_with_itself(path: Path) -> None:
    claimed = read(path)
    assert verify(claimed, claimed).outcome is Outcome.PASS
    assert differences.diff(claimed, claimed).results == ()


def outcomes(claimed: Dossier, rule: str, found: Dossier = FOUND) -> dict[str | None, Outcome]:
    return {item.part: item.outcome for item in verify(claimed, found).results if item.rule == rule}


@pytest.mark.parametrize("name", ["owasp.cdx.json", "aibomgen.cdx.json", "syft.cdx.json"])
def test_a_bom_without_parts_is_told_so_once(name: str) -> None:
    claimed = read(next(path for path in BOMS if path.name == name))
    assert claimed.parts == ()
    assert outcomes(claimed, "parts.none-listed") == {None: Outcome.UNDETERMINED}
    assert outcomes(claimed, "parts.undeclared") == {}


def test_a_commit_as_a_digest_is_a_fault_and_contradicts_no_file() -> None:
    claimed = read(next(path for path in BOMS if path.name == "aibomgen.cdx.json"))
    results = {item.rule: item for item in verify(claimed, FOUND).results}
    assert "git id" in results["document.faults"].statement
    assert "files.digest" not in results


def test_a_bom_that_lists_an_encoder_alone_means_the_core_by_the_model() -> None:
    claimed = replace(FOUND, parts=(ENCODER,))
    told = outcomes(claimed, "parts.undeclared")
    assert told == {"decoder-core": Outcome.UNDETERMINED, "head": Outcome.UNDETERMINED}


def test_a_bom_that_lists_the_core_alone_hides_an_encoder() -> None:
    claimed = replace(FOUND, parts=(CORE, HEAD), origins=())
    assert outcomes(claimed, "parts.undeclared") == {"vision-encoder": Outcome.FAIL}


def test_parts_in_other_words_are_the_same_parts() -> None:
    other = (
        Part("c1", Role.OTHER, "Vision-Encoder", present=True),
        Part("c2", Role.DECODER_CORE, "language model", present=True),
        Part("c3", Role.HEAD, "Head", present=True),
    )
    claimed = replace(FOUND, parts=other, origins=())
    assert outcomes(claimed, "parts.undeclared") == {None: Outcome.PASS}
    assert outcomes(claimed, "parts.missing") == {None: Outcome.PASS}


def test_a_bom_that_was_not_read_to_its_end_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from aibom.documents.cyclonedx import bom as reader

    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {"type": "machine-learning-model", "name": "inwang/inwang-vl"}},
        "components": [{"type": "file", "name": f"{number}.txt"} for number in range(30)]
        + [{"type": "file", "name": "model.safetensors"}],
    }
    monkeypatch.setattr(limits, "MAX_COMPONENTS", 10)
    monkeypatch.setattr(reader, "MAX_COMPONENTS", 10)
    claimed = documents.read(bom.serialise(document), "bom.json")
    results = verify(claimed, FOUND).results
    (result,) = [item for item in results if item.rule == "files.undeclared"]
    assert result.outcome is Outcome.UNDETERMINED
    assert result.unknowns
