"""The GitHub action, the GitLab job and the pre-commit hook: held against their schemas, and run."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.end_to_end.test_examples import ROOT

BIN = Path(sys.executable).parent
VENDORED = files("check_jsonschema.builtin_schemas") / "vendor"


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


def against(name: str, document: Any) -> None:
    rules = json.loads((VENDORED / f"{name}.json").read_bytes())
    jsonschema.validators.validator_for(rules)(rules).validate(document)


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """As a CI server runs a step: in a folder, with the variables that the job sets."""
    environment = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder)} | variables
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def action(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """The last step of the action, its inputs filled in as the server fills them in."""
    document = read("action.yml")
    step = document["runs"]["steps"][-1]
    inputs = {name: str(entry.get("default", "")) for name, entry in document["inputs"].items()} | given
    variables = {
        name: inputs[value.removeprefix("${{ inputs.").removesuffix(" }}")]
        for name, value in step["env"].items()
        if "inputs." in value
    }
    return bash(
        step["run"],
        folder,
        ACTION_PATH=str(ROOT),
        GITHUB_OUTPUT=str(folder / "output"),
        GITHUB_STEP_SUMMARY=str(folder / "summary"),
        **variables,
    )


def test_the_action_answers_to_its_schema_and_runs_no_input_as_code() -> None:
    document = read("action.yml")
    against("github-actions", document)
    for step in document["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize(
    ("name", "code", "outcome"), [("solar-open", 3, "undetermined"), ("fine-tune", 1, "fail")]
)
def test_the_action_tells_outcome_and_files(
    name: str, code: int, outcome: str, boms: dict[str, Path], tmp_path: Path
) -> None:
    result = action(tmp_path, target=str(boms[name]), policy="kr-independent")
    assert result.returncode == code, result.stderr
    told = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert told["outcome"] == outcome
    assert json.loads((tmp_path / told["sarif"]).read_bytes())["version"] == "2.1.0"
    assert (tmp_path / "summary").read_text().startswith("### ")
    assert {path.name for path in (tmp_path / "aibom-verdict").iterdir()} == {
        "verdict.json",
        "verdict.sarif",
        "junit.xml",
        "summary.md",
    }


def test_the_action_takes_a_baseline_and_may_only_warn(boms: dict[str, Path], tmp_path: Path) -> None:
    warned = action(
        tmp_path, target=str(boms["solar-open"]), policy="kr-independent", **{"on-undetermined": "warn"}
    )
    assert warned.returncode == 0 and "warning: undetermined" in warned.stderr
    baseline = tmp_path / "aibom-verdict" / "verdict.json"
    again = action(tmp_path, target=str(boms["solar-open"]), policy="kr-independent", baseline=str(baseline))
    assert again.returncode == 0


def test_an_input_is_no_command(tmp_path: Path) -> None:
    hostile = "x; touch stolen $(touch stolen) `touch stolen`"
    result = action(tmp_path, target=hostile, policy="kr-independent")
    assert result.returncode == 4 and not (tmp_path / "stolen").exists()
    option = action(tmp_path, target="--help", policy="kr-independent")
    assert option.returncode == 4


def test_the_gitlab_job_answers_to_its_schema_and_runs(boms: dict[str, Path], tmp_path: Path) -> None:
    document = read("ci/gitlab.yml")
    against("gitlab-ci", document)
    job = document["aibom"]
    install, *script = job["script"]
    assert install == "python -m pip install --quiet aibom"
    variables = {
        "AIBOM_TARGET": str(boms["solar-open"]),
        "AIBOM_POLICY": "kr-independent",
        **job["variables"],
    }
    result = bash("\n".join(script), tmp_path, **variables)
    assert result.returncode == 3, result.stderr
    report = job["artifacts"]["reports"]["junit"].replace("$AIBOM_OUTPUT", variables["AIBOM_OUTPUT"])
    assert (tmp_path / report).read_bytes().startswith(b"<?xml")


def test_the_pre_commit_hook_checks_the_repository(models: dict[str, Path], tmp_path: Path) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert {"id", "name", "entry", "language"} <= set(hook) and hook["pass_filenames"] is False
    arguments = ["--policy", "kr-independent", "--offline", "--as", "upstage/Solar-Open-shape"]
    result = bash(f"{hook['entry']} {shlex.join(arguments)}", models["solar-open"], HOME=str(tmp_path))
    assert result.returncode == 3, result.stderr
