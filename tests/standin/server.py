"""The stand-in's two origins as real servers on loopback, in threads of the test's process."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from tests.standin.hub import StandinHub

logging.getLogger("uvicorn.error").disabled = True
# Loopback is reached directly, whatever proxy this machine uses.
os.environ.update(no_proxy="127.0.0.1", NO_PROXY="127.0.0.1")


@contextmanager
def serving(hub: StandinHub, certificate: Path | None = None) -> Iterator[StandinHub]:
    """Serve both origins; `certificate` is a PEM file with chain and key, for TLS."""
    servers = [_Server(app, certificate) for app in hub.apps()]
    hub.base, hub.content = (server.url for server in servers)
    try:
        yield hub
    finally:
        for server in servers:
            server.ask_to_stop()
        for server in servers:
            server.join()


class _Server:
    def __init__(self, app: Any, certificate: Path | None) -> None:
        pem = str(certificate) if certificate else None
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=0,
            ssl_certfile=pem,
            ssl_keyfile=pem,
        )
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self.url = f"{'https' if pem else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.002)

    def ask_to_stop(self) -> None:
        self._server.should_exit = True

    def join(self) -> None:
        self._thread.join(10)
        self._listener.close()
