"""huggingface_hub's calls, sent over a source's own client.

The library keeps one client for the whole process. Here that client hands each call to the source
that makes it, and calls of anybody else to the client they had configured, so that scans in many
threads, and the program around them, do not disturb each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

import httpx2
from huggingface_hub import constants, set_client_factory
from huggingface_hub.utils import _http

# The library's telemetry would be a request that nobody asked for. Its environment variable of the
# same name is read too early to be set from here.
constants.HF_HUB_DISABLE_TELEMETRY = True

_CLIENT: ContextVar[httpx2.Client | None] = ContextVar("aibom_hub_client", default=None)
_LOCK = Lock()


class _Switch(httpx2.Client):
    """The process-wide client: passes on to the client of the current context."""

    def __init__(self, other: httpx2.Client) -> None:
        super().__init__(transport=httpx2.BaseTransport())
        self._other = other

    def build_request(self, *args: Any, **kwargs: Any) -> httpx2.Request:
        return self._current().build_request(*args, **kwargs)

    def request(self, *args: Any, **kwargs: Any) -> httpx2.Response:
        return self._current().request(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> httpx2.Response:
        return self._current().send(*args, **kwargs)

    def stream(self, *args: Any, **kwargs: Any) -> Any:
        return self._current().stream(*args, **kwargs)

    def close(self) -> None:
        self._other.close()
        super().close()

    def _current(self) -> httpx2.Client:
        return _CLIENT.get() or self._other


@contextmanager
def hub_calls_over(client: httpx2.Client) -> Iterator[None]:
    """Within this block, and this thread, huggingface_hub talks through `client`."""
    with _LOCK:
        if not isinstance(_http.get_session(), _Switch):
            factory = _http._GLOBAL_CLIENT_FACTORY
            set_client_factory(lambda: _Switch(factory()))
    token = _CLIENT.set(client)
    try:
        yield
    finally:
        _CLIENT.reset(token)
