"""`aibom questionnaire`: from a model to a form, from answers to the BOM, as vendor and buyer use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aibom import bom
from tests import samples
from tests.builders.safetensors import safetensors
from tests.cli.conftest import Cli
from tests.questionnaire.samples import LOG, LOG_DIGEST, document


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    config = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8}
    (folder / "config.json").write_text(json.dumps(config))
    weights = {"model.layers.0.mlp.up_proj.weight": ("F32", (4, 4)), "lm_head.weight": ("F32", (4, 4))}
    (folder / "model.safetensors").write_bytes(safetensors(weights))
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Solar\n")
    return folder


def answer(tmp_path: Path, **sections: Any) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(document(**sections)))
    return path


def test_a_model_gives_a_form_with_its_parts(cli: Cli, model: Path, tmp_path: Path) -> None:
    form = tmp_path / "answers.yaml"
    done = cli("questionnaire", "form", model, "--as", "upstage/solar", "--offline", "-o", form)
    assert (done.exit_code, done.stdout) == (0, "")
    text = form.read_text()
    assert 'id: "upstage/solar"' in text and '"decoder-core":' in text
    done = cli("questionnaire", "check", form)
    assert done.exit_code == 0
    assert done.stdout.startswith("upstage/solar: 0 of ")


def test_a_bom_gives_the_same_form(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(bom.build(samples.rich(), reproducible=True)))
    done = cli("questionnaire", "form", path)
    assert done.exit_code == 0
    revision = samples.rich().target.revision
    assert revision is not None and f'revision: "{revision}"' in done.stdout


def test_the_page_goes_where_it_is_sent(cli: Cli, model: Path, tmp_path: Path) -> None:
    page = tmp_path / "form.html"
    assert cli("questionnaire", "form", model, "--offline", "-f", "html", "-o", page).exit_code == 0
    assert page.read_text().startswith("<!DOCTYPE html>")
    done = cli("questionnaire", "form", model, "--offline", "-o", tmp_path / "no" / "form.yaml")
    assert done.exit_code == 2


def test_answers_are_not_written_over(cli: Cli, model: Path, tmp_path: Path) -> None:
    form = tmp_path / "answers.yaml"
    form.write_text("answered")
    done = cli("questionnaire", "form", model, "--offline", "-o", form)
    assert done.exit_code == 2 and "may hold answers" in done.stderr
    assert form.read_text() == "answered"


def test_faults_are_listed_with_lines_and_fail(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("schema: urn:aibom:schema:questionnaire:1\nmodel: {id: x}\nuse:\n  intented: y\n")
    done = cli("questionnaire", "check", path)
    assert done.exit_code == 1
    assert "use.intented" in done.stdout and "did you mean" in done.stdout
    listed = json.loads(cli("questionnaire", "check", path, "-f", "json").stdout)
    assert (listed["valid"], listed["faults"][0]["line"]) == (False, 4)
    assert cli("questionnaire", "check", tmp_path / "nothing").exit_code == 4


@pytest.mark.parametrize(("content", "code", "state"), [(LOG, 0, "matches"), (b"other", 1, "differs")])
def test_documents_are_held_against_their_digests(
    cli: Cli, tmp_path: Path, content: bytes, code: int, state: str
) -> None:
    (tmp_path / "log.txt").write_bytes(content)
    path = answer(tmp_path, documents=[{"id": "log", "path": "log.txt", "sha256": LOG_DIGEST}])
    assert "1 documents named" in cli("questionnaire", "check", path).stdout
    done = cli("questionnaire", "check", path, "--documents", tmp_path, "-f", "json")
    assert done.exit_code == code
    assert json.loads(done.stdout)["documents"][0]["state"] == state


def test_answers_enter_the_bom_as_the_vendors_claims(cli: Cli, model: Path, tmp_path: Path) -> None:
    path = answer(
        tmp_path,
        respondent={"organisation": "Upstage", "date": "2026-11-01"},
        documents=[
            {"id": "log", "path": "log.txt", "sha256": LOG_DIGEST},
            {"id": "paper", "url": "https://example.org/paper", "sha256": "b" * 64},
        ],
        parts={"decoder-core": {"initialisation": "random", "documents": ["log", "paper"]}},
        use={"intended": "<script>alert(1)</script>\u202e"},
    )
    done = cli("generate", model, "--as", "upstage/solar", "--offline", "--answers", path, "-o", "-")
    assert done.exit_code == 0, done.stderr
    written = json.loads(done.stdout)
    claims = {claim["reasoning"].split(",")[0]: claim for claim in written["declarations"]["claims"]}
    claim = claims["Rule questionnaire.training-own"]
    assert ": declared, severity info." in claim["reasoning"]
    evidence = {piece["bom-ref"]: piece for piece in written["declarations"]["evidence"]}
    pieces = [evidence[ref] for ref in claim["evidence"]]
    quotes = {piece["data"][0]["contents"]["attachment"]["content"] for piece in pieces}
    assert f"sha256:{LOG_DIGEST}" in quotes
    urls = {piece["data"][0]["contents"].get("url") for piece in pieces}
    assert urls == {None, "https://example.org/paper"}
    assert "\u202e" not in done.stdout
    properties = {
        (each["name"], each["value"])
        for component in written["metadata"]["component"]["components"]
        for each in component.get("properties", ())
    }
    assert ("aibom:origin:weights:relation", "original") in properties
    assert ("aibom:origin:weights:evidence", "E1") in properties


def test_what_contradicts_an_answer_stands_against_its_claim(cli: Cli, model: Path, tmp_path: Path) -> None:
    card = "---\nlicense: apache-2.0\nbase_model: Qwen/Qwen2-7B\n---\n# Solar\n"
    (model / "README.md").write_text(card)
    path = answer(tmp_path, parts={"decoder-core": {"initialisation": "random"}})
    done = cli("generate", model, "--as", "upstage/solar", "--offline", "--answers", path, "-o", "-")
    written = json.loads(done.stdout)
    assert not [each for each in bom.lint(written) if each.severity == "error"]
    claims = {claim["reasoning"].split(",")[0]: claim for claim in written["declarations"]["claims"]}
    evidence = {piece["bom-ref"]: piece["description"] for piece in written["declarations"]["evidence"]}
    against = [evidence[ref] for ref in claims["Rule questionnaire.training-own"]["counterEvidence"]]
    assert any(place.startswith("README.md") for place in against)
    assert "counterEvidence" not in claims["Rule questionnaire.contradiction"]
    assert "counterEvidence" not in claims["Rule declared.base-model"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": {"id": "upstage/other"}}, "the answers are for upstage/other, not for upstage/solar"),
        ({"use": {"intented": "x"}}, "line 1: use.intented"),
    ],
)
def test_answers_for_another_model_or_in_the_wrong_form_are_refused(
    cli: Cli, model: Path, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = answer(tmp_path, **changes)
    done = cli("generate", model, "--as", "upstage/solar", "--offline", "--answers", path, "-o", "-")
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr


def test_answers_for_a_commit_that_is_not_known_are_told(cli: Cli, model: Path, tmp_path: Path) -> None:
    path = answer(tmp_path, model={"id": "upstage/solar", "revision": "a" * 40})
    arguments = ("generate", model, "--offline", "--answers", path, "-f", "json", "-o", "-")
    report = json.loads(cli(*arguments, "--as", "upstage/solar").stdout)
    reasons = {item["reason"] for item in report["unknowns"] if item["path"] == "answers.json"}
    assert f"the answers are for commit {'a' * 40}; the target's is not known" in reasons
    report = json.loads(cli(*arguments).stdout)
    assert any("of which repository the target is" in item["reason"] for item in report["unknowns"])
