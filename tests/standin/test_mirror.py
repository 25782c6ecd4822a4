"""Through olah: a mirror that drops sizes and base models, and is coped with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from huggingface_hub import HfApi, close_session

from aibom.errors import NotFoundError, ReadError
from aibom.sources import Source, SourceOptions, open_source
from tests.standin import Repository, StandinHub, serving
from tests.standin.mirror import mirrored

WEIGHTS = bytes(range(256)) * 1000
MODEL = Repository(
    {"README.md": b"---\nbase_model: up/a\n---\n", "config.json": b'{"a": 1}', "model.safetensors": WEIGHTS}
)
GATED = Repository({"config.json": b"{}"}, gated="auto")


@pytest.fixture(scope="module")
def hub() -> Iterator[StandinHub]:
    with serving(StandinHub({"org/model": MODEL, "org/gated": GATED})) as hub:
        yield hub


@pytest.fixture(scope="module")
def mirror(hub: StandinHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with mirrored(hub.base, tmp_path_factory.mktemp("olah")) as url:
        yield url
        close_session()


def opened(mirror: str, ref: str) -> Source:
    return open_source(ref, SourceOptions(endpoint=mirror))


def test_the_real_client_misses_sizes_behind_it(mirror: str) -> None:
    info = HfApi(endpoint=mirror, token=False).model_info("org/model", files_metadata=True)
    assert info.siblings is not None
    assert {sibling.size for sibling in info.siblings} == {None}
    assert info.sha == MODEL.commit


def test_sizes_and_digests_are_found_all_the_same(mirror: str) -> None:
    with opened(mirror, "org/model") as source:
        assert source.target.revision == MODEL.commit
        assert {path: entry.size for path, entry in source.files.items()} == {
            path: blob.size for path, blob in MODEL.blobs.items()
        }
        assert source.files["model.safetensors"].sha256 == MODEL.blobs["model.safetensors"].sha256
        assert source.target.hub is not None
        assert source.target.hub.base_models == ()
        assert source.read("config.json") == b'{"a": 1}'
        assert source.read("model.safetensors", 70_000, 300) == WEIGHTS[70_000:70_300]


def test_gated_and_missing(mirror: str) -> None:
    with opened(mirror, "org/gated") as source:
        assert [unknown.path for unknown in source.unknowns] == ["config (1 file)"]
        with pytest.raises(ReadError, match="gated"):
            source.read("config.json")
    with pytest.raises(NotFoundError):
        opened(mirror, "org/none")
