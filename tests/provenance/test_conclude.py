"""What holds for all signals together: layers kept apart, stable ids, order, wording."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.model import (
    Declaration,
    DeclarationKind,
    HubRecord,
    Inspected,
    Layer,
    Licence,
    Locator,
    Observation,
    Relation,
    Severity,
    Signal,
)
from aibom.provenance import RULES
from tests.provenance.knowledge import (
    ADAPTER,
    AUDIO,
    CODE,
    CORE,
    HEAD,
    TOKENIZER,
    VISION,
    by_rule,
    notice,
    says,
    trace,
)

PARTS = (CORE, HEAD, VISION, AUDIO, ADAPTER, TOKENIZER, CODE)
VALUES = (
    "Qwen/Qwen2-7B", "upstage/base", "unsloth/x", "not a repository", "llama", "qwen2_5_vl", "whisper",
    "solar_open", "LlamaForCausalLM", "DeepseekV3ForCausalLM", "configuration_deepseek.DeepseekV3Config",
    "novel", "deepseek-ai/V3--modeling_deepseek.X", "transformers.models.llama", "",
)  # fmt: skip
ABOUT_CODE = (DeclarationKind.AUTO_MAP, DeclarationKind.IMPORT, DeclarationKind.INHERITS)


def declarations(kinds: tuple[DeclarationKind, ...]) -> st.SearchStrategy[tuple[Declaration, ...]]:
    one = st.builds(
        says,
        st.sampled_from(kinds),
        st.sampled_from(VALUES),
        st.sampled_from([None, "gone", *(part.id for part in PARTS)]),
        st.sampled_from([None, "finetune", "merge"]),
    )
    return st.lists(one, max_size=6).map(tuple)


notices = st.lists(
    st.builds(
        notice,
        st.sampled_from(["The ZhipuAI Inc. team", "Upstage AI", "HuggingFace Inc. team", "Jane Doe", ""]),
        path=st.sampled_from(["modeling_x.py", "convert.py", "LICENSE"]),
    ),
    max_size=4,
).map(tuple)
licences = st.lists(
    st.builds(
        Licence,
        st.sampled_from(["llama3.1", "apache-2.0", "other"]),
        st.just(Locator("README.md")),
        st.sampled_from([None, "Apache-2.0", "MIT"]),
        st.booleans(),
    ),
    max_size=3,
).map(tuple)
parts = st.lists(st.sampled_from(PARTS), unique=True).map(tuple)
repositories = st.sampled_from([None, "upstage/solar", "nobody/x", "unsloth/x"])


@given(parts, declarations(tuple(DeclarationKind)), declarations(ABOUT_CODE), notices, licences, repositories)
def test_code_and_notices_never_move_weights_or_tokenizer(
    some: tuple, said: tuple, code: tuple, lines: tuple, terms: tuple, repository: str | None
) -> None:
    plain, _ = trace(Inspected(some, said), repository)
    more, _ = trace(Inspected(some, (*said, *code), notices=lines, licences=terms), repository)
    for layer in (Layer.WEIGHTS, Layer.TOKENIZER, Layer.DATA):
        assert [item for item in plain.origins if item.layer is layer] == [
            item for item in more.origins if item.layer is layer
        ]


@given(parts, declarations((DeclarationKind.MODEL_TYPE, DeclarationKind.ARCHITECTURE)), repositories)
def test_an_architecture_never_gives_weights_a_relation(
    some: tuple, said: tuple, repository: str | None
) -> None:
    found, _ = trace(Inspected(some, said), repository)
    assert all(item.relation is Relation.UNKNOWN for item in found.origins if item.layer is Layer.WEIGHTS)


@given(parts, declarations(tuple(DeclarationKind)), notices, licences, repositories)
def test_the_invariants_of_provenance_hold(
    some: tuple, said: tuple, lines: tuple, terms: tuple, repository: str | None
) -> None:
    inspected = Inspected(some, said, lines, terms)
    found, _ = trace(inspected, repository)
    keys = [(item.part, item.layer) for item in found.origins]
    assert len(keys) == len(set(keys))
    ids = [item.id for item in found.findings]
    assert len(ids) == len(set(ids))
    known = {organisation.id for organisation in found.organisations}
    layer_of = {item.id: item.layer for item in found.findings}
    for origin in found.origins:
        assert origin.part in {part.id for part in some} | {"model"}
        assert {organisation.id for organisation in origin.organisations} <= known
        assert {layer_of[ident] for ident in origin.findings} == {origin.layer}
    shuffled = replace(
        inspected,
        declarations=tuple(reversed(said)),
        notices=tuple(reversed(lines)),
        parts=tuple(reversed(some)),
    )
    again = trace(shuffled, repository)[0]
    assert again.origins == found.origins
    assert [item.id for item in again.findings] == ids


def test_ids_survive_a_moved_line_and_tell_other_inputs_apart() -> None:
    first = trace(Inspected((CODE,), notices=(notice("DeepSeek-AI", line=3),)))[0].findings[0].id
    moved = trace(Inspected((CODE,), notices=(notice("DeepSeek-AI", line=9),)))[0].findings[0].id
    other = trace(Inspected((CODE,), notices=(notice("The ZhipuAI Inc. team"),)))[0].findings[0].id
    assert first == moved != other
    assert re.fullmatch(r"F-[0-9a-f]{12}", first)


def test_observations_become_findings_under_their_own_rule() -> None:
    seen = Observation("toy.absent", "declared and absent", severity=Severity.MEDIUM, part="vision-encoder")
    (finding,) = trace(Inspected((VISION,), observations=(seen,)))[0].findings
    assert (finding.rule, finding.signal, finding.severity) == (
        "toy.absent",
        Signal.STRUCTURE,
        Severity.MEDIUM,
    )


def test_files_that_the_hub_flags_are_findings_of_high_severity() -> None:
    found, _ = trace(Inspected((CORE,)), hub=HubRecord(security_issues=(("model.pkl", "unsafe"),)))
    (finding,) = by_rule(found, "hub.security")
    assert (finding.severity, finding.signal, finding.layer) == (Severity.HIGH, Signal.SECURITY, None)
    assert finding.locators[0].path == "model.pkl"
    assert found.origins == ()


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_says_how_it_is_refuted_and_accuses_nobody(rule: object) -> None:
    texts = [getattr(rule, name) for name in ("reads", "concludes", "cannot_show", "alternative", "contest")]
    assert all(texts)
    assert not re.search(r"stolen|copied by|theft|plagiar", " ".join(texts), re.IGNORECASE)


def test_only_declarations_digests_and_weights_may_speak_of_weights() -> None:
    weights = [rule for rule in RULES.values() if rule.layer is Layer.WEIGHTS]
    speakers = {rule.signal for rule in weights if rule.relation is not Relation.UNKNOWN}
    assert speakers <= {Signal.DECLARED, Signal.WEIGHTS}
    assert all(rule.in_question for rule in weights if rule.signal is Signal.ARCHITECTURE)


def test_statements_carry_no_escapes_of_the_model() -> None:
    hostile = says(DeclarationKind.BASE_MODEL, "a\x1b[31m\u202eb")
    found, _ = trace(Inspected((CORE,), (hostile,)))
    assert all(item.statement.isprintable() for item in found.findings)
