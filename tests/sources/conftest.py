"""Served stand-ins, plain and over TLS, and options that never wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from aibom.sources import Source, SourceOptions, open_source
from tests.standin import Repository, StandinHub, serving
from tests.standin.tls import authority, certificate

Serve = Callable[..., StandinHub]
Open = Callable[..., Source]


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The certificate of an authority that nobody knows, and a server's certificate with its key."""
    folder = tmp_path_factory.mktemp("tls")
    return authority(folder), certificate(folder)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a stand-in until the test ends: `serve({"org/name": Repository(...)}, page=…)`."""
    with ExitStack() as stack:

        def start(
            repositories: dict[str, Repository], *, tls: Path | None = None, **settings: Any
        ) -> StandinHub:
            return stack.enter_context(serving(StandinHub(repositories, **settings), tls))

        yield start


@pytest.fixture
def waits() -> list[float]:
    """The pauses that were asked for; none is really waited."""
    return []


@pytest.fixture
def opened(waits: list[float]) -> Iterator[Open]:
    """Opens a source on a stand-in (or a URL) and closes it when the test ends."""
    with ExitStack() as stack:

        def start(hub: StandinHub | str, ref: str, **settings: Any) -> Source:
            endpoint = hub if isinstance(hub, str) else hub.base
            settings = {"timeout": 5.0, "sleep": waits.append, **settings}
            return stack.enter_context(open_source(ref, SourceOptions(endpoint=endpoint, **settings)))

        yield start
