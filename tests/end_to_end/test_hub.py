"""The command against a stand-in Hub: a repository with a parent, a copy, a snapshot, a missing one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Run
from tests.end_to_end.test_examples import build
from tests.standin import Repository, StandinHub, serving

CHILD = "hanbit-lab/Llama-3.1-8B-Korean"
PARENT = "meta-llama/Llama-3.1-8B"


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandinHub]:
    """A fine-tune whose tokenizer is its parent's, and whose weights are not."""
    child = files_of(build(tmp_path_factory.mktemp("models"))["fine-tune"])
    parent = child | {
        "model.safetensors": child["model.safetensors"][:-2] + b"\x01\x01",
        "README.md": b"# Llama\n",
    }
    repositories = {
        CHILD: Repository(child),
        PARENT: Repository(parent, info={"createdAt": "2024-07-23T00:00:00.000Z"}),
        "mirror-account/copy": Repository(
            parent | {"README.md": f"---\nbase_model: {PARENT}\n---\n".encode()}
        ),
    }
    with serving(StandinHub(repositories)) as served:
        yield served


def report(run: Run, hub: StandinHub, name: str, *options: str) -> dict[str, Any]:
    done = run("generate", name, "--hub-url", hub.base, "-f", "json", *options)
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def origin(answer: dict[str, Any], part: str, layer: str) -> dict[str, Any]:
    (found,) = [item for item in answer["parts"] if item["id"] == part]
    value: dict[str, Any] = found["origins"].get(layer, {})
    return value


def test_a_fine_tune_names_its_parent_and_only_what_is_equal_is_called_equal(
    aibom: Run, hub: StandinHub
) -> None:
    answer = report(aibom, hub, CHILD)
    assert answer["target"]["repository"] == CHILD
    assert len(answer["target"]["revision"]) == 40
    weights = origin(answer, "decoder-core", "weights")
    assert (weights["relation"], weights["evidence"]) == ("derived", "E1")
    tokenizer = origin(answer, "tokenizer", "tokenizer")
    assert (tokenizer["relation"], tokenizer["evidence"]) == ("verbatim", "E4")
    assert tokenizer["upstream"] == PARENT


def test_equal_digests_are_verified(aibom: Run, hub: StandinHub) -> None:
    answer = report(aibom, hub, "mirror-account/copy")
    verified = [item for item in answer["findings"] if item["confidence"] == "verified"]
    assert verified
    assert all(PARENT in item["statement"] for item in verified)
    assert origin(answer, "decoder-core", "weights")["evidence"] == "E4"


def test_no_request_leaves_for_another_host_and_no_token_is_sent_unasked(aibom: Run, hub: StandinHub) -> None:
    hub.log.clear()
    report(aibom, hub, CHILD)
    assert hub.log
    assert not any(exchange.authorised for exchange in hub.log)


def test_a_missing_repository_exits_4_and_writes_nothing(aibom: Run, hub: StandinHub, tmp_path: Path) -> None:
    done = aibom("generate", "nobody/nothing", "--hub-url", hub.base, "-o", tmp_path / "bom.json")
    assert done.code == 4
    assert len(done.err.strip().splitlines()) == 2
    assert list(tmp_path.glob("*.json")) == []


def test_a_recorded_snapshot_gives_the_same_bom_without_the_network(
    aibom: Run, hub: StandinHub, tmp_path: Path
) -> None:
    first = aibom("generate", CHILD, "--hub-url", hub.base, "--reproducible", "-f", "cyclonedx", "-o", "-")
    done = aibom("record", CHILD, "--hub-url", hub.base, "-o", tmp_path / "snap")
    assert done.code == 0, done.err
    hub.log.clear()
    again = aibom("generate", tmp_path / "snap", "--offline", "--reproducible", "-f", "cyclonedx", "-o", "-")
    assert again.code == 0, again.err
    assert again.out == first.out
    assert hub.log == []


def test_offline_is_offline(aibom: Run, hub: StandinHub) -> None:
    hub.log.clear()
    done = aibom("generate", CHILD, "--hub-url", hub.base, "--offline")
    assert done.code == 4
    assert hub.log == []
