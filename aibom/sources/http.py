"""The one way out: a transport that vets, counts and bounds every request, and the retry around it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar
from urllib.request import getproxies, proxy_bypass

import httpx2

from aibom.errors import LimitError, NetworkError
from aibom.sources.options import MIB, SourceOptions

T = TypeVar("T")

CONTENT = "aibom_content"
"""Request extension: may go to another origin (a redirect of file content), value is True."""
CAP = "aibom_cap"
"""Request extension: the most bytes that the answer's body may have."""
METADATA_CAP = 64 * MIB
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_BACKOFF = 0.5
_SLOWEST = 1024
"""Bytes a second; an answer that comes slower than this, beyond the timeout, is given up."""
# `RateLimit: "api";r=0;t=55`, https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
_RATE_LIMIT = re.compile(r"\br\s*=\s*0\b.*?\bt\s*=\s*(\d{1,6})\b")


class TransientError(Exception):
    """A failure that may pass. `wait` is the pause in seconds that the server asked for."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Meter:
    """Counts what a source costs, and stops it at the total transfer budget."""

    def __init__(self, max_bytes: int) -> None:
        self._lock = Lock()
        self._max = max_bytes
        self.bytes = 0
        self.requests = 0

    def request(self) -> None:
        """Count one request."""
        with self._lock:
            self.requests += 1

    def received(self, size: int) -> None:
        """Count bytes of a body.

        Raises:
            LimitError: the budget is spent.
        """
        with self._lock:
            self.bytes += size
            if self.bytes > self._max:
                raise LimitError(
                    f"the transfer budget of {self._max} bytes is spent",
                    limit="max_bytes",
                    advice="Raise --max-bytes, or scan at a lower --depth.",
                )

    def expect(self, size: int) -> None:
        """Raise LimitError where `size` more bytes would pass the budget; nothing is counted."""
        if self.bytes + size > self._max:
            raise LimitError(
                f"{size} more bytes would pass the transfer budget of {self._max}",
                limit="max_bytes",
                advice="Raise --max-bytes, or scan at a lower --depth.",
            )


class Wire(httpx2.BaseTransport):
    """The transport of all traffic of one source.

    - A request leaves only for the endpoint's origin (or its https twin), except for file content
      that the endpoint redirected; the token never goes with the latter.
    - Failures that may pass (time-outs, broken connections, 408, 429, 5xx) are `TransientError`s.
    - Bodies are counted, bounded, and given up when they trickle.
    """

    def __init__(self, options: SourceOptions, meter: Meter) -> None:
        self._endpoint = httpx2.URL(options.endpoint)
        self._options = options
        self._meter = meter
        self._lock = Lock()
        self._routes: dict[str | None, httpx2.BaseTransport] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        self._vet(request)
        self._meter.request()
        try:
            response = self._route(request.url).handle_request(request)
        except httpx2.TransportError as error:
            raise TransientError(_cause(request.url, error)) from error
        if response.status_code in _PASSING:
            response.close()
            message = f"{request.url.host} answered {response.status_code}"
            raise TransientError(message, asked_wait(response.headers))
        body = _Body(response, request, self._meter, self._options)
        return httpx2.Response(
            response.status_code, headers=response.headers, stream=body, extensions=response.extensions
        )

    def close(self) -> None:
        """Close the connections."""
        for transport in self._routes.values():
            transport.close()

    def _vet(self, request: httpx2.Request) -> None:
        url = request.url
        upgraded = url.scheme == "https" and url.host == self._endpoint.host
        if url.origin == self._endpoint.origin or (upgraded and self._endpoint.scheme == "http"):
            return
        request.headers.pop("authorization", None)
        if url.scheme not in ("http", "https") or CONTENT not in request.extensions:
            raise NetworkError(
                f"{self._endpoint.host} sends on to {url.scheme}://{url.host}",
                advice="A login page of the network may stand between; else check --hub-url.",
            )

    def _route(self, url: httpx2.URL) -> httpx2.BaseTransport:
        """The injected transport, or a pool of connections, through the system's proxy if one is set."""
        if self._options.transport is not None:
            return self._options.transport
        proxies = {} if proxy_bypass(url.host) else getproxies()
        proxy = proxies.get(url.scheme) or proxies.get("all")
        with self._lock:
            if proxy not in self._routes:
                limits = httpx2.Limits(
                    max_connections=self._options.concurrency,
                    max_keepalive_connections=self._options.concurrency,
                )
                self._routes[proxy] = httpx2.HTTPTransport(limits=limits, proxy=proxy)
            return self._routes[proxy]


class _Body(httpx2.SyncByteStream):
    """A body that is counted and bounded while it comes in."""

    def __init__(
        self, response: httpx2.Response, request: httpx2.Request, meter: Meter, options: SourceOptions
    ) -> None:
        self._response = response
        self._url = request.url
        self._cap = int(request.extensions.get(CAP, METADATA_CAP))
        self._meter = meter
        self._options = options

    def __iter__(self) -> Iterator[bytes]:
        started, size = self._options.clock(), 0
        stream = self._response.stream
        assert isinstance(stream, httpx2.SyncByteStream)
        try:
            for chunk in stream:
                size += len(chunk)
                self._meter.received(len(chunk))
                if size > self._cap:
                    message = f"{self._url.host} sends more than the {self._cap} bytes that were asked for"
                    raise LimitError(message, limit="response size")
                if self._options.clock() - started > self._options.timeout + size / _SLOWEST:
                    raise TransientError(f"{self._url.host} answers slower than {_SLOWEST} bytes a second")
                yield chunk
        except httpx2.TransportError as error:
            raise TransientError(_cause(self._url, error)) from error

    def close(self) -> None:
        """Give the connection back."""
        self._response.close()


@dataclass(frozen=True, slots=True)
class Retry:
    """Bounded patience: so many further attempts, and so many seconds of waiting, per call."""

    attempts: int
    max_wait: float
    sleep: Callable[[float], None]

    def call(self, action: Callable[[], T]) -> T:
        """The result of `action`, tried again after each TransientError.

        Raises:
            NetworkError: it did not pass, or the server asks for more patience than there is.
        """
        waited = 0.0
        for attempt in itertools.count():
            try:
                return action()
            except TransientError as error:
                pause = _BACKOFF * 2**attempt if error.wait is None else error.wait
                if attempt >= self.attempts:
                    raise NetworkError(f"{error} ({attempt + 1} attempts)") from error
                if waited + pause > self.max_wait:
                    message = f"{error}; waiting {pause:g} s more is past the bound of {self.max_wait:g} s"
                    raise NetworkError(message, advice="Try again later, or with a token.") from error
            self.sleep(pause)
            waited += pause
        raise AssertionError("unreachable")


def asked_wait(headers: httpx2.Headers) -> float | None:
    """Seconds that a server asks to wait, by `RateLimit` (when nothing remains) or `Retry-After`."""
    if found := _RATE_LIMIT.search(headers.get("ratelimit", "")):
        return float(found[1])
    after = headers.get("retry-after", "").strip()
    return float(after) if after.isascii() and after.isdigit() and len(after) <= 6 else None


def _cause(url: httpx2.URL, error: httpx2.TransportError) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return f"{url.host} did not answer in time"
    if isinstance(error, httpx2.RemoteProtocolError):
        return f"{url.host} broke off its answer ({error})"
    return f"{url.host} cannot be reached ({error})"
