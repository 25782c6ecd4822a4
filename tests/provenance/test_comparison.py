"""Two targets side by side: each signal answers for itself, and none accuses."""

from __future__ import annotations

from dataclasses import replace

import jsonschema

from aibom import provenance
from aibom.cli.output import text_bytes
from aibom.model import (
    CodePrint,
    Comparison,
    Declaration,
    DeclarationKind,
    FileClass,
    FileEntry,
    Inspected,
    Locator,
    Part,
    Print,
    Role,
    ShapePrint,
    Stage,
    Target,
    TargetKind,
    TokenizerPrint,
    Unknown,
)
from aibom.provenance.context import Context
from aibom.render import compare_json, json_bytes
from aibom.render.compare import compare_table
from aibom_schemas import schema
from tests.provenance.knowledge import CATALOG

ENTRIES = tuple((f"layers.#.{name}.weight", ("h", "h")) for name in ("q", "k", "v", "o", "up", "down"))


def context(
    name: str,
    *prints: Print,
    declarations: tuple[Declaration, ...] = (),
    files: tuple[FileEntry, ...] = (),
    role: Role = Role.DECODER_CORE,
) -> Context:
    parts = (Part("core", role, "Core", present=True), Part("code", Role.REMOTE_CODE, "Code"))
    target = Target(name, TargetKind.HUB, name, repository=name)
    inspected = Inspected(parts=parts, prints=prints, declarations=declarations)
    return Context(target, files, inspected, CATALOG)


def code(start: int, count: int = 60, name: str = "Router", path: str = "modeling.py") -> list[CodePrint]:
    """A module with one class; fingerprints beyond 32 bit, so that no reference holds them."""
    values = tuple(range(2**33 + start, 2**33 + start + count))
    return [
        CodePrint("code", path, "modeling", values, 900),
        CodePrint("code", path, name, values, 900, line=7),
    ]


def words(start: int, size: int = 1500) -> TokenizerPrint:
    own = tuple(range(start, start + size))
    return TokenizerPrint(
        "tokenizer", "bpe", str(start), str(start), size, size, ((1000, str(start)),), own, own
    )


def compared(a: Context, b: Context) -> Comparison:
    """The comparison, valid as JSON, safe as a table, and free of words that accuse."""
    found = provenance.compare(a, b)
    document = compare_json(found)
    jsonschema.Draft202012Validator(schema("compare")).validate(document)
    shown = text_bytes(compare_table(found)) + json_bytes(document)
    assert b"\x1b" not in shown
    assert not [word for word in (b"copied", b"stolen", b"plagiar") if word in shown.lower()]
    assert found.weights.verdict == "indeterminate"
    assert found.weights.reason == "not tested at this depth: no weights of A and B were sampled"
    return found


def test_code_that_stands_in_the_other_shares_lineage_with_both_places() -> None:
    found = compared(context("o/a", *code(0)), context("o/b", *code(0, 50, "Gate", "other.py"))).code
    whole, pair = found.pairs
    assert found.verdict == whole.verdict == "shares-lineage"
    assert (pair.locators_a[0], pair.locators_b[0]) == (Locator("modeling.py", 7), Locator("other.py", 7))
    assert whole.statistic is not None
    assert (whole.statistic.value, whole.statistic.null) == (1.0, 0.09)
    assert pair.alternative


def test_code_between_null_and_threshold_is_indeterminate_and_unlike_code_is_no_match() -> None:
    assert compared(context("o/a", *code(0)), context("o/b", *code(30))).code.verdict == "indeterminate"
    unlike = compared(context("o/a", *code(0)), context("o/b", *code(100))).code
    assert unlike.verdict == "no-match"
    assert len(unlike.pairs) == 1


def test_too_little_code_and_no_code_are_indeterminate() -> None:
    assert compared(context("o/a", *code(0, 5)), context("o/b", *code(0, 5))).code.verdict == "indeterminate"
    none = compared(context("o/a", *code(0)), context("o/b")).code
    assert (none.verdict, none.reason) == ("indeterminate", "no code of B could be compared")


def test_vocabularies_are_compared_pair_by_pair_and_the_closest_decides() -> None:
    same = compared(context("o/a", words(0), words(9000)), context("o/b", words(0))).tokenizer
    assert same.verdict == "identical"
    assert [pair.verdict for pair in same.pairs] == ["identical", "independent"]
    assert compared(context("o/a", words(0)), context("o/b", words(9000))).tokenizer.verdict == "independent"
    untold = compared(context("o/a", words(0)), context("o/b", words(9000), words(0, 20))).tokenizer
    assert untold.verdict == "indeterminate"


