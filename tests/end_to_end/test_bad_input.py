"""Bad input: a clear one-line error with advice, or an Unknown in the report; never a traceback."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Run

CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8}
CONTROLS = {"\x1b", "\x07", "\u202e", "\u2066"}
HOSTILE = "\x1b]0;owned\x07\x1b[31mred\u202egnp.exe\u2066"


def model(folder: Path, **files: bytes | str) -> Path:
    """A small model with extra files (`__` in a name stands for a dot)."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def safetensors(header: dict[str, Any] | bytes, data: bytes = b"") -> bytes:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(head).to_bytes(8, "little") + head + data


def report_of(run: Run, target: Path, *options: str) -> dict[str, Any]:
    """The JSON report of a run that must succeed."""
    done = run("generate", target, "-f", "json", "-o", "-", "--offline", *options)
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def strings(value: Any) -> Iterator[str]:
    """Every string of a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def unknowns_of(run: Run, target: Path) -> str:
    """All unknowns of a scan, as text."""
    return "\n".join(f"{item['path']}: {item['reason']}" for item in report_of(run, target)["unknowns"])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder.mkdir(), "empty"),
        (lambda folder: (folder.mkdir(), (folder / "notes.txt").write_text("hello")), "no part of a model"),
        (lambda folder: None, "no such file or folder"),
    ],
    ids=["empty folder", "not a model", "missing folder"],
)
def test_what_is_no_model_is_an_input_error(
    aibom: Run, tmp_path: Path, make: Callable[[Path], Any], words: str
) -> None:
    target = tmp_path / "target"
    make(target)
    output = tmp_path / "bom.json"
    output.write_text("an older BOM")
    done = aibom("generate", f"./{target.name}", "-o", output)
    assert done.code == 4
    cause, advice = done.err.strip().splitlines()
    assert cause.startswith("error: ") and words in cause
    assert advice.startswith("advice: ")
    assert output.read_text() == "an older BOM"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["bom.json"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("generation_config__json", b'{"a": ', "generation_config.json"),
        ("generation_config__json", b"[" * 100_000 + b"]" * 100_000, "nest"),
        ("README__md", b"---\nlicense: [unclosed\n---\n", "README.md"),
        ("model__safetensors", b"", "model.safetensors"),
        ("model__safetensors", (2**63).to_bytes(8, "little") + b"{}", "model.safetensors"),
        (
            "model__safetensors",
            safetensors({"a": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}),
            "model.safetensors",
        ),
        (
            "model__safetensors",
            safetensors(
                {
                    "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                    "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]},
                },
                bytes(12),
            ),
            "overlap",
        ),
        ("model__onnx", b"\x00" * 64, "model.onnx"),
        ("tokenizer__json", b'{"model": 3}', "tokenizer.json"),
    ],
)
def test_a_broken_file_is_an_unknown_and_the_rest_is_read(
    aibom: Run, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    target = model(tmp_path / "target", **{name: content})
    report = report_of(aibom, target)
    text = json.dumps([report["unknowns"], report["findings"]])
    assert words in text
    assert any(part["role"] == "decoder-core" for part in report["parts"])


def test_a_broken_config_alone_is_said_to_be_unreadable(aibom: Run, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "config.json").write_text("{")
    done = aibom("generate", target)
    assert done.code == 4
    assert "no part of a model" in done.err and "(config.json: " in done.err


def test_a_json_file_of_a_gigabyte_is_not_read(aibom: Run, tmp_path: Path) -> None:
    target = model(tmp_path / "target")
    with (target / "tokenizer.json").open("wb") as file:
        file.truncate(1_000_000_000)
    report = report_of(aibom, target)
    assert any(item["path"] == "tokenizer.json" for item in report["unknowns"])
    assert report["read"]["bytes"] < 2_000_000


def test_a_card_that_is_not_utf8_is_read_as_far_as_it_goes(aibom: Run, tmp_path: Path) -> None:
    card = "---\nlicense: mit\n---\n# Modèle\n".encode("latin-1")
    report = report_of(aibom, model(tmp_path / "target", README__md=card))
    assert "mit" in json.dumps(report["licences"]).lower()


def test_hostile_names_reach_neither_the_terminal_nor_the_files(aibom: Run, tmp_path: Path) -> None:
    target = model(tmp_path / "target", README__md=f"---\nlicense: mit\n---\n# {HOSTILE}\n{HOSTILE}\n")
    (target / f"LICENSE{HOSTILE.replace('/', '')}").write_text(f"Copyright 2024 {HOSTILE}\n")
    config = CONFIG | {"model_type": HOSTILE, "vision_config": {"model_type": HOSTILE}}
    (target / "config.json").write_text(json.dumps(config))
    for form in ("text", "json", "cyclonedx"):
        done = aibom("generate", target, "-f", form, "-o", "-", "--offline")
        assert done.code == 0, done.err
        for text in (done.out, done.err):
            assert not set(text) & CONTROLS, form
        if form != "text":
            assert not set("".join(strings(json.loads(done.out)))) & CONTROLS, form


def test_links_that_leave_the_folder_are_refused(aibom: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Copyright 2024 Secret Holder")
    target = model(tmp_path / "target")
    (target / "LICENSE").symlink_to(secret)
    report = report_of(aibom, target)
    assert any(item["path"] == "LICENSE" for item in report["unknowns"])
    assert "Secret Holder" not in json.dumps(report)


def test_a_pipe_is_not_opened(aibom: Run, tmp_path: Path) -> None:
    target = model(tmp_path / "target")
    os.mkfifo(target / "tokenizer.json")
    assert "tokenizer.json" in unknowns_of(aibom, target)


def test_a_weights_index_that_points_outside_is_not_followed(aibom: Run, tmp_path: Path) -> None:
    index = json.dumps({"weight_map": {"model.layers.0.mlp.up_proj.weight": "../../etc/passwd"}})
    report = report_of(aibom, model(tmp_path / "target", **{"model__safetensors__index__json": index}))
    assert "passwd" in json.dumps([report["unknowns"], report["findings"]])


def test_a_hundred_thousand_files_are_bounded(aibom: Run, tmp_path: Path) -> None:
    target = model(tmp_path / "target")
    many = target / "many"
    many.mkdir()
    for number in range(100_000):
        (many / f"{number}.txt").touch()
    done = aibom("generate", target, "-f", "json", "-o", "-", "--offline", timeout=300)
    assert done.code == 0, done.err[-500:]
    assert any(part["role"] == "decoder-core" for part in json.loads(done.out)["parts"])
