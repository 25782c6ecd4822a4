"""One change at a time: what fails, what passes with a sentence, and what cannot be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aibom import bom, documents
from aibom.catalog import LicenceClass
from aibom.differences import diff
from aibom.differences.licences import ORDER
from aibom.model import (
    Ancestor,
    Confidence,
    Dataset,
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
    Severity,
    Signal,
    Stage,
    Unknown,
)
from aibom.sovereignty import load_profile
from tests.dossiers import NAMES, rescored, scanned

Alter = Callable[[Dossier], Dossier]
PASS, FAIL, UNDETERMINED = Outcome.PASS, Outcome.FAIL, Outcome.UNDETERMINED
CARD = Locator("README.md", key="base_model")
LAB = OrganisationRef("lab", "Lab", "KR", "KR", "registry")
QWEN = OrganisationRef("qwen", "Qwen", "CN", "CN", "registry")
NOBODY = OrganisationRef("hub:x", "x", None, None, "not in the registry")

CORE = Part("decoder-core", Role.DECODER_CORE, "Core", parameters=100, declared=True, present=True)
ENCODER = Part("vision-encoder", Role.VISION_ENCODER, "Encoder", parameters=9, declared=True, present=True)
WEIGHTS = Origin(CORE.id, Layer.WEIGHTS, Relation.ORIGINAL, Evidence.E2, (LAB,))
DESIGN = Origin(CORE.id, Layer.ARCHITECTURE, Relation.INSPIRED, Evidence.E2, (QWEN,))
FROM_QWEN = Origin(ENCODER.id, Layer.WEIGHTS, Relation.VERBATIM, Evidence.E3, (QWEN,), findings=("F-1",))
BASE = Dossier(
    form="scan",
    subject="lab/model",
    revision="ab" * 20,
    depth=Depth.HEADERS,
    publisher=LAB,
    parts=(CORE,),
    files=(FileEntry("model.safetensors", 10, "ab" * 32), FileEntry("README.md", 3, "cd" * 32)),
    origins=(WEIGHTS, DESIGN),
    licences=(Licence("apache-2.0", Locator("README.md"), "Apache-2.0"),),
    datasets=(Dataset("web", Locator("README.md")),),
)


def danger(severity: Severity) -> Finding:
    return Finding(
        "F-9", "pickle.global", Signal.SECURITY, Confidence.OBSERVED, "it runs a command", severity=severity
    )


def of(**values: object) -> Alter:
    return lambda dossier: replace(dossier, **values)  # type: ignore[arg-type]


def origin(old: Origin, **values: object) -> Alter:
    """The base's origins with one of them altered."""
    others = tuple(each for each in BASE.origins if each is not old)
    return of(origins=(*others, replace(old, **values)))  # type: ignore[arg-type]


def licence(expression: str | None, name: str = "x") -> Alter:
    return of(licences=(Licence(name, Locator("README.md"), expression),))


