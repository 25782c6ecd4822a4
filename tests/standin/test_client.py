"""The stand-in holds: the real, unmodified huggingface_hub client finds in it what it finds at the Hub."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from huggingface_hub import HfApi, close_session, hf_hub_download
from huggingface_hub.errors import (
    DisabledRepoError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

import aibom.sources.session  # noqa: F401 - switches the library's telemetry off
from tests.standin import Fault, Repository, StandinHub, serving
from tests.standin.tls import authority, certificate

CARD = b"---\nlicense: mit\nbase_model: [up/a, up/b]\nbase_model_relation: merge\n---\n# M\n"
WEIGHTS = bytes(range(256)) * 1000
MANY = Repository({f"{number:05}.txt": b"x" for number in range(2345)})
REPOSITORIES = {
    "org/model": Repository({"README.md": CARD, "config.json": b"{}", "model.safetensors": WEIGHTS}),
    "org/gated": Repository({"config.json": b"{}"}, gated="auto"),
    "org/own": Repository({"config.json": b"{}"}, private=True),
    "org/off": Repository({"config.json": b"{}"}, disabled=True),
    "org/many": MANY,
}
TOKENS = {"good": frozenset({"org/gated"}), "other": frozenset()}


@contextmanager
def started(folder: Path, *, tls: bool) -> Iterator[StandinHub]:
    with pytest.MonkeyPatch.context() as patch:
        if tls:
            patch.setenv("SSL_CERT_FILE", str(authority(folder)))
        close_session()
        hub = StandinHub(REPOSITORIES, tokens=TOKENS, renamed={"old/name": "org/model"})
        with serving(hub, certificate(folder) if tls else None):
            yield hub
            close_session()


@pytest.fixture(scope="module", params=["plain", "tls"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandinHub]:
    with started(tmp_path_factory.mktemp("tls"), tls=request.param == "tls") as hub:
        yield hub


@pytest.fixture
def hub(served: StandinHub) -> StandinHub:
    served.log.clear()
    served.faults.clear()
    return served


@pytest.fixture
def api(hub: StandinHub) -> HfApi:
    return HfApi(endpoint=hub.base, token=False)


def download(hub: StandinHub, name: str, path: str, folder: Path, token: str | bool = False) -> bytes:
    place = hf_hub_download(name, path, endpoint=hub.base, token=token, cache_dir=folder)
    return Path(place).read_bytes()


def test_found(api: HfApi, hub: StandinHub, tmp_path: Path) -> None:
    info = api.model_info("org/model", files_metadata=True, securityStatus=True)
    assert info.sha == REPOSITORIES["org/model"].commit
    assert info.security_repo_status == {"scansDone": True, "filesWithIssues": []}
    assert info.siblings is not None
    sizes = {sibling.rfilename: sibling.size for sibling in info.siblings}
    assert sizes == {"README.md": len(CARD), "config.json": 2, "model.safetensors": len(WEIGHTS)}
    parents = api.model_info("org/model", expand=["baseModels"]).base_models
    assert parents == {
        "relation": "merge",
        "models": [{"_id": "x", "id": "up/a"}, {"_id": "x", "id": "up/b"}],
    }
    assert download(hub, "org/model", "model.safetensors", tmp_path) == WEIGHTS
    assert download(hub, "org/model", "config.json", tmp_path) == b"{}"


def test_renamed(api: HfApi) -> None:
    assert api.model_info("old/name").id == "org/model"


def test_paged_tree(api: HfApi, hub: StandinHub) -> None:
    tree = [item.path for item in api.list_repo_tree("org/many", recursive=True)]
    assert tree == list(MANY.blobs)
    assert len(hub.log) == 3


def test_gated(api: HfApi, hub: StandinHub, tmp_path: Path) -> None:
    assert api.model_info("org/gated").gated == "auto"
    for token in (False, "other"):
        with pytest.raises(GatedRepoError):
            download(hub, "org/gated", "config.json", tmp_path, token)
    assert download(hub, "org/gated", "config.json", tmp_path, "good") == b"{}"


def test_a_token_that_is_not_known(hub: StandinHub) -> None:
    with pytest.raises(HfHubHTTPError, match="Invalid credentials"):
        HfApi(endpoint=hub.base, token="wrong").model_info("org/model")


@pytest.mark.parametrize("name", ["org/none", "org/own"])
def test_missing_or_private(api: HfApi, hub: StandinHub, name: str) -> None:
    """The anonymous get a bare 401, which the client takes for a missing repository over https only."""
    expected = RepositoryNotFoundError if hub.base.startswith("https") else HfHubHTTPError
    with pytest.raises(expected) as caught:
        api.model_info(name)
    assert caught.value.response.status_code == 401


def test_missing_for_the_authenticated(hub: StandinHub) -> None:
    with pytest.raises(RepositoryNotFoundError):
        HfApi(endpoint=hub.base, token="good").model_info("org/none")


def test_missing_revision_entry_and_disabled(api: HfApi, hub: StandinHub, tmp_path: Path) -> None:
    with pytest.raises(RevisionNotFoundError):
        api.model_info("org/model", revision="v9")
    with pytest.raises(EntryNotFoundError):
        download(hub, "org/model", "none.json", tmp_path)
    with pytest.raises(DisabledRepoError):
        api.model_info("org/off")


def test_the_client_s_own_wait_honours_the_rate_limit(
    api: HfApi, hub: StandinHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("huggingface_hub.utils._http.time", _Clock(waits))
    hub.faults.append(Fault("/tree/", status=429, headers={"RateLimit": '"api";r=0;t=4'}, times=1))
    assert list(api.list_repo_tree("org/model"))
    assert waits == [5.0], "the client adds a second to what the server asks"


class _Clock:
    """The time module, except that nobody sleeps."""

    def __init__(self, waits: list[float]) -> None:
        self.sleep = waits.append
        self.time = time.time
