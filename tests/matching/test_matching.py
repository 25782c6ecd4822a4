"""Which part, file, licence and origin of one dossier is which of another."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from aibom.matching.ancestors import ancestors, without
from aibom.matching.files import pair_files
from aibom.matching.licences import missing, terms
from aibom.matching.names import key, last
from aibom.matching.origins import by_place, of_another
from aibom.matching.parts import pair
from aibom.matching.rules import MAX_RESULTS, Rule, in_order, result_id
from aibom.matching.scores import profile_of, recomputed
from aibom.model import (
    Ancestor,
    Dossier,
    Evidence,
    FileEntry,
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
)
from aibom.sovereignty import load_profile
from tests.dossiers import PARTS, UNSCORED

CARD = Locator("README.md")
LAB, OTHER = OrganisationRef("lab", "Lab"), OrganisationRef("other", "Other")


def ids(pairs: object) -> list[tuple[str, str]]:
    return [(one.id, two.id) for one, two in pairs]  # type: ignore[attr-defined]


def test_names_are_compared_by_letters_and_digits() -> None:
    assert key("Vision-Encoder 2") == key("vision_encoder2") == "visionencoder2"
    assert (last("a/b/c"), last("c"), last("a/b/")) == ("c", "c", "b")


def test_parts_are_paired_by_id_before_name_and_role() -> None:
    left = (Part("head", Role.HEAD, "X"), Part("h", Role.HEAD, "Head"))
    right = (Part("head", Role.HEAD, "Head"), Part("head-2", Role.HEAD, "X"))
    assert ids(pair(left, right).both) == [("h", "head-2"), ("head", "head")]


def test_an_id_of_another_role_is_another_part() -> None:
    found = pair((Part("p", Role.HEAD, "a"),), (Part("p", Role.VAE, "b"),))
    assert (found.both, len(found.left), len(found.right)) == ((), 1, 1)


def test_two_of_one_role_are_not_guessed() -> None:
    left = (Part("a", Role.TEXT_ENCODER, "a"),)
    right = (Part("b", Role.TEXT_ENCODER, "b"), Part("c", Role.TEXT_ENCODER, "c"))
    assert pair(left, right).both == ()


@given(PARTS, PARTS)
def test_every_part_is_paired_once_or_left(left: tuple[Part, ...], right: tuple[Part, ...]) -> None:
    found = pair(left, right)
    assert sorted([one.id for one, _ in found.both] + [p.id for p in found.left]) == sorted(
        p.id for p in left
    )
    assert sorted([two.id for _, two in found.both] + [p.id for p in found.right]) == sorted(
        p.id for p in right
    )
    back = pair(right, left)
    assert len(back.both) == len(found.both)


def test_a_bare_file_name_is_paired_unless_digests_differ() -> None:
    bare, full = FileEntry("a.bin", sha256="ab" * 32), FileEntry("x/a.bin", sha256="AB" * 32)
    assert pair_files([bare], [full]).both == ((bare, full),)
    assert pair_files([replace(bare, sha256="cd" * 32)], [full]).both == ()
    assert pair_files([bare], [full, FileEntry("y/a.bin")]).both == ()
    assert pair_files([FileEntry("./a.bin")], [FileEntry("a.bin")]).left == ()


def licences(*written: tuple[str, str | None, bool]) -> dict[str, Licence]:
    return terms(Licence(name, CARD, expression, carried) for name, expression, carried in written)


def test_words_that_name_no_licence_are_left_out() -> None:
    assert terms([Licence("other", CARD), Licence("unknown", CARD)]) == {}
    assert set(licences(("MIT AND LicenseRef-own", None, False))) == {"MIT", "LicenseRef-own"}


def test_versions_tell_nothing_where_a_text_was_read() -> None:
    declared = licences(("g", "GPL-3.0-or-later", False))
    only = licences(("g", "GPL-3.0-only", False))
    text = licences(("g", "GPL-3.0-only", True))
    assert missing(declared, only)
    assert missing(declared, text) == missing(text, declared) == {}
    assert missing(text, licences(("m", "MIT", False)))


def test_the_best_known_origin_of_a_place_counts_and_of_these_the_lowest_grade() -> None:
    weak = Origin("p", Layer.CODE, Relation.VERBATIM, Evidence.E1)
    strong = Origin("p", Layer.CODE, Relation.ADAPTED, Evidence.E3)
    worse = Origin("p", Layer.CODE, Relation.DERIVED, Evidence.E3)
    unknown = Origin("p", Layer.CODE, Relation.UNKNOWN, Evidence.E4)
    assert by_place([unknown, weak, strong, worse]) == {("p", Layer.CODE): worse}


def test_whose_work_went_in() -> None:
    def of(relation: Relation, *organisations: OrganisationRef) -> Origin:
        return Origin("p", Layer.CODE, relation, Evidence.E3, organisations)

    assert of_another(of(Relation.ADAPTED, OTHER), LAB)
    assert of_another(of(Relation.ORIGINAL, OTHER), LAB)
    assert of_another(of(Relation.ADAPTED, LAB, OTHER), LAB)
    assert not of_another(of(Relation.ORIGINAL), LAB)
    assert not of_another(of(Relation.ADAPTED, LAB), LAB)
    assert not of_another(of(Relation.UNKNOWN, OTHER), LAB)


def test_ancestors_are_those_that_are_named_but_the_model_itself() -> None:
    dossier = Dossier(
        "scan",
        "lab/m",
        ancestors=(Ancestor("LAB/M"), Ancestor("x/base"), Ancestor("X/Base", evidence=Evidence.E1)),
        origins=(Origin("p", Layer.WEIGHTS, Relation.DERIVED, Evidence.E2, upstream="y/other"),),
    )
    found = ancestors(dossier)
    assert {name: each.evidence for name, each in found.items()} == {
        "x/base": Evidence.E1,
        "y/other": Evidence.E2,
    }
    bare = {"base": Ancestor("base")}
    assert [each.name for each in without(found, bare)] == ["y/other"]
    assert without(bare, found) == []


def test_a_profile_is_known_by_its_digest_alone() -> None:
    score = recomputed(Dossier("scan", "a/b"), load_profile("kr"))
    assert profile_of(score) == load_profile("kr")
    assert profile_of(replace(score, profile_digest="00" * 32)) is None
    assert profile_of(replace(score, profile="../../kr")) is None
    assert profile_of(None) is None


def test_a_profile_with_another_home_is_known() -> None:
    moved = load_profile("neutral", "JP")
    assert profile_of(recomputed(Dossier("scan", "a/b"), moved)) == moved
    score = replace(recomputed(Dossier("scan", "a/b"), moved), home=("zz",))
    assert profile_of(score) is None


@given(UNSCORED)
def test_order_of_origins_does_not_move_the_score(dossier: Dossier) -> None:
    profile = load_profile("kr")
    backwards = replace(dossier, origins=dossier.origins[::-1], parts=dossier.parts[::-1])
    assert recomputed(dossier, profile) == recomputed(backwards, profile)


RULE = Rule("a.rule", "things", Severity.HIGH, "things", "it may be nothing", "look")


def test_an_id_is_moved_by_what_it_is_about_and_not_by_values() -> None:
    one = RULE.gives(Outcome.FAIL, "x", about=("f",), sides=("1", "2"))
    assert one.id == RULE.gives(Outcome.UNDETERMINED, "y", about=("f",)).id == result_id("a.rule", ["f"])
    assert one.id != RULE.gives(Outcome.FAIL, "x", about=("g",)).id
    assert one.statement == "x; it may be nothing"
    passed = RULE.gives(Outcome.PASS, "x")
    assert (passed.statement, passed.remedy, passed.severity) == ("x", "", Severity.INFO)


def test_what_is_too_much_is_counted() -> None:
    many = [RULE.gives(Outcome.FAIL, f"{number}", about=(str(number),)) for number in range(MAX_RESULTS + 7)]
    found = in_order(reversed(many), {RULE.id: RULE})
    assert len(found) == MAX_RESULTS + 1
    assert found[-1].statement.startswith("7 more of the same kind")
    assert (found[-1].outcome, found[-1].severity) == (Outcome.FAIL, Severity.HIGH)