CHANGES: list[tuple[str, Alter, list[tuple[str, Outcome]]]] = [
    ("another name", of(subject="lab/model-2"), [("identity.subject", PASS)]),
    ("another commit", of(revision="cd" * 20), [("identity.revision", PASS)]),
    ("an outside publisher", of(publisher=QWEN), [("identity.publisher", FAIL)]),
    ("a publisher of no country", of(publisher=NOBODY), [("identity.publisher", UNDETERMINED)]),
    ("a part", of(parts=(CORE, ENCODER)), [("parts.added", PASS)]),
    (
        "a part of outside origin",
        of(parts=(CORE, ENCODER), origins=(*BASE.origins, FROM_QWEN)),
        [("parts.added-outside", FAIL)],
    ),
    (
        "a part of an origin without country",
        of(parts=(CORE, ENCODER), origins=(*BASE.origins, replace(FROM_QWEN, organisations=(NOBODY,)))),
        [("parts.added-outside", UNDETERMINED)],
    ),
    (
        "a part of own origin",
        of(parts=(CORE, ENCODER), origins=(*BASE.origins, replace(FROM_QWEN, organisations=(LAB,)))),
        [("parts.added", PASS)],
    ),
    ("an undeclared part", of(parts=(CORE, replace(ENCODER, declared=False))), [("parts.undeclared", FAIL)]),
    (
        "a part is no longer declared",
        of(parts=(replace(CORE, declared=False),)),
        [("parts.undeclared", FAIL)],
    ),
    ("a part less", of(parts=(), origins=()), [("parts.removed", PASS)]),
    ("more parameters", of(parts=(replace(CORE, parameters=101),)), [("parts.changed", PASS)]),
    ("other element types", of(parts=(replace(CORE, dtypes=(("F8", 100),)),)), [("parts.changed", PASS)]),
    (
        "a part by another id",
        of(
            parts=(replace(CORE, id="core"),),
            origins=tuple(replace(each, part="core") for each in BASE.origins),
        ),
        [],
    ),
    (
        "weights of another",
        origin(WEIGHTS, relation=Relation.DERIVED, organisations=(QWEN,)),
        [("origins.outside", FAIL)],
    ),
    (
        "weights of nobody known",
        origin(WEIGHTS, relation=Relation.DERIVED, organisations=(NOBODY,)),
        [("origins.outside", UNDETERMINED)],
    ),
    ("a worse grade", origin(DESIGN, relation=Relation.ADAPTED), [("origins.worse", FAIL)]),
    (
        "a better grade",
        origin(DESIGN, relation=Relation.ORIGINAL, organisations=(LAB,)),
        [("origins.changed", PASS)],
    ),
    ("less evidence", origin(WEIGHTS, evidence=Evidence.E1), [("origins.evidence-lost", FAIL)]),
    ("more evidence", origin(WEIGHTS, evidence=Evidence.E3), [("origins.changed", PASS)]),
    (
        "an origin not known any longer",
        origin(WEIGHTS, relation=Relation.UNKNOWN),
        [("origins.evidence-lost", FAIL)],
    ),
    ("an origin not stated any longer", of(origins=(DESIGN,)), [("origins.evidence-lost", FAIL)]),
    (
        "an own origin more",
        of(origins=(*BASE.origins, replace(WEIGHTS, layer=Layer.CODE))),
        [("origins.changed", PASS)],
    ),
    (
        "an outside origin more",
        of(origins=(*BASE.origins, replace(DESIGN, layer=Layer.CODE))),
        [("origins.outside", FAIL)],
    ),
    (
        "an outside family is named, and no more",
        of(origins=(*BASE.origins, replace(DESIGN, layer=Layer.CODE, relation=Relation.UNKNOWN))),
        [("origins.changed", PASS)],
    ),
    (
        "a digest less",
        of(files=(replace(BASE.files[0], sha256=None), BASE.files[1])),
        [("files.digest-lost", FAIL)],
    ),
    ("no files", of(files=()), [("files.digest-lost", FAIL)]),
    (
        "other content",
        of(files=(replace(BASE.files[0], sha256="ef" * 32), BASE.files[1])),
        [("files.changed", PASS)],
    ),
    ("a file more", of(files=(*BASE.files, FileEntry("x"))), [("files.added", PASS)]),
    ("a file less", of(files=BASE.files[:1]), [("files.removed", PASS)]),
    ("no licence", of(licences=()), [("licences.dropped", FAIL)]),
    ("a licence for research", licence("CC-BY-NC-4.0"), [("licences.restricted", FAIL)]),
    ("a community licence", licence("LicenseRef-llama3.1"), [("licences.restricted", FAIL)]),
    ("a licence of the same class", licence("MIT"), [("licences.changed", PASS)]),
    ("a licence that nobody knows", licence("LicenseRef-new"), [("licences.restricted", UNDETERMINED)]),
    ("the licence in other words", licence(None, "Apache License 2.0"), []),
    ("a dataset more", of(datasets=(*BASE.datasets, Dataset("y", CARD))), [("datasets.added", PASS)]),
    ("a dataset less", of(datasets=()), [("datasets.removed", PASS)]),
    (
        "an outside ancestor",
        of(ancestors=(Ancestor("qwen/base", evidence=Evidence.E1, locator=CARD),)),
        [("ancestors.added", FAIL)],
    ),
    (
        "an ancestor without evidence",
        of(ancestors=(Ancestor("qwen/base"),)),
        [("ancestors.added", UNDETERMINED)],
    ),
    (
        "an ancestor of its own",
        of(ancestors=(Ancestor("lab/base", evidence=Evidence.E1),)),
        [("ancestors.changed", PASS)],
    ),
    ("a dangerous file", of(findings=(danger(Severity.HIGH),)), [("security.added", FAIL)]),
    ("a trifle", of(findings=(danger(Severity.LOW),)), []),
    (
        "an unknown",
        of(unknowns=(Unknown("x", Stage.INSPECTION, "limit"),)),
        [("unknowns.added", UNDETERMINED)],
    ),
]


