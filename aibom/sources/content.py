"""Bytes of a repository's files, by range, over whatever the Hub redirects to."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from threading import Lock
from urllib.parse import quote

import httpx2

from aibom.errors import LimitError, ReadError
from aibom.sources.http import CAP, CONTENT, Meter, Retry
from aibom.sources.options import SourceOptions

_HOPS = 5
_SMALL = 64 * 1024
"""Bytes that the body of a redirect or refusal may have."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_STALE = frozenset({400, 401, 403, 404, 410})
_CONTENT_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(?:(\d{1,19})|\*)")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class RefusedError(ReadError):
    """The Hub does not hand out this repository's files to this caller (gated)."""


class Content:
    """Reads files of one repository at one commit. Safe to use from many threads.

    A redirect is followed by hand: the token goes to the endpoint alone. The address that it led to
    is kept for the next range of the same file, and asked for anew when it has expired.
    """

    def __init__(
        self,
        client: httpx2.Client,
        retry: Retry,
        meter: Meter,
        options: SourceOptions,
        repository: str,
        commit: str,
    ) -> None:
        self._client = client
        self._retry = retry
        self._meter = meter
        self._options = options
        self._commit = commit
        self._origin = httpx2.URL(options.endpoint).origin
        self._base = f"{options.endpoint.rstrip('/')}/{repository}/resolve/{commit}/"
        self._auth = {"authorization": f"Bearer {options.token}"} if options.token else {}
        self._lock = Lock()
        self._located: dict[str, httpx2.URL] = {}
        self._spent: dict[str, int] = {}

    def whole(self, path: str, size: int | None) -> bytes:
        """The file from begin to end; `size` is checked where it is known."""
        self._allow(path, size or 0)
        cap = self._options.max_read_bytes if size is None else size
        data = self._retry.call(lambda: self._get(path, None, cap))
        if size is not None and len(data) != size:
            raise ReadError(f"{path}: {len(data)} bytes came, the Hub lists {size}")
        return data

    def range(self, path: str, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`, fewer only at the end of the file."""
        self._allow(path, length)
        return self._retry.call(lambda: self._get(path, offset, length))

    def head(self, path: str) -> tuple[int | None, str | None]:
        """Size and SHA-256 as the Hub's headers tell them; None for what they do not."""
        return self._retry.call(lambda: self._head(path))

    def _allow(self, path: str, size: int) -> None:
        limit = self._options.max_file_bytes
        if self._spent.get(path, 0) + size > limit:
            raise LimitError(f"{path}: more than {limit} bytes of one file", limit="max_file_bytes")
        self._meter.expect(size)

    def _get(self, path: str, offset: int | None, size: int) -> bytes:
        url = self._located.get(path) or self._resolve(path)
        for _ in range(_HOPS):
            with self._ask("GET", url, offset, size) as response:
                if response.status_code in _REDIRECTS:
                    response.read()
                    url = _next(path, url, response)
                elif response.status_code in _STALE and self._located.pop(path, None) == url:
                    url = self._resolve(path)
                else:
                    return self._take(path, url, response, offset, size)
        raise ReadError(f"{path}: more than {_HOPS} redirects")

    def _head(self, path: str) -> tuple[int | None, str | None]:
        url = self._resolve(path)
        for _ in range(_HOPS):
            with self._ask("HEAD", url, None, 0) as response:
                size = response.headers.get("x-linked-size")
                digest = response.headers.get("x-linked-etag", "").strip('W/"')
                if response.status_code in _REDIRECTS and size is None:
                    url = _next(path, url, response)
                    continue
                if response.status_code >= 400:
                    raise _refusal(path, response)
                size = size or response.headers.get("content-length")
                return _number(size or ""), digest if _SHA256.fullmatch(digest) else None
        return None, None

    def _ask(
        self, method: str, url: httpx2.URL, offset: int | None, size: int
    ) -> AbstractContextManager[httpx2.Response]:
        headers = {"accept-encoding": "identity"}
        if offset is not None:
            headers["range"] = f"bytes={offset}-{offset + size - 1}"
        if url.origin == self._origin:
            headers |= self._auth
        extensions = {CONTENT: True, CAP: max(size, _SMALL)}
        return self._client.stream(
            method, url, headers=headers, follow_redirects=False, extensions=extensions
        )

    def _resolve(self, path: str) -> httpx2.URL:
        return httpx2.URL(self._base + quote(path))

    def _take(
        self, path: str, url: httpx2.URL, response: httpx2.Response, offset: int | None, size: int
    ) -> bytes:
        expected = self._check(path, response, offset, size)
        data = b"".join(response.iter_raw())
        if expected is not None and len(data) != expected:
            raise ReadError(f"{path}: the answer is truncated ({len(data)} of {expected} bytes)")
        with self._lock:
            self._spent[path] = self._spent.get(path, 0) + len(data)
            self._located[path] = url
        return data

    def _check(self, path: str, response: httpx2.Response, offset: int | None, size: int) -> int | None:
        """The number of bytes that the body must have.

        Raises:
            ReadError: the answer is not the file's content, or not the range that was asked for.
        """
        status, headers = response.status_code, response.headers
        if status == 416:
            raise ReadError(f"{path}: no bytes at offset {offset}")
        if status not in (200, 206):
            raise _refusal(path, response)
        commit = headers.get("x-repo-commit", self._commit)
        if commit != self._commit:
            raise ReadError(f"{path}: the answer is of commit {commit}, not {self._commit}")
        if headers.get("content-encoding", "identity") != "identity":
            raise ReadError(f"{path}: the answer is compressed, which was not asked for")
        if headers.get("content-type", "").startswith("text/html") and not path.endswith((".html", ".htm")):
            raise ReadError(f"{path}: a web page came in place of the file (a login page of the network?)")
        length = _number(headers.get("content-length", ""))
        if status == 206:
            return _ranged(path, headers.get("content-range", ""), offset or 0, size)
        if offset is None or (offset == 0 and length is not None and length <= size):
            return length
        raise ReadError(f"{path}: the server ignores Range; the whole file was not wanted")


def _ranged(path: str, header: str, offset: int, size: int) -> int:
    found = _CONTENT_RANGE.fullmatch(header)
    if found is None:
        raise ReadError(f"{path}: a partial answer without a valid Content-Range")
    first, last = int(found[1]), int(found[2])
    total = int(found[3]) if found[3] else None
    complete = last - first + 1 == size or total == last + 1
    if first != offset or last < first or last - first + 1 > size or not complete:
        raise ReadError(f"{path}: the answer is another range than the one asked for ({header})")
    return last - first + 1


def _next(path: str, url: httpx2.URL, response: httpx2.Response) -> httpx2.URL:
    try:
        target = url.join(response.headers["location"])
    except (KeyError, httpx2.InvalidURL) as error:
        raise ReadError(f"{path}: a redirect that leads nowhere") from error
    downgrade = url.scheme == "https" and target.scheme == "http"
    if target.scheme not in ("http", "https") or not target.host or downgrade:
        raise ReadError(f"{path}: a redirect to {target.scheme}://{target.host} is not followed")
    return target


def _refusal(path: str, response: httpx2.Response) -> ReadError:
    code = response.headers.get("x-error-code", "")
    if code == "GatedRepo":
        return RefusedError(f"{path}: the repository is gated and this caller has no access to its files")
    if code == "EntryNotFound":
        return ReadError(f"{path}: the Hub lists the file and does not hand it out")
    return ReadError(f"{path}: the server answered {response.status_code}")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else None
