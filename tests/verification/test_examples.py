"""The example models against their BOMs, as they are and altered: each alteration gives its own result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aibom import bom, documents
from aibom.model import (
    Ancestor,
    Confidence,
    Depth,
    Dossier,
    Evidence,
    FileEntry,
    Finding,
    Layer,
    Licence,
    Locator,
    OrganisationRef,
    Origin,
    Outcome,
    Part,
    Relation,
    Role,
    Signal,
    Stage,
    Unknown,
)
from aibom.verification import verify
from tests.dossiers import NAMES, rescored, scanned

Alter = Callable[[Dossier], Dossier]
FAIL, UNDETERMINED = Outcome.FAIL, Outcome.UNDETERMINED
PLACE = Locator("bom.json", key="/components/0")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


def told(claimed: Dossier, found: Dossier) -> list[tuple[str, Outcome]]:
    results = verify(claimed, found).results
    return [(item.rule, item.outcome) for item in results if item.outcome is not Outcome.PASS]


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_agrees_with_itself(folder: Path, name: str) -> None:
    dossier = Dossier.of(scanned(folder, name).analysis)
    verdict = verify(dossier, dossier)
    assert verdict.outcome is Outcome.PASS
    rules = {item.rule for item in verdict.results}
    assert {"files.digest", "parts.undeclared", "parts.missing", "licences.dropped"} <= rules


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
@pytest.mark.parametrize("name", NAMES)
def test_the_bom_of_a_model_agrees_with_it(folder: Path, name: str, spec: str) -> None:
    report = scanned(folder, name)
    claimed = documents.read(bom.serialise(report.to_cyclonedx(spec)), "bom.json")
    assert told(claimed, Dossier.of(report.analysis)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_scan_of_names_alone_contradicts_nothing(folder: Path, name: str) -> None:
    report = scanned(folder, name)
    claimed = documents.read(bom.serialise(report.to_cyclonedx()), "bom.json")
    shallow = Dossier.of(scanned(folder, name, "metadata").analysis)
    assert shallow.depth is Depth.METADATA
    verdict = verify(claimed, shallow)
    assert [item for item in verdict.results if item.outcome is FAIL] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_bom_that_says_it_was_made_of_names_alone_hides_nothing(folder: Path, name: str) -> None:
    report = scanned(folder, name)
    claimed = documents.read(bom.serialise(scanned(folder, name, "metadata").to_cyclonedx()), "bom.json")
    results = verify(claimed, Dossier.of(report.analysis)).results
    undeclared = [item for item in results if item.rule == "parts.undeclared" and item.outcome is FAIL]
    assert all(item.findings for item in undeclared)
    assert {item.rule for item in results if item.outcome is FAIL} <= {
        "origins.undeclared",
        "parts.undeclared",
    }


def without_part(ident: str) -> Alter:
    def alter(dossier: Dossier) -> Dossier:
        return replace(
            dossier,
            parts=tuple(part for part in dossier.parts if part.id != ident),
            origins=tuple(origin for origin in dossier.origins if origin.part != ident),
        )

    return alter


def with_part(part: Part) -> Alter:
    return lambda dossier: replace(dossier, parts=(*dossier.parts, part))


def with_file(path: str, **values: object) -> Alter:
    def changed(file: FileEntry) -> FileEntry:
        return replace(file, **values) if file.path == path else file  # type: ignore[arg-type]

    return lambda dossier: replace(dossier, files=tuple(map(changed, dossier.files)))


def without_file(path: str) -> Alter:
    return lambda dossier: replace(dossier, files=tuple(f for f in dossier.files if f.path != path))


def with_origin(part: str, layer: Layer, **values: object) -> Alter:
    """The origin of a place with other values, or a new one."""

    def alter(dossier: Dossier) -> Dossier:
        others = [each for each in dossier.origins if (each.part, each.layer) != (part, layer)]
        found = [each for each in dossier.origins if each not in others]
        old = found[0] if found else Origin(part, layer, Relation.UNKNOWN, Evidence.E0)
        return replace(dossier, origins=(*others, replace(old, **values)))  # type: ignore[arg-type]

    return alter


def without_origin(part: str, layer: Layer) -> Alter:
    return lambda dossier: replace(
        dossier, origins=tuple(each for each in dossier.origins if (each.part, each.layer) != (part, layer))
    )


def with_parameters(ident: str, count: int) -> Alter:
    return lambda dossier: replace(
        dossier,
        parts=tuple(replace(p, parameters=count) if p.id == ident else p for p in dossier.parts),
    )


def of(**values: object) -> Alter:
    return lambda dossier: replace(dossier, **values)  # type: ignore[arg-type]


def with_licence(*names: tuple[str, str | None]) -> Alter:
    return of(licences=tuple(Licence(name, PLACE, expression) for name, expression in names))


def with_claim(*places: Locator) -> Alter:
    claim = Finding("F-own", "vendor", Signal.DECLARED, Confidence.DECLARED, "all is ours", locators=places)
    return lambda dossier: replace(dossier, findings=(*dossier.findings, claim))


def with_fault(reason: str) -> Alter:
    return lambda dossier: replace(
        dossier, unknowns=(*dossier.unknowns, Unknown("bom.json", Stage.BOM, reason))
    )


def with_score(**values: object) -> Alter:
    def alter(dossier: Dossier) -> Dossier:
        assert dossier.score is not None
        return replace(dossier, score=replace(dossier.score, **values))  # type: ignore[arg-type]

    return alter


UPSTAGE = OrganisationRef("upstage", "Upstage", "KR", "KR", "registry")
NAVER = OrganisationRef("stated:NAVER Cloud Corp.", "NAVER Cloud Corp.")
META = OrganisationRef("meta", "Meta", "US", "US", "registry")
CORE = "decoder-core"
ENCODER = "vision-encoder"

ALTERED: list[tuple[str, str, Alter, list[tuple[str, Outcome]]]] = [
    # model, what the BOM says otherwise, and what that gives
    ("solar-open", "another repository, digests bind it", of(subject="mirror/other"), []),
    (
        "solar-open",
        "another repository, no digests",
        lambda d: replace(d, subject="mirror/other", files=()),
        [("identity.repository", FAIL), ("files.none-listed", UNDETERMINED)],
    ),
    ("solar-open", "a commit, and the folder has none", of(revision="ab" * 20), []),
    (
        "solar-open",
        "another publisher",
        of(publisher=META),
        [("identity.publisher", UNDETERMINED)],
    ),
    (
        "solar-open",
        "no files",
        of(files=()),
        [("files.none-listed", UNDETERMINED)],
    ),
    (
        "solar-open",
        "another digest",
        with_file("config.json", sha256="ab" * 32),
        [("files.digest", FAIL)],
    ),
    (
        "solar-open",
        "a file without digest",
        with_file("config.json", sha256=None),
        [("files.no-digest", UNDETERMINED)],
    ),
    (
        "solar-open",
        "digests in capitals",
        lambda d: replace(d, files=tuple(replace(f, sha256=(f.sha256 or "").upper()) for f in d.files)),
        [],
    ),
    ("solar-open", "another size", with_file("config.json", size=7), [("files.size", FAIL)]),
    (
        "solar-open",
        "a file more",
        lambda d: replace(d, files=(*d.files, FileEntry("extra.safetensors", 7, "cd" * 32))),
        [("files.missing", FAIL)],
    ),
    ("solar-open", "no modeling code", without_file("modeling_solar_open.py"), [("files.undeclared", FAIL)]),
    ("solar-open", "no card", without_file("README.md"), [("files.undeclared-other", FAIL)]),
    (
        "solar-open",
        "no modeling code, and an entry that could not be read",
        lambda d: with_fault("a file without a path is left out")(without_file("modeling_solar_open.py")(d)),
        [("document.faults", UNDETERMINED), ("files.undeclared", UNDETERMINED)],
    ),
    (
        "hyperclova-x",
        "no parts",
        lambda d: replace(d, parts=(), origins=(), score=None),
        [("parts.none-listed", UNDETERMINED), ("origins.none-stated", UNDETERMINED)],
    ),
    ("hyperclova-x", "no vision encoder", without_part(ENCODER), [("parts.undeclared", FAIL)]),
    ("hyperclova-x", "no embedding", without_part("embedding"), [("parts.undeclared", FAIL)]),
    (
        "hyperclova-x",
        "a part more",
        with_part(Part("vocoder", Role.VOCODER, "Vocoder", declared=True, present=True)),
        [("parts.missing", FAIL)],
    ),
    (
        "hyperclova-x",
        "a part more that is only named",
        with_part(Part("vocoder", Role.VOCODER, "Vocoder", declared=True)),
        [("parts.missing", UNDETERMINED)],
    ),
    ("hyperclova-x", "parameters", with_parameters(ENCODER, 14_113), [("parts.parameters", FAIL)]),
    (
        "hyperclova-x",
        "the encoder as own work",
        with_origin(ENCODER, Layer.ARCHITECTURE, relation=Relation.ORIGINAL, organisations=(NAVER,)),
        [("origins.contradicted", FAIL)],
    ),
    (
        "hyperclova-x",
        "the audio encoder as own work, found on a declaration",
        with_origin("audio-encoder", Layer.ARCHITECTURE, relation=Relation.ORIGINAL, organisations=(NAVER,)),
        [("origins.disagree", UNDETERMINED)],
    ),
    (
        "hyperclova-x",
        "the encoder of another developer",
        with_origin(ENCODER, Layer.ARCHITECTURE, organisations=(META,)),
        [("origins.contradicted", FAIL)],
    ),
    (
        "hyperclova-x",
        "the encoder of a developer in words of its own",
        with_origin(ENCODER, Layer.ARCHITECTURE, organisations=(OrganisationRef("stated:Tongyi", "Tongyi"),)),
        [("origins.disagree", UNDETERMINED)],
    ),
    (
        "hyperclova-x",
        "the encoder as inspired",
        with_origin(ENCODER, Layer.ARCHITECTURE, relation=Relation.INSPIRED),
        [("origins.contradicted", FAIL)],
    ),
    (
        "hyperclova-x",
        "the encoder as unchanged, against its interest",
        with_origin(ENCODER, Layer.ARCHITECTURE, relation=Relation.VERBATIM),
        [],
    ),
    (
        "hyperclova-x",
        "more evidence",
        with_origin(ENCODER, Layer.ARCHITECTURE, evidence=Evidence.E4),
        [("origins.evidence-overclaimed", UNDETERMINED)],
    ),
    (
        "hyperclova-x",
        "weights of its own",
        with_origin(
            CORE, Layer.WEIGHTS, relation=Relation.ORIGINAL, evidence=Evidence.E1, organisations=(NAVER,)
        ),
        [("origins.unsupported", UNDETERMINED)],
    ),
    (
        "hyperclova-x",
        "the encoder's origin left open",
        with_origin(ENCODER, Layer.ARCHITECTURE, relation=Relation.UNKNOWN, evidence=Evidence.E0),
        [("origins.undeclared", FAIL)],
    ),
    (
        "hyperclova-x",
        "the encoder's origin not stated",
        without_origin(ENCODER, Layer.ARCHITECTURE),
        [("origins.undeclared", FAIL)],
    ),
    ("ax-k1", "another licence", with_licence(("MIT", "MIT")), [("licences.contradicted", FAIL)]),
    ("ax-k1", "no licence", with_licence(), [("licences.dropped", FAIL)]),
    ("ax-k1", "the licence by its name", with_licence(("Apache License 2.0", None)), []),
    (
        "ax-k1",
        "a licence more",
        with_licence(("both", "MIT AND (Apache-2.0)")),
        [("licences.unsupported", UNDETERMINED)],
    ),
    (
        "ax-k1",
        "a choice",
        with_licence(("either", "MIT OR Apache-2.0")),
        [("licences.contradicted", UNDETERMINED)],
    ),
    (
        "fine-tune",
        "no ancestor",
        lambda d: replace(d, ancestors=(), origins=tuple(replace(each, upstream=None) for each in d.origins)),
        [("ancestors.undeclared", FAIL)],
    ),
    ("fine-tune", "the ancestor by its bare name", of(ancestors=(Ancestor("Llama-3.1-8B"),)), []),
    (
        "ax-k1",
        "an ancestor without evidence",
        of(ancestors=(Ancestor("meta-llama/Llama-3.1-8B", locator=PLACE),)),
        [("ancestors.without-evidence", UNDETERMINED)],
    ),
    (
        "ax-k1",
        "an ancestor with evidence",
        of(ancestors=(Ancestor("meta-llama/Llama-3.1-8B", evidence=Evidence.E3, locator=PLACE),)),
        [("ancestors.not-found", UNDETERMINED)],
    ),
    ("ax-k1", "a claim without evidence", with_claim(), [("claims.unsupported", UNDETERMINED)]),
    ("ax-k1", "a claim with evidence", with_claim(PLACE), []),
    (
        "ax-k1",
        "a country without source",
        with_origin(
            CORE, Layer.DATA, organisations=(OrganisationRef("stated:Somebody", "Somebody", "FR", "FR"),)
        ),
        [("countries.without-source", UNDETERMINED)],
    ),
    (
        "ax-k1",
        "another country",
        lambda d: replace(d, publisher=replace(d.publisher, jurisdiction="US") if d.publisher else None),
        [("countries.disagree", UNDETERMINED)],
    ),
    ("ax-k1", "a higher level", with_score(level=3), [("score.contradicted", FAIL)]),
    ("ax-k1", "a lower bound", with_score(lower=0.0), [("score.contradicted", UNDETERMINED)]),
    (
        "ax-k1",
        "a score of another profile",
        with_score(profile="own", profile_digest="00" * 32),
        [("score.not-comparable", UNDETERMINED)],
    ),
    ("ax-k1", "a fault", with_fault("40 hex digits stand there"), [("document.faults", UNDETERMINED)]),
]


@pytest.mark.parametrize(
    ("name", "alter", "expected"),
    [(name, alter, expected) for name, _, alter, expected in ALTERED],
    ids=[f"{name}: {what}" for name, what, _, _ in ALTERED],
)
def test_each_alteration_gives_its_own_result(
    folder: Path, name: str, alter: Alter, expected: list[tuple[str, Outcome]]
) -> None:
    found = Dossier.of(scanned(folder, name).analysis)
    claimed = alter(found)
    if claimed.score == found.score and claimed.score is not None:
        claimed = rescored(claimed)
    assert told(claimed, found) == expected


def test_both_sides_and_the_evidence_are_shown(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "hyperclova-x").analysis)
    own = with_origin(ENCODER, Layer.ARCHITECTURE, relation=Relation.ORIGINAL, organisations=(NAVER,))
    (result,) = [item for item in verify(rescored(own(found)), found).results if item.outcome is FAIL]
    assert (result.part, result.layer) == (ENCODER, Layer.ARCHITECTURE)
    assert result.claimed == "original, NAVER Cloud Corp., E3"
    assert result.found == "adapted, Alibaba Cloud (Qwen) (CN), E3"
    assert [finding.rule for finding in result.findings] and all(each.alternative for each in result.findings)
    assert result.remedy and result.locators


def test_an_undeclared_part_tells_its_outside_origin(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "hyperclova-x").analysis)
    (result,) = [
        item
        for item in verify(without_part(ENCODER)(found), found).results
        if item.rule == "parts.undeclared"
    ]
    assert "Alibaba" in result.statement
    assert result.findings
    assert "the BOM may describe it as a piece of another part" in result.statement


def test_a_bom_of_one_coarse_part_is_not_accused_of_hiding_its_pieces(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "plain-original").analysis)
    whole = Part("model", Role.DECODER_CORE, "Hanbit 1B", present=True)
    claimed = replace(without_file("tokenizer.json")(found), parts=(whole,), score=None)
    outcomes = {
        item.part: item.outcome for item in verify(claimed, found).results if item.rule == "parts.undeclared"
    }
    assert outcomes["embedding"] is outcomes["head"] is UNDETERMINED
    assert outcomes["tokenizer"] is FAIL


def test_a_rounded_count_agrees_with_what_it_rounds() -> None:
    def side(count: int) -> Dossier:
        part = Part(CORE, Role.DECODER_CORE, "core", parameters=count, present=True)
        return Dossier("scan", "a/b", depth=Depth.HEADERS, parts=(part,))

    for stated, agrees in ((7_000_000_000, True), (7_240_000_000, True), (7_300_000_000, False)):
        assert (("parts.parameters", FAIL) not in told(side(stated), side(7_241_732_096))) is agrees


def test_a_tokenizer_whose_files_are_listed_may_be_meant_by_them(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "ax-k1").analysis)
    claimed = rescored(without_part("tokenizer")(found))
    assert told(claimed, found) == [("parts.undeclared", UNDETERMINED)]
    unlisted = without_file("tokenizer.json")(claimed)
    assert ("parts.undeclared", FAIL) in told(unlisted, found)


@pytest.mark.parametrize("values", [{"present": False}, {"alternative": True}])
def test_what_only_repeats_or_is_only_named_is_no_hidden_part(folder: Path, values: dict[str, bool]) -> None:
    claimed = Dossier.of(scanned(folder, "ax-k1").analysis)
    part = replace(Part("vocoder", Role.VOCODER, "Vocoder", present=True), **values)  # type: ignore[arg-type]
    assert told(claimed, with_part(part)(claimed)) == [("parts.undeclared", UNDETERMINED)]


def test_a_scan_that_read_less_than_the_maker_misses_no_part(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "ax-k1").analysis)
    deeper = with_part(Part("vocoder", Role.VOCODER, "Vocoder", present=True))(found)
    assert ("parts.missing", FAIL) in told(deeper, found)
    assert ("parts.missing", UNDETERMINED) in told(replace(deeper, depth=Depth.WEIGHTS), found)


def test_a_file_of_another_digest_and_size_is_told_once(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "ax-k1").analysis)
    claimed = with_file("config.json", sha256="ab" * 32, size=7)(found)
    assert told(claimed, found) == [("files.digest", FAIL)]


def test_what_could_not_be_listed_contradicts_no_file(folder: Path) -> None:
    claimed = Dossier.of(scanned(folder, "ax-k1").analysis)
    less = without_file("config.json")(claimed)
    assert told(claimed, less) == [("files.missing", FAIL)]
    cut = replace(less, unknowns=(*less.unknowns, Unknown("x", Stage.SOURCE, "too many files")))
    assert ("files.missing", UNDETERMINED) in told(claimed, cut)
    assert {outcome for rule, outcome in told(claimed, replace(less, files=()))} == {UNDETERMINED}


def test_counts_of_a_part_that_was_not_read_to_its_end_contradict_nothing(folder: Path) -> None:
    found = Dossier.of(scanned(folder, "ax-k1").analysis)
    cut = replace(found, unknowns=(*found.unknowns, Unknown("x", Stage.INSPECTION, "limit")))
    assert ("parts.parameters", UNDETERMINED) in told(rescored(with_parameters(CORE, 7)(found)), cut)


@pytest.mark.parametrize("unseen", [Stage.SOURCE, Stage.INSPECTION])
def test_what_the_scan_could_not_read_contradicts_no_part(folder: Path, unseen: Stage) -> None:
    found = Dossier.of(scanned(folder, "hyperclova-x").analysis)
    less = replace(without_part(ENCODER)(found), unknowns=(Unknown("model-2.safetensors", unseen, "limit"),))
    assert ("parts.missing", UNDETERMINED) in told(found, less)
    assert FAIL not in {outcome for _, outcome in told(found, less)}


def at(document: dict[str, Any], pointer: str) -> Any:
    value: Any = document
    for token in pointer.split("/")[1:]:
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


@pytest.mark.parametrize("key", ["hashes", "purl"])
def test_places_in_the_bom_lead_to_what_they_are_about(folder: Path, key: str) -> None:
    report = scanned(folder, "hyperclova-x")
    document = report.to_cyclonedx()
    (config,) = [
        part for part in document["metadata"]["component"]["components"] if part["name"] == "config.json"
    ]
    if key == "hashes":
        config["hashes"][0]["content"] = "0" * 64
    else:
        config["purl"] = config["purl"].replace("config.json", "gone.json")
        config["properties"] = [each for each in config["properties"] if each["name"] != "aibom:file:path"]
    claimed = documents.read(bom.serialise(document), "bom.json")
    results = verify(claimed, Dossier.of(report.analysis)).results
    rule = {"hashes": "files.digest", "purl": "files.missing"}[key]
    (result,) = [item for item in results if item.rule == rule and item.outcome is FAIL]
    place = result.locators[0]
    assert place.path == "bom.json"
    assert at(document, place.key or "") is config