def told(old: Dossier, new: Dossier) -> list[tuple[str, Outcome]]:
    return [(item.rule, item.outcome) for item in diff(old, new).results]


def graded(dossier: Dossier, alter: Alter) -> tuple[Dossier, Dossier]:
    """Both sides with their score; what is held against each other is then home and outside of Korea."""
    return rescored(dossier), rescored(alter(dossier))


@pytest.mark.parametrize(
    ("alter", "expected"),
    [(alter, expected) for _, alter, expected in CHANGES],
    ids=[what for what, _, _ in CHANGES],
)
def test_each_change_gives_its_own_result(alter: Alter, expected: list[tuple[str, Outcome]]) -> None:
    old, new = graded(BASE, alter)
    found = [item for item in told(old, new) if not item[0].startswith("score.")]
    assert found == expected
    verdict = diff(old, new)
    if FAIL in dict(expected).values():
        assert verdict.outcome is FAIL
    assert all(item.severity is Severity.INFO for item in verdict.results if item.outcome is PASS)


@pytest.mark.parametrize(
    "alter",
    [alter for _, alter, expected in CHANGES if {outcome for _, outcome in expected} == {FAIL}],
    ids=[what for what, _, expected in CHANGES if {outcome for _, outcome in expected} == {FAIL}],
)
def test_the_way_back_from_a_regression_is_none(alter: Alter) -> None:
    old, new = graded(BASE, alter)
    back = [item for item in diff(new, old).results if item.outcome is not PASS]
    loss = {"origins.evidence-lost"}
    assert {item.rule for item in back} <= loss | {"parts.removed", "score.level", "score.lower"}


def test_without_a_profile_home_is_the_publisher() -> None:
    outside = origin(WEIGHTS, relation=Relation.DERIVED, organisations=(QWEN,))
    assert told(BASE, outside(BASE)) == [("origins.outside", FAIL)]
    own = origin(WEIGHTS, relation=Relation.DERIVED, organisations=(LAB,))
    assert told(BASE, own(BASE)) == [("origins.changed", PASS)]


def test_without_a_home_work_of_another_is_no_own_work() -> None:
    original = origin(WEIGHTS, organisations=(QWEN,))
    assert told(BASE, original(BASE)) == [("origins.outside", FAIL)]
    old = origin(DESIGN, relation=Relation.INSPIRED)(BASE)
    new = origin(DESIGN, relation=Relation.ORIGINAL)(BASE)
    assert told(old, new) == [("origins.worse", FAIL)]


def test_nobody_is_outside_where_no_publisher_is_known() -> None:
    nameless = replace(BASE, publisher=None)
    new = origin(WEIGHTS, relation=Relation.DERIVED, organisations=(QWEN,))(nameless)
    assert told(nameless, new) == [("origins.outside", UNDETERMINED)]


@pytest.mark.parametrize("home", ["KR", None])
def test_a_denied_origin_is_outside_and_of_the_lowest_grade(home: str | None) -> None:
    profile = replace(load_profile("neutral", home), deny=("CN",))
    other = origin(DESIGN, organisations=(replace(QWEN, id="other", name="Other"),))(BASE)
    adapted = origin(DESIGN, relation=Relation.ADAPTED)(BASE)

    def rules(new: Dossier) -> list[tuple[str, Outcome]]:
        results = diff(BASE, new, profile=profile).results
        return [(item.rule, item.outcome) for item in results if not item.rule.startswith("score.")]

    assert rules(other) == [("origins.outside", FAIL)]
    assert rules(adapted) == [("origins.changed", PASS)]


def test_a_profile_that_is_given_makes_scores_comparable() -> None:
    old, new = rescored(BASE, "kr"), rescored(BASE, "us")
    assert diff(old, new, profile=load_profile("kr")).results == ()


