"""How a source is opened: one frozen value, no globals."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aibom.model import Depth

if TYPE_CHECKING:
    import httpx2

MIB = 1024 * 1024
DEFAULT_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """Where to look, how far to read, and what it may cost. Sizes are bytes, times seconds.

    Attributes:
        endpoint: URL of the Hub or of a mirror.
        revision: branch, tag or commit; None is the default branch.
        token: the resolved token itself; None asks anonymously. Never taken from the environment.
        offline: open no socket; a commit that was read before is answered from the cache.
        cache_dir: where reads, listings and digests are kept; None keeps nothing.
        alias: `org/name` that a local folder or file stands for.
        depth: how far the scan may read.
        max_bytes: all that may be received over the network.
        max_file_bytes: what may be received of one file.
        max_read_bytes: one read, of any source.
        max_files: entries of the target; the rest is reported as unknown.
        max_lookups: other repositories whose digests may be asked for.
        timeout: waiting for a connection, and for the next bytes of an answer.
        retries: further attempts after a failure that may pass.
        max_wait: all waiting between the attempts of one call.
        concurrency: requests at once.
        sleep, clock: replaced in tests.
        transport: replaces the network in tests.
    """

    endpoint: str = DEFAULT_ENDPOINT
    revision: str | None = None
    token: str | None = field(default=None, repr=False)
    offline: bool = False
    cache_dir: Path | None = None
    alias: str | None = None
    depth: Depth = Depth.HEADERS
    max_bytes: int = 1024 * MIB
    max_file_bytes: int = 256 * MIB
    max_read_bytes: int = 128 * MIB
    max_files: int = 100_000
    max_lookups: int = 16
    timeout: float = 30.0
    retries: int = 3
    max_wait: float = 120.0
    concurrency: int = 64
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    transport: httpx2.BaseTransport | None = None
