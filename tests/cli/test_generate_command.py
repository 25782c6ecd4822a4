"""`aibom generate`: where results go, what options become, and which exit code a run has."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.api import Report
from aibom.cli.generate import file_names
from aibom.errors import NetworkError, NotFoundError, UndeterminedError
from tests.analyses import solar
from tests.cli.conftest import Cli, Library

TARGET = "org/name"


def test_a_pipe_gets_the_bom_and_a_terminal_the_tree(
    cli: Cli, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert json.loads(cli("generate", TARGET).stdout)["bomFormat"] == "CycloneDX"
    monkeypatch.setattr("aibom.cli.generate.on_terminal", lambda: True)
    assert "Parts (4)" in cli("generate", TARGET).stdout
    assert json.loads(cli("generate", TARGET, "-o", "-").stdout)["bomFormat"] == "CycloneDX"


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
def test_the_version_of_cyclonedx_is_chosen(cli: Cli, library: Library, spec: str) -> None:
    assert json.loads(cli("generate", TARGET, "--spec", spec).stdout)["specVersion"] == spec


def test_reproducible_means_the_same_bytes(cli: Cli, library: Library) -> None:
    first, second = (cli("generate", TARGET, "--reproducible") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout_bytes == second.stdout_bytes


def test_a_file_gets_the_result_and_the_report_goes_beside_it(
    cli: Cli, library: Library, tmp_path: Path
) -> None:
    bom, report = tmp_path / "bom.json", tmp_path / "report.json"
    done = cli("generate", TARGET, "-o", bom, "--report", report)
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads(bom.read_bytes())["bomFormat"] == "CycloneDX"
    assert json.loads(report.read_bytes()) == json.loads(cli("generate", TARGET, "-f", "json").stdout)


def test_text_in_a_file_has_no_colours(cli: Cli, library: Library, tmp_path: Path) -> None:
    cli("generate", TARGET, "-f", "text", "-o", tmp_path / "tree.txt")
    text = (tmp_path / "tree.txt").read_text(encoding="utf-8")
    assert "Findings (2)" in text
    assert "\x1b" not in text


def test_options_reach_the_library(
    cli: Cli, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "registry.json"
    registry.touch()
    monkeypatch.setenv("HUB_TOKEN", "secret-token")
    done = cli(
        *(
            "generate",
            TARGET,
            "-f",
            "json",
            "--revision",
            "v1",
            "--depth",
            "metadata",
            "--as",
            "a/b",
            "--offline",
        ),
        *("--hub-url", "https://hub.example", "--token-env", "HUB_TOKEN", "--cache-dir", tmp_path),
        *("--max-bytes", "20MB", "--profile", "eu", "--home", "FR", "--organisations", registry, "--strict"),
    )
    assert done.exit_code == 0, done.output
    [(target, options)] = library.calls
    del options["on_progress"]
    assert target == TARGET
    assert options == {
        "revision": "v1",
        "depth": "metadata",
        "alias": "a/b",
        "offline": True,
        "endpoint": "https://hub.example",
        "token": "secret-token",
        "cache_dir": tmp_path,
        "max_bytes": 20_000_000,
        "profile": "eu",
        "home": "FR",
        "organisations": registry,
        "strict": True,
    }
    assert "secret-token" not in done.output


def test_without_options_the_library_keeps_its_own_defaults(cli: Cli, library: Library) -> None:
    cli("generate", TARGET, "-f", "json")
    [(_, options)] = library.calls
    assert not {"revision", "alias", "endpoint", "token", "max_bytes", "home", "organisations"} & set(options)
    assert options["cache_dir"].name == "aibom"


@pytest.mark.parametrize("value", [None, ""])
def test_a_token_that_is_asked_for_and_missing_is_a_mistake(
    cli: Cli, library: Library, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("HUB_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("HUB_TOKEN", value)
    done = cli("generate", TARGET, "--token-env", "HUB_TOKEN")
    assert done.exit_code == 2
    assert "HUB_TOKEN" in done.stderr
    assert library.calls == []


@pytest.mark.parametrize(
    ("written", "size"),
    [("500000", 500_000), ("20MB", 20_000_000), ("1.5 GiB", 1_610_612_736), ("2k", 2000), ("3Ki", 3072)],
)
def test_sizes_have_units(cli: Cli, library: Library, written: str, size: int) -> None:
    cli("generate", TARGET, "-f", "json", "--max-bytes", written)
    assert library.calls[0][1]["max_bytes"] == size


@pytest.mark.parametrize("written", ["", "MB", "-1", "1iB", "1e9", "20 MBB", "١MB٠"])
def test_what_is_no_size_is_a_mistake(cli: Cli, library: Library, written: str) -> None:
    assert cli("generate", TARGET, "--max-bytes", written).exit_code == 2


def test_unknowns_warn_or_fail_and_the_result_is_written(cli: Cli, library: Library) -> None:
    warned = cli("generate", TARGET, "-f", "json")
    assert warned.exit_code == 0
    assert warned.stderr == "warning: org/name: 1 unknown; the output lists what and why\n"
    failed = cli("generate", TARGET, "-f", "json", "--on-unknown", "fail", "--quiet")
    assert (failed.exit_code, failed.stderr) == (3, "")
    assert failed.stdout == warned.stdout
    library.report = Report(replace(solar(), unknowns=()))
    known = cli("generate", TARGET, "-f", "json", "--on-unknown", "fail")
    assert (known.exit_code, known.stderr) == (0, "")


@pytest.mark.parametrize(
    ("error", "code", "cause"),
    [
        (NotFoundError("org/name does not exist"), 4, "org/name does not exist"),
        (NetworkError("no answer"), 4, "no answer"),
        (UndeterminedError("1 unknown"), 3, "1 unknown"),
        (RuntimeError("a\nbug"), 70, "internal error: RuntimeError: a bug"),
        (AssertionError(), 70, "internal error: AssertionError"),
        (NotFoundError("\x1b[31mred\u202e\nline"), 4, "red line"),
    ],
)
def test_a_failure_is_two_lines_and_damages_nothing(
    cli: Cli, library: Library, tmp_path: Path, error: Exception, code: int, cause: str
) -> None:
    library.failures[TARGET] = error
    older = tmp_path / "bom.json"
    older.write_text("older")
    done = cli("generate", TARGET, "-o", older, "--report", tmp_path / "report.json")
    first, second = done.stderr.splitlines()
    assert (done.exit_code, first, done.stdout) == (code, f"error: {cause}", "")
    assert second.startswith("advice: ")
    assert [path.name for path in tmp_path.iterdir()] == ["bom.json"]
    assert older.read_text() == "older"


def test_debug_adds_the_trace(cli: Cli, library: Library) -> None:
    library.failures[TARGET] = RuntimeError("bug")
    done = cli("generate", TARGET, "--debug")
    assert done.exit_code == 70
    assert done.stderr.startswith("Traceback")
    assert done.stderr.splitlines()[-2] == "error: internal error: RuntimeError: bug"


def test_an_interrupt_is_no_error(cli: Cli, library: Library) -> None:
    library.failures[TARGET] = KeyboardInterrupt()
    done = cli("generate", TARGET)
    assert (done.exit_code, done.stderr) == (130, "interrupted\n")


@pytest.mark.parametrize("option", ["-o", "--report"])
def test_a_destination_that_cannot_be_is_refused_before_the_scan(
    cli: Cli, library: Library, tmp_path: Path, option: str
) -> None:
    for path in (tmp_path, tmp_path / "missing" / "bom.json"):
        assert cli("generate", TARGET, option, path).exit_code == 2
    assert library.calls == []
    assert list(tmp_path.iterdir()) == []


def test_one_file_is_not_written_twice(cli: Cli, library: Library, tmp_path: Path) -> None:
    assert cli("generate", TARGET, "-o", tmp_path / "a", "--report", tmp_path / "." / "a").exit_code == 2
    assert library.calls == []


def test_a_list_is_done_to_its_end_and_the_worst_code_counts(
    cli: Cli, library: Library, tmp_path: Path
) -> None:
    library.failures = {"b/two": NotFoundError("not there"), "c/three": ValueError("bug")}
    lines = "# models\na/one\n\nb/two\n c/three \na/one\nd/four@v1\n"
    done = cli("generate", "-", "-o", tmp_path, "-f", "json", "--quiet", stdin=lines)
    assert done.exit_code == 70
    assert [target for target, _ in library.calls] == ["a/one", "b/two", "c/three", "d/four@v1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a--one.report.json",
        "d--four@v1.report.json",
    ]
    assert [line for line in done.stderr.splitlines() if line.startswith("error")] == [
        "error: b/two: not there",
        "error: c/three: internal error: ValueError: bug",
    ]


@pytest.mark.parametrize("options", [(), ("-o", "-"), ("-o", "missing")])
def test_a_list_needs_a_folder(cli: Cli, library: Library, options: tuple[str, ...]) -> None:
    assert cli("generate", "-", *options, stdin="a/b").exit_code == 2
    assert library.calls == []


def test_a_list_takes_no_single_report(cli: Cli, library: Library, tmp_path: Path) -> None:
    assert cli("generate", "-", "-o", tmp_path, "--report", tmp_path / "r", stdin="a/b").exit_code == 2


def test_a_list_that_is_not_utf8_is_read_as_far_as_it_goes(
    cli: Cli, library: Library, tmp_path: Path
) -> None:
    assert cli("generate", "-", "-o", tmp_path, "-f", "json", stdin=b"a/b\n\xff\n").exit_code == 0
    assert library.calls[0][0] == "a/b"


TARGETS = st.lists(st.text(st.characters(codec=None, exclude_categories=()), min_size=1), unique=True)


@given(TARGETS)
def test_every_target_gets_a_safe_file_name_of_its_own(targets: list[str]) -> None:
    names = file_names(targets)
    assert len({name.casefold() for name in names}) == len(targets)
    for name in names:
        assert name
        assert len(name) <= 200
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@+-")
        assert not name.startswith(".")
