"""Replies that an ordinary framework does not give: by range, broken off, never."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.standin.content import Blob
from tests.standin.faults import Fault, Kind

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_CHUNK = 256 * 1024


def refused(
    status: int, code: str | None, message: str | None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error as the Hub words it."""
    told = {"X-Error-Code": code, "X-Error-Message": message}
    return JSONResponse(
        {"error": message or "error"},
        status,
        headers={**(headers or {}), **{name: value for name, value in told.items() if value}},
    )


class Hang(Response):
    """Says nothing until the caller gives up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


class ByRange(Response):
    """A file's bytes, or the range that was asked for, in pieces; with what a fault does to it."""

    def __init__(
        self, request: Request, blob: Blob, etag: str, headers: Mapping[str, str], fault: Fault | None
    ) -> None:
        kind = fault.kind if fault else None
        self._blob = blob
        self._start, self._stop, status = 0, blob.size, 200
        told = {"ETag": f'"{etag}"', "Accept-Ranges": "bytes", **headers}
        asked = _RANGE.fullmatch(request.headers.get("range", ""))
        if asked and kind is not Kind.IGNORE_RANGE:
            status = 206
            self._start = int(asked[1]) + (1 if kind is Kind.SHIFT_RANGE else 0)
            self._stop = min(int(asked[2]) + 1 if asked[2] else blob.size, blob.size)
            told["Content-Range"] = f"bytes {self._start}-{self._stop - 1}/{blob.size}"
        if self._start >= blob.size and asked:
            status, self._start, self._stop = 416, 0, 0
            told["Content-Range"] = f"bytes */{blob.size}"
        super().__init__(b"", status, headers=told, media_type="application/octet-stream")
        self.headers["content-length"] = str(self._stop - self._start)
        if request.method == "HEAD":
            self._stop = self._start
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        stop = (self._start + self._stop) // 2 if self._kind is Kind.TRUNCATE else self._stop
        for start in range(self._start, stop, _CHUNK):
            piece = self._blob.piece(start, min(start + _CHUNK, stop))
            if self._kind is Kind.CORRUPT:
                piece = bytes(byte ^ 0xFF for byte in piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if self._kind is Kind.TRUNCATE:
            await asyncio.sleep(0)
            raise ConnectionAbortedError
        await send({"type": "http.response.body", "body": b"", "more_body": False})
