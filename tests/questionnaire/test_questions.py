"""The schema is the questionnaire: every question of it is asked, and asked in words."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from aibom.questionnaire import SCHEMA, Kind, Question, sections
from aibom_schemas import schema


def every() -> list[tuple[str, Question]]:
    asked = [(section.key, question) for section in sections() for question in section.questions]
    return asked + [(key, column) for key, question in asked for column in question.columns]


def test_the_schema_is_valid_and_named() -> None:
    document = schema("questionnaire")
    Draft202012Validator.check_schema(document)
    assert document["$id"] == SCHEMA


def test_each_section_and_question_is_asked_in_words() -> None:
    keys = set(schema("questionnaire")["properties"]) - {"schema"}
    assert {section.key for section in sections()} == keys
    assert all(section.title for section in sections())
    assert all(question.title for _, question in every())


def test_what_the_issue_names_is_asked() -> None:
    asked = {f"{section}.{question.key}" for section, question in every()}
    assert asked >= {
        "parts.initialisation",
        "parts.seed",
        "parts.checkpoints",
        "parts.logs",
        "tokenizer.vocabulary",
        "data.sources",
        "data.curation",
        "data.tokens",
        "data.sensitive",
        "compute.sites",
        "compute.hardware",
        "compute.flops",
        "compute.energy_kwh",
        "governance.decision_makers",
        "governance.controls",
        "governance.licensor",
        "governance.contact",
        "use.intended",
        "use.policy",
        "security.contact",
        "security.vulnerability_policy",
    }


def test_kinds_are_told_from_the_schema() -> None:
    kinds = {f"{section}.{question.key}": question.kind for section, question in every()}
    assert kinds["parts.initialisation"] is Kind.CHOICE
    assert kinds["parts.logs"] is Kind.CHOICE
    assert kinds["parts.begun"] is Kind.DAY
    assert kinds["parts.documents"] is Kind.DOCUMENTS
    assert kinds["data.sources"] is Kind.ROWS
    assert kinds["data.personal"] is Kind.YES
    assert kinds["data.languages"] is Kind.TEXTS
    assert kinds["compute.flops"] is Kind.NUMBER
    assert kinds["compute.country"] is Kind.LINE
    assert kinds["use.intended"] is Kind.TEXT
