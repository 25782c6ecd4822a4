"""Each rule rejects a document broken in its own way, and is silent on a good one."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibom import bom
from aibom.bom.problem import Level
from aibom.bom.rules import RULES, Document
from tests import samples
from tests.bom.breakers import BREAKERS, first_file, model
from tests.bom.documents import part

CASES = [(rule, breaker) for rule, breakers in sorted(BREAKERS.items()) for breaker in breakers]


def test_every_rule_has_a_document_that_breaks_it():
    assert set(BREAKERS) == set(RULES)


@pytest.mark.parametrize(("rule", "breaker"), CASES, ids=[f"{r}-{b.__name__}" for r, b in CASES])
def test_a_broken_document_is_rejected(rule, breaker):
    document = bom.build(samples.rich())
    breaker(document)

    hits = [problem for problem in bom.lint(document) if problem.rule == rule]

    assert hits
    assert {problem.severity for problem in hits} == {RULES[rule].severity}


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
@pytest.mark.parametrize("sample", ["minimal", "rich", "finetune"])
def test_a_good_document_has_no_problem_but_the_missing_sha_512(sample, spec):
    document = bom.build(samples.ALL[sample](), spec=spec)

    assert {problem.rule for problem in bom.lint(document)} == {"sha-512-missing"}


def test_a_country_may_be_sourced_by_a_citation_instead():
    document = bom.build(samples.rich())
    model(document)["supplier"]["address"] = {"country": "US"}
    document["citations"][0]["pointers"].append("/metadata/component/supplier")

    assert not [problem for problem in bom.lint(document) if problem.rule == "country-without-source"]


def test_a_mirror_may_keep_the_name_under_its_own_namespace():
    document = bom.build(samples.finetune())
    root = model(document)
    root["group"], root["name"] = "mirror", "Llama-3.1-8B"
    root["purl"] = f"pkg:huggingface/mirror/Llama-3.1-8B@{samples.COMMIT}"

    assert {problem.rule for problem in bom.lint(document)} == {"sha-512-missing"}


def test_references_into_other_documents_are_left_alone():
    document = bom.build(samples.rich())
    link = "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#model"
    model(document)["modelCard"]["modelParameters"]["datasets"].append({"ref": link})

    assert not [problem for problem in bom.lint(document) if problem.rule == "dangling-reference"]


def test_empty_files_may_be_equal():
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    document = bom.build(samples.rich())
    for component in (first_file(document), part(document, "remote-code")):
        component["hashes"] = [{"alg": "SHA-256", "content": empty}]

    assert not [problem for problem in bom.lint(document) if problem.rule == "duplicate-hash"]


def test_errors_come_first_and_one_rule_cannot_drown_the_rest():
    document = bom.build(samples.rich())
    document["dependencies"] += [{"ref": f"gone-{number}"} for number in range(500)]

    problems = bom.lint(document)

    assert problems[0].severity is Level.ERROR
    assert problems[-1].severity is Level.INFO
    assert len([problem for problem in problems if problem.rule == "dangling-reference"]) == 100


def test_messages_are_safe_on_a_terminal():
    document = bom.build(samples.minimal())
    document["dependencies"].append({"ref": "\x1b[31m\u202eevil"})

    assert all(problem.message.isprintable() for problem in bom.lint(document))


OBJECTS = [item for group in Document(bom.build(samples.rich())).within.values() for _, item in group]
KEYS = st.sampled_from(sorted({key for item in OBJECTS for key in item}))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "CycloneDX",
            "1.7",
            "pkg:",
            "pkg:huggingface/a/b@c#d",
            "machine-learning-model",
            "unknown",
            "/a/0",
            "~",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=40,
)


@settings(deadline=None, max_examples=300)
@given(VALUES)
def test_any_json_is_linted_without_a_crash(document):
    for problem in bom.lint(document):
        assert problem.rule in RULES


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_good_document_with_one_value_replaced_is_linted_without_a_crash(data):
    document = bom.build(samples.finetune(), reproducible=True)
    owner: Any = document
    while True:
        key = data.draw(st.sampled_from(sorted(owner) if isinstance(owner, dict) else range(len(owner))))
        if not owner[key] or not isinstance(owner[key], (dict, list)) or data.draw(st.booleans()):
            break
        owner = owner[key]
    owner[key] = data.draw(VALUES)

    bom.lint(document)