def test_equal_shapes_resemble_and_never_raise_weights() -> None:
    shape = ShapePrint("core", ENTRIES, (("h", 64),))
    found = compared(context("o/a", shape), context("o/b", shape))
    assert found.architecture.verdict == "resembles"
    assert found.weights.verdict == "indeterminate"
    assert found.declared.verdict == "nothing-in-common"


def test_shapes_are_compared_within_one_role_only() -> None:
    shape = ShapePrint("core", ENTRIES)
    other = context("o/b", shape, role=Role.VISION_ENCODER)
    assert compared(context("o/a", shape), other).architecture.pairs == ()
    unlike = replace(shape, entries=tuple((f"blocks.#.{name}", sizes) for name, sizes in ENTRIES))
    assert compared(context("o/a", shape), context("o/b", unlike)).architecture.verdict == "different"
    small = replace(shape, entries=ENTRIES[:2])
    assert compared(context("o/a", small), context("o/b", small)).architecture.verdict == "indeterminate"


def test_nothing_readable_is_indeterminate_and_never_clean() -> None:
    found = compared(context("o/a"), context("o/b"))
    verdicts = {
        str(each.verdict) for each in (found.code, found.tokenizer, found.architecture, found.weights)
    }
    assert verdicts == {"indeterminate"}


def parent(value: str) -> Declaration:
    return Declaration(DeclarationKind.BASE_MODEL, value, Locator("README.md", 3), relation="finetune")


def test_a_declared_parent_is_told_with_the_side_that_names_it() -> None:
    found = compared(context("o/a"), context("o/b", declarations=(parent("O/A"),))).declared
    assert found.verdict == "names"
    assert found.pairs[0].statement == "B names A, O/A, as a parent."
    assert (found.pairs[0].locators_a, found.pairs[0].locators_b) == ((), (Locator("README.md", 3),))
    both = [context(name, declarations=(parent("x/base"),)) for name in ("o/a", "o/b")]
    assert compared(*both).declared.verdict == "same-parent"


def test_equal_weights_by_digest_are_told_and_equal_licence_texts_are_not() -> None:
    weights = FileEntry("model.safetensors", 10, "ab" * 32, FileClass.WEIGHTS)
    other = replace(weights, path="shard.safetensors")
    licence = FileEntry("LICENSE", 10, "cd" * 32, FileClass.LICENCE)
    found = compared(
        context("o/a", files=(licence, weights)), context("o/b", files=(licence, other))
    ).declared
    assert found.verdict == "equal-files"
    assert [pair.locators_b[0].path for pair in found.pairs] == ["shard.safetensors"]


def test_families_are_told_and_show_no_more_than_names() -> None:
    name = CATALOG.lineage.family("llama")
    assert name is not None
    declared = Declaration(DeclarationKind.MODEL_TYPE, "llama", Locator("config.json", key="model_type"))
    both = [context(each, declarations=(declared,)) for each in ("o/a", "o/b")]
    assert compared(*both).declared.verdict == "same-family"
    meta = context("meta-llama/x")
    assert compared(context("o/a", declarations=(declared,)), meta).declared.verdict == "names-developer"


def test_hostile_names_steer_no_terminal() -> None:
    evil = "\x1b[31m\u202ex" * 50
    prints = code(0, name=evil, path=f"{evil}.py")
    compared(context("o/\x1b[2Ja", *prints), context("o/b", *prints))


def test_the_order_of_targets_changes_no_verdict() -> None:
    one = context("o/a", *code(0), words(0), ShapePrint("core", ENTRIES))
    other = context("o/b", *code(5), words(0), ShapePrint("core", ENTRIES), declarations=(parent("o/a"),))
    there, back = compared(one, other), compared(other, one)
    for name in ("declared", "code", "tokenizer", "architecture"):
        assert getattr(there, name).verdict == getattr(back, name).verdict


def test_a_negative_verdict_needs_every_file_read() -> None:
    files = (FileEntry("modeling.py", 10, kind=FileClass.CODE),)
    a, b = context("o/a", *code(0), files=files), context("o/b", *code(100))
    unseen = (Unknown("modeling.py", Stage.INSPECTION, "too long"),)
    assert provenance.compare(a, b).code.verdict == "no-match"
    assert provenance.compare(a, b, unknowns=(unseen, ())).code.verdict == "indeterminate"