def test_a_derivation_from_nobody_named_is_not_known_to_be_outside() -> None:
    new = of(origins=(*BASE.origins, Origin(CORE.id, Layer.CODE, Relation.DERIVED, Evidence.E2)))(BASE)
    assert told(BASE, new) == [("origins.outside", UNDETERMINED)]


def test_what_could_not_be_read_is_no_removed_part() -> None:
    new = replace(BASE, parts=(), origins=(), unknowns=(Unknown("x", Stage.INSPECTION, "limit"),))
    assert ("parts.removed", UNDETERMINED) in told(BASE, new)


def test_a_licence_where_none_was_stated_is_no_restriction() -> None:
    old = replace(BASE, licences=())
    assert told(old, licence("CC-BY-NC-4.0")(BASE)) == [("licences.changed", PASS)]


def test_an_ancestor_that_an_origin_tells_of_is_told_once() -> None:
    changed = replace(WEIGHTS, relation=Relation.DERIVED, organisations=(QWEN,), upstream="qwen/base")
    new = of(
        origins=(changed, DESIGN), ancestors=(Ancestor("qwen/base", evidence=Evidence.E1, locator=CARD),)
    )(BASE)
    assert told(BASE, new) == [("origins.outside", FAIL)]


def test_a_path_left_in_a_configuration_is_a_doubt() -> None:
    place = Locator("config.json", key="_name_or_path")
    new = of(ancestors=(Ancestor("qwen/base", evidence=Evidence.E1, locator=place),))(BASE)
    assert told(BASE, new) == [("ancestors.added", UNDETERMINED)]


def test_a_level_that_fell_fails() -> None:
    old, new = graded(BASE, origin(WEIGHTS, relation=Relation.DERIVED, organisations=(QWEN,)))
    assert old.score and new.score and old.score.level == 3 and new.score.level == 1
    assert ("score.level", FAIL) in told(old, new)
    assert ("score.lower", FAIL) in told(old, new)
    assert told(new, old)[-1] == ("score.changed", PASS)


def test_a_score_that_a_document_made_up_is_computed_anew() -> None:
    old, new = graded(BASE, origin(WEIGHTS, relation=Relation.DERIVED, organisations=(QWEN,)))
    assert new.score is not None
    flattering = replace(new, score=replace(new.score, level=4, lower=100.0))
    assert ("score.level", FAIL) in told(old, flattering)


def test_scores_of_different_profiles_are_not_compared() -> None:
    old, new = rescored(BASE, "kr"), rescored(BASE, "us")
    assert told(old, new) == [("comparison.profile", UNDETERMINED)]


def test_what_was_read_deeper_is_no_regression() -> None:
    deeper = of(
        depth=Depth.WEIGHTS,
        parts=(CORE, ENCODER),
        origins=(*BASE.origins, FROM_QWEN, replace(DESIGN, layer=Layer.CODE)),
        findings=(danger(Severity.HIGH),),
    )
    old, new = graded(BASE, deeper)
    assert told(old, new) == [
        ("comparison.depth", UNDETERMINED),
        ("parts.added-outside", UNDETERMINED),
        ("origins.outside", UNDETERMINED),
        ("security.added", UNDETERMINED),
    ]


def test_what_was_read_less_deeply_is_no_loss() -> None:
    old, new = graded(BASE, of(depth=Depth.METADATA, parts=(), origins=()))
    assert told(old, new) == [("comparison.depth", UNDETERMINED), ("parts.removed", UNDETERMINED)]
    old, new = graded(BASE, of(depth=Depth.METADATA, origins=(DESIGN,)))
    assert told(old, new) == [("comparison.depth", UNDETERMINED), ("origins.evidence-lost", UNDETERMINED)]


def test_a_score_that_is_no_longer_stated_is_told() -> None:
    assert told(rescored(BASE), BASE) == [("score.lost", UNDETERMINED)]
    assert told(BASE, rescored(BASE)) == []


def test_every_class_of_licences_has_its_place() -> None:
    assert sorted(ORDER) == sorted(LicenceClass)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("examples")


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
@pytest.mark.parametrize("name", NAMES)
def test_a_bom_and_the_scan_that_it_was_made_of_are_alike(folder: Path, name: str, spec: str) -> None:
    report = scanned(folder, name)
    document = documents.read(bom.serialise(report.to_cyclonedx(spec)), "bom.json")
    assert told(document, Dossier.of(report.analysis)) == []
