"""The BOM of a repository that documents itself well, as the Hub would serve it."""

from __future__ import annotations

import json
from typing import Any

import pytest

import aibom
from tests.compliance import documented
from tests.standin import Repository, StandinHub, serving


@pytest.fixture(scope="session")
def documented_bom(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Scanned from the stand-in Hub; its address, which changes, is written as the Hub's."""
    repository = Repository(
        documented.files(), info={"createdAt": documented.WHEN, "lastModified": documented.WHEN}
    )
    with (
        pytest.MonkeyPatch.context() as patch,
        serving(StandinHub({documented.REPOSITORY: repository})) as hub,
    ):
        patch.setenv("SOURCE_DATE_EPOCH", "1772442000")
        report = aibom.generate(
            documented.REPOSITORY, endpoint=hub.base, cache_dir=tmp_path_factory.mktemp("cache")
        )
        text = json.dumps(report.to_cyclonedx(reproducible=True)).replace(hub.base, "https://huggingface.co")
    document: dict[str, Any] = json.loads(text)
    document["serialNumber"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    for tool in document["metadata"]["tools"]["components"]:
        tool["version"] = "0"
    return document
