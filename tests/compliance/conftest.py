"""The BOM of a repository that documents itself well, as the Hub would serve it, with answers and without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import aibom
from tests.compliance import documented
from tests.standin import Repository, StandinHub, serving


def scanned(folder: Path, **options: Any) -> dict[str, Any]:
    """Scanned from the stand-in Hub; its address, which changes, is written as the Hub's."""
    repository = Repository(
        documented.files(), info={"createdAt": documented.WHEN, "lastModified": documented.WHEN}
    )
    with (
        pytest.MonkeyPatch.context() as patch,
        serving(StandinHub({documented.REPOSITORY: repository})) as hub,
    ):
        patch.setenv("SOURCE_DATE_EPOCH", "1772442000")
        report = aibom.generate(documented.REPOSITORY, endpoint=hub.base, cache_dir=folder, **options)
        text = json.dumps(report.to_cyclonedx(reproducible=True)).replace(hub.base, "https://huggingface.co")
    document: dict[str, Any] = json.loads(text)
    document["serialNumber"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    for tool in document["metadata"]["tools"]["components"]:
        tool["version"] = "0"
    return document


@pytest.fixture(scope="session")
def documented_bom(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of the repository alone."""
    return scanned(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def answered_bom(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of the repository with its vendor's answers."""
    folder = tmp_path_factory.mktemp("answered")
    path = folder / "answers, of us.json"
    path.write_text(json.dumps(documented.ANSWERS), encoding="utf-8")
    return scanned(folder / "cache", answers=path)
