"""`aibom index`: add, search, info, export and verify, over a library that samples at once."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aibom.api import Report
from aibom.errors import NotFoundError
from aibom.index import decode
from aibom.index.connection import FILE
from aibom.model import Inspected, Part, Role
from aibom_schemas import schema
from tests.analyses import solar
from tests.cli.conftest import Cli, Library
from tests.index.records import COMMIT, Model, model, noisy, record_file, samples
from tests.index.test_store import _tampered

WIDTH = 512


def _report(whole: Model, repository: str = "own/model") -> Report:
    analysis = solar()
    target = replace(analysis.target, repository=repository, revision=COMMIT, ref=repository)
    parts = (Part("decoder-core", Role.DECODER_CORE, "core"),)
    return Report(
        replace(analysis, target=target, inspected=Inspected(parts=parts, prints=samples(whole)), unknowns=())
    )


def _searched(cli: Cli, target: str, folder: Path) -> dict[str, Any]:
    done = cli("index", "search", target, "--index", folder, "-f", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    document: dict[str, Any] = json.loads(done.stdout)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema("index-search"), format_checker=checker).validate(document)
    return document


@pytest.fixture
def folder(cli: Cli, tmp_path: Path) -> Path:
    """An index of six models that were exchanged as files."""
    files = []
    for seed in range(1, 7):
        file = tmp_path / f"{seed}.safetensors"
        file.write_bytes(record_file(seed, whole=model(seed, width=WIDTH)))
        files.append(file)
    done = cli("index", "add", *files, "--index", tmp_path / "index")
    assert (done.exit_code, done.stdout.count(": added\n")) == (0, 6)
    return tmp_path / "index"


def test_a_model_is_sampled_and_added_once(cli: Cli, library: Library, tmp_path: Path) -> None:
    library.report = _report(model(1))
    done = cli("index", "add", "own/model", "--index", tmp_path, "--offline")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith(f" own/model@{COMMIT}: added\n")
    assert library.calls[0][0] == "own/model"
    assert (library.calls[0][1]["depth"], library.calls[0][1]["offline"]) == ("weights", True)
    assert cli("index", "add", "own/model", "--index", tmp_path).stdout.endswith(": already there\n")


def test_of_several_targets_one_that_fails_does_not_stop_the_others(
    cli: Cli, library: Library, tmp_path: Path
) -> None:
    library.report = _report(model(1))
    library.failures["no/such"] = NotFoundError("no/such: no such repository")
    done = cli("index", "add", "no/such", "own/model", "--index", tmp_path)
    assert done.exit_code == 4
    assert "error: no/such: no/such: no such repository\nadvice: " in done.stderr
    assert done.stdout.endswith(": added\n")


def test_a_model_without_weights_is_undetermined(cli: Cli, library: Library, tmp_path: Path) -> None:
    library.report = Report(replace(solar(), inspected=Inspected()))
    done = cli("index", "add", "own/model", "--index", tmp_path / "new")
    assert done.exit_code == 3
    assert "no matrix of weights could be sampled" in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_damaged_record_file_is_an_input_error(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "record.safetensors"
    file.write_bytes(record_file(1)[:-1])
    done = cli("index", "add", file, "--index", tmp_path / "new")
    assert (done.exit_code, done.stderr.count("\n")) == (4, 2)
    assert not (tmp_path / "new").exists()


def test_a_search_names_the_model_that_agrees(cli: Cli, library: Library, folder: Path) -> None:
    library.report = _report(noisy(model(4, width=WIDTH), 1.0))
    found = _searched(cli, "own/model", folder)
    best = found["models"][0]
    assert (best["id"], best["commit"], best["sketch"]["standing"]) == ("org4/model", COMMIT, "likely")
    (part,) = best["parts"]
    assert part["verdict"] == "shared-initialisation-or-derivation"
    assert part["layer_map"] == [[layer, layer] for layer in range(6)]
    assert len(part["controls"]) >= 3
    assert {each["parts"][0]["verdict"] for each in found["models"][1:]} == {"independent"}
    coverage = found["coverage"]
    assert (coverage["records"], coverage["listed"], coverage["left_out"]) == (6, 6, 0)
    assert found == _searched(cli, "own/model", folder)


def test_the_table_tells_what_agrees_and_what_became_of_the_rest(
    cli: Cli, library: Library, folder: Path
) -> None:
    library.report = _report(noisy(model(4, width=WIDTH), 1.0))
    done = cli("index", "search", "own/model", "--index", folder, "--limit", 2)
    text = " ".join(done.stdout.split())
    assert "org4/model" in text
    assert "org1/model" not in text
    assert "6 records searched: 2 tested in full; by sketches 1 likely, 0 open, 5 unlikely" in text
    assert "would have shown a correlation of" in text


def test_records_of_the_target_itself_are_passed_over(cli: Cli, library: Library, folder: Path) -> None:
    library.report = _report(model(4, width=WIDTH), "org4/model")
    found = _searched(cli, "org4/model", folder)
    assert found["coverage"]["own"] is True
    assert "org4/model" not in {each["id"] for each in found["models"]}


def test_a_search_that_tests_nothing_is_undetermined(cli: Cli, library: Library, folder: Path) -> None:
    library.report = _report(model(1, width=80))
    done = cli("index", "search", "own/model", "--index", folder)
    assert done.exit_code == 3
    assert "Nothing could be tested, so nothing is known." in done.stdout
    library.report = Report(replace(solar(), inspected=Inspected()))
    assert cli("index", "search", "own/model", "--index", folder).exit_code == 3


def test_a_damaged_record_is_told_and_the_others_are_tested(cli: Cli, library: Library, folder: Path) -> None:
    _tampered(folder, "UPDATE records SET content = zeroblob(100) WHERE number = 4")
    library.report = _report(model(4, width=WIDTH))
    found = _searched(cli, "own/model", folder)
    assert len(found["models"]) == 5
    assert "org4/model" in found["unknowns"][0]["reason"]


def test_info_lists_records_models_and_organisations(cli: Cli, folder: Path) -> None:
    told = json.loads(cli("index", "info", "--index", folder, "-f", "json").stdout)
    assert (told["models"], len(told["records"]), told["damaged"]) == (6, 6, [])
    assert told["organisations"] == {f"hub:org{seed}": 1 for seed in range(1, 7)}
    assert told["bytes"] == sum(each["size"] for each in told["records"])
    text = cli("index", "info", "--index", folder).stdout
    assert "org3/model" in text
    assert "6 records of 6 models" in text


def test_an_exported_record_is_taken_by_another_index(cli: Cli, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.safetensors"
    done = cli("index", "export", "org2/model", "--index", folder, "-o", file)
    assert done.exit_code == 0
    assert file.read_bytes() == record_file(2, whole=model(2, width=WIDTH))
    assert decode(file.read_bytes(), "out").model.id == "org2/model"
    assert cli("index", "add", file, "--index", tmp_path / "other").exit_code == 0
    assert cli("index", "verify", "--index", tmp_path / "other").stdout == "1 sound, 0 damaged\n"


def test_verify_fails_where_a_record_is_damaged(cli: Cli, folder: Path) -> None:
    assert cli("index", "verify", "--index", folder).exit_code == 0
    _tampered(folder, "UPDATE records SET content = zeroblob(100) WHERE number = 4")
    done = cli("index", "verify", "--index", folder)
    assert done.exit_code == 1
    assert "org4/model" in done.stdout
    assert done.stdout.endswith("5 sound, 1 damaged\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("info",),
        ("verify",),
        ("search", "own/model"),
        ("export", "x", "-o", "out.safetensors"),
    ],
)
def test_where_there_is_no_index_the_command_was_used_wrongly(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = cli("index", *arguments, "--index", tmp_path)
    assert done.exit_code == 2
    assert "there is no index here\nadvice: `aibom index add TARGET --index DIR` makes one.\n" in done.stderr


def test_a_file_that_is_no_index_is_told(cli: Cli, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / FILE).execute("CREATE TABLE x (y)").connection.close()
    done = cli("index", "info", "--index", tmp_path)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 2)


def test_an_unknown_record_is_not_exported(cli: Cli, folder: Path, tmp_path: Path) -> None:
    done = cli("index", "export", "no/such", "--index", folder, "-o", tmp_path / "x")
    assert done.exit_code == 2
    assert not (tmp_path / "x").exists()
