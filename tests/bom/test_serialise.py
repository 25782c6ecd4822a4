"""One content, one form; the same input gives the same bytes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aibom import bom
from aibom.errors import UsageError
from tests import samples

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import sys
from aibom import bom
from tests import samples
sys.stdout.buffer.write(bom.serialise(bom.build(samples.rich(), reproducible=True)))
"""


def test_keys_are_sorted_text_is_utf8_and_a_line_end_closes():
    data = bom.serialise({"b": "한", "a": [1]})

    assert data == '{\n  "a": [\n    1\n  ],\n  "b": "한"\n}\n'.encode()


def test_nan_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        bom.serialise({"score": float("nan")})


def test_reading_what_was_written_gives_the_document_back():
    document = bom.build(samples.rich(), reproducible=True)

    assert json.loads(bom.serialise(document)) == document


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_reproducible_bytes_do_not_depend_on_hash_order(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    environment.pop("SOURCE_DATE_EPOCH", None)
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, check=True
    )

    assert run.stdout == bom.serialise(bom.build(samples.rich(), reproducible=True))


def test_reproducible_bytes_do_not_depend_on_what_the_scan_cost(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    again = replace(samples.rich(), read=replace(samples.rich().read, requests=99))

    document = bom.build(samples.rich(), reproducible=True)

    assert bom.build(again, reproducible=True) == document
    assert "timestamp" not in document["metadata"]
    assert {"name": "cdx:reproducible", "value": "true"} in document["metadata"]["properties"]


def test_time_comes_from_the_argument_then_the_environment_then_the_clock(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    moment = datetime(2026, 1, 15, tzinfo=UTC)

    given = bom.build(samples.minimal(), timestamp=moment)["metadata"]["timestamp"]
    epoch = bom.build(samples.minimal(), reproducible=True)["metadata"]["timestamp"]
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.now(UTC).replace(microsecond=0)
    clock = bom.build(samples.minimal())["metadata"]["timestamp"]

    assert given == "2026-01-15T00:00:00+00:00"
    assert epoch == "1970-01-01T00:00:00+00:00"
    assert datetime.fromisoformat(clock) >= before


def test_an_epoch_that_is_no_number_is_a_usage_error(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")

    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        bom.build(samples.minimal())


def test_serial_number_follows_the_content():
    first = bom.build(samples.minimal(), reproducible=True)
    other = bom.build(samples.finetune(), reproducible=True)

    assert first["serialNumber"] == bom.build(samples.minimal(), reproducible=True)["serialNumber"]
    assert first["serialNumber"] != other["serialNumber"]


def test_a_version_that_is_not_written_is_a_usage_error():
    with pytest.raises(UsageError, match=r"1\.7 or 1\.6"):
        bom.build(samples.minimal(), spec="1.5")


def test_heavy_libraries_are_loaded_only_when_a_document_is_built_or_checked():
    script = "import sys, aibom.bom; print({'cyclonedx', 'jsonschema_rs', 'packageurl'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True)

    assert run.stdout.strip() == "set()"
