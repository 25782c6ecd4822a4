"""The program as a process: exit codes, messages, and what its help loads."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("aibom")
HEAVY = {
    "cyclonedx",
    "httpx2",
    "huggingface_hub",
    "jsonschema",
    "jsonschema_rs",
    "msgspec",
    "numpy",
    "onnx",
    "rich",
}


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )  # type: ignore[call-overload]
    return done


@pytest.mark.parametrize("arguments", [("--help",), ("generate", "--help"), ("--version",), ("nonsense",)])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import aibom.cli; aibom.cli.main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in loaded
    allowed = {"msgspec"} if arguments == ("nonsense",) else set()  # the message is cleaned by formats
    assert not loaded & (HEAVY - allowed)


@pytest.mark.parametrize(
    ("arguments", "cause", "advice"),
    [
        (("nonsense",), "No such command 'nonsense'.", "See `aibom --help`."),
        (("--nonsense",), "No such option '--nonsense'.", "See `aibom --help`."),
        (("generate",), "Missing argument 'TARGET'.", "See `aibom generate --help`."),
        (("profiles", "list", "x"), "Got unexpected extra argument (x)", "See `aibom profiles list --help`."),
    ],
)
def test_wrong_use_is_two_lines_and_code_2(arguments: tuple[str, ...], cause: str, advice: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {cause}\nadvice: {advice}\n"


def test_a_missing_target_is_an_input_error_and_writes_nothing(tmp_path: Path) -> None:
    done = run("generate", "./missing", "-o", "bom.json", cwd=tmp_path)
    assert done.returncode == 4
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["error", "advice"]
    assert list(tmp_path.iterdir()) == []


POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 4000\n"


def model(folder: Path) -> Path:
    """A model whose weights are not here, so that something is unknown."""
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    (folder / "model.safetensors").write_text(POINTER)
    return folder


@pytest.mark.parametrize(
    ("option", "code", "written"),
    [(("--quiet",), 0, True), (("--on-unknown=fail", "--quiet"), 3, True), (("--strict",), 3, False)],
)
def test_an_unknown_is_told_refused_or_fatal(
    tmp_path: Path, option: tuple[str, ...], code: int, written: bool
) -> None:
    model(tmp_path / "model")
    report = tmp_path / "report.json"
    done = run("generate", "model", "-f", "json", "-o", report, "--offline", *option, cwd=tmp_path)
    assert (done.returncode, report.exists()) == (code, written), done.stderr
    assert (done.stderr == "") is written


def test_a_list_goes_on_after_a_failure(tmp_path: Path) -> None:
    model(tmp_path / "model")
    (tmp_path / "out").mkdir()
    done = run(
        *("generate", "-", "-o", "out", "-f", "json", "--offline", "--quiet"),
        cwd=tmp_path,
        input="./missing\n./model\n",
    )
    assert done.returncode == 4
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["model.report.json"]
    assert done.stderr.startswith("error: ./missing: ")


def test_a_reader_that_goes_away_is_met_with_silence() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [COMMAND, "organisations", "show"], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("no_colour", [False, True])
def test_a_terminal_gets_the_tree_with_colours_unless_it_wants_none(tmp_path: Path, no_colour: bool) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}')
    master, terminal = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "HOME": str(tmp_path), "COLUMNS": "60"}
    if no_colour:
        environment["NO_COLOR"] = "1"
    process = subprocess.Popen(
        [COMMAND, "generate", tmp_path, "--offline"], stdout=terminal, stderr=subprocess.PIPE, env=environment
    )
    os.close(terminal)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:  # Linux tells the end of a terminal so
        pass
    os.close(master)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, b"")
    text = re.sub(r"\x1b\[[\d;]*m", "", shown.decode()).replace("\r", "")
    assert "Parts" in text
    assert max(map(len, text.splitlines())) <= 60
    assert bool(re.search(rb"\x1b\[(\d+;)*3\dm", shown)) is not no_colour
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["config.json"]


def test_a_group_without_a_command_shows_its_help(cli: Cli) -> None:
    done = cli("plugins")
    assert done.exit_code == 2
    assert "Usage: aibom plugins" in done.stderr


def test_the_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "generate_docs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
