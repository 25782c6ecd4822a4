"""A repository on the Hub (or a mirror, or only in the cache) as a source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace

import httpx2
import msgspec
from huggingface_hub import is_offline_mode

from aibom.errors import InputError, NetworkError, OfflineError, ReadError, UsageError
from aibom.formats.fileclass import classify
from aibom.model import FileClass, FileEntry, ReadStats, Reference, Stage, Unknown
from aibom.sources.base import BaseSource
from aibom.sources.cache import Cache
from aibom.sources.content import Content, RefusedError
from aibom.sources.http import Meter, Retry, Wire
from aibom.sources.metadata import Described, Metadata, entries, iso, licence_of
from aibom.sources.options import MIB, SourceOptions
from aibom.spi import Range

# Read together when a repository is opened, the first classes first: what inspectors ask for anyway.
_PREFETCHED = (
    FileClass.CONFIG,
    FileClass.CARD,
    FileClass.LICENCE,
    FileClass.NOTICE,
    FileClass.CHAT_TEMPLATE,
    FileClass.CODE,
    FileClass.TOKENIZER,
    FileClass.WEIGHTS_INDEX,
)
_PREFETCH_FILES = 256
_PREFETCH_ONE = 4 * MIB
_PREFETCH_ALL = 16 * MIB
_HEADS = 512
"""Files whose size is asked for one by one, where no listing tells it."""
_MEMO = 48 * MIB
"""Bytes of earlier reads that are kept in memory."""


@dataclass(frozen=True, slots=True)
class _Link:
    """The network side of a source; absent when offline."""

    client: httpx2.Client
    meter: Meter
    metadata: Metadata
    content: Content


class HubSource(BaseSource):
    """Files of one repository at one commit, read by range and remembered."""

    def __init__(
        self, described: Described, options: SourceOptions, cache: Cache, link: _Link | None
    ) -> None:
        files = {entry.path: entry for entry in described.files}
        super().__init__(described.target, files, options, described.unknowns)
        self._cache = cache
        self._link = link
        self._memo: dict[tuple[str, int, int | None], bytes] = {}
        self._memo_bytes = 0
        self._references: dict[str, Reference | None] = {}
        self._refused = False
        self._pool = ThreadPoolExecutor(options.concurrency, thread_name_prefix="aibom-read")

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """Many ranges at once over as many connections, answered in order."""
        return list(self._pool.map(self._answer, ranges))

    def stats(self) -> ReadStats:
        """Bytes received and requests sent, metadata included; nothing of the cache's."""
        meter = self._link.meter if self._link else Meter(0)
        return ReadStats(meter.bytes, meter.requests, len(self._opened))

    def digests(self, paths: Sequence[str]) -> Mapping[str, str | ReadError]:
        """SHA-256 of the files that were read whole; the others are not fetched for it."""
        wholes = {path: self._memo.get((path, 0, None)) for path in paths}
        return {path: hashlib.sha256(data).hexdigest() for path, data in wholes.items() if data is not None}

    def lookup(self, repo_id: str) -> Reference | None:
        """Another repository's files and LFS digests; None offline, when missing, or past the bound."""
        if self._link is None:
            return None
        if repo_id not in self._references and len(self._references) < self._options.max_lookups:
            self._references[repo_id] = self._reference(self._link, repo_id)
        return self._references.get(repo_id)

    def close(self) -> None:
        """Close connections and threads."""
        self._pool.shutdown(cancel_futures=True)
        if self._link is not None:
            self._link.client.close()

    def prefetch(self) -> None:
        """Read small text files together, so that inspectors' reads cost no round trips of their own."""
        chosen = _prefetched(self.files.values())
        hub = self.target.hub
        if hub is not None and hub.gated and chosen:
            self._answer(Range(min(chosen, key=lambda entry: entry.size or 0).path))
        if not self._refused:
            self.read_many([Range(entry.path) for entry in chosen])
        self._opened.clear()
        if self._refused:
            self._unknowns.extend(_gated(self.files.values()))

    def learn_sizes(self) -> None:
        """Ask for each size that no listing told (a mirror that drops them)."""
        if self._link is None:
            return
        head = self._link.content.head
        unknown = [entry for entry in self.files.values() if entry.size is None][:_HEADS]

        def learn(entry: FileEntry) -> FileEntry:
            try:
                size, sha256 = head(entry.path)
            except InputError:
                return entry
            return replace(entry, size=size, sha256=sha256 or entry.sha256)

        self._files.update((entry.path, entry) for entry in self._pool.map(learn, unknown))

    def _bytes(self, entry: FileEntry, offset: int, wanted: int | None) -> bytes:
        whole = self._memo.get((entry.path, 0, None))
        if whole is not None:
            return whole[offset:] if wanted is None else whole[offset : offset + wanted]
        is_whole = offset == 0 and (wanted is None or wanted == entry.size)
        key = (entry.path, offset, None if is_whole else wanted)
        data = self._memo.get(key)
        if data is None:
            data = self._stored(entry, *key)
            self._remember(key, data)
        return data

    def _stored(self, entry: FileEntry, path: str, offset: int, wanted: int | None) -> bytes:
        """From the cache on disk, else from the network and into the cache."""
        target = self.target
        name = (str(target.endpoint), str(target.repository), str(target.revision), path)
        key = ("read", *name, str(offset), str(wanted))
        data = self._cache.get(*key)
        if data is None:
            data = self._fetched(entry, offset, wanted)
            self._cache.put(data, *key)
        return data

    def _fetched(self, entry: FileEntry, offset: int, wanted: int | None) -> bytes:
        path = entry.path
        if self._link is None:
            raise ReadError(f"{path}: not in the cache, and the network is switched off")
        if self._refused:
            raise RefusedError(f"{path}: the repository is gated and this caller has no access to its files")
        content = self._link.content
        try:
            if wanted is not None:
                return content.range(path, offset, wanted)
            data = content.whole(path, entry.size)
        except RefusedError:
            self._refused = True
            raise
        except NetworkError as error:
            raise ReadError(f"{path}: {error.message}") from error
        if entry.sha256 and hashlib.sha256(data).hexdigest() != entry.sha256:
            raise ReadError(f"{path}: the bytes do not have the SHA-256 that the Hub lists")
        return data[offset:]

    def _remember(self, key: tuple[str, int, int | None], data: bytes) -> None:
        with self._lock:
            if self._memo_bytes + len(data) <= _MEMO:
                self._memo[key] = data
                self._memo_bytes += len(data)

    def _reference(self, link: _Link, repo_id: str) -> Reference | None:
        try:
            info = link.metadata.info(repo_id, None)
        except InputError:
            return None
        files, _ = entries(info, self._options.max_files)
        return Reference(info.id, info.sha or "", iso(info.created_at), files, licence_of(info))


def open_hub(ref: str, repository: str, revision: str | None, options: SourceOptions) -> HubSource:
    """Open a repository on the Hub, or, offline, what the cache holds of it.

    The Hub library's own switch (HF_HUB_OFFLINE) counts as offline too.

    Raises:
        NotFoundError, AccessError, NetworkError, OfflineError: see `aibom.errors`.
        UsageError: the endpoint is no URL of a server.
    """
    options = replace(options, endpoint=_endpoint(options.endpoint))
    cache = Cache(options.cache_dir)
    name = (options.endpoint, repository, revision or "main")
    if options.offline or is_offline_mode():
        return HubSource(_remembered(ref, name, cache), options, cache, None)
    meter = Meter(options.max_bytes)
    client = httpx2.Client(
        transport=Wire(options, meter), timeout=options.timeout, follow_redirects=True, trust_env=False
    )
    with ExitStack() as undo:
        undo.callback(client.close)
        retry = Retry(options.retries, options.max_wait, options.sleep)
        metadata = Metadata(client, retry, options)
        described = metadata.describe(ref, repository, revision)
        target = described.target
        content = Content(client, retry, meter, options, str(target.repository), str(target.revision))
        source = HubSource(described, options, cache, _Link(client, meter, metadata, content))
        undo.push(source)
        source.learn_sizes()
        kept = replace(described, files=tuple(source.files.values()))
        for key in {name, (options.endpoint, repository, str(target.revision))}:
            cache.put(msgspec.json.encode(kept), "described", *key)
        source.prefetch()
        undo.pop_all()
        return source


def _endpoint(url: str) -> str:
    """The URL without what would make two names of one server; credentials in it would reach the BOM."""
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL:
        parsed = httpx2.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo or parsed.query:
        raise UsageError(
            "the Hub's URL must be http(s)://host[:port][/path], without user, password or query"
        )
    return str(parsed).rstrip("/")


def _remembered(ref: str, name: tuple[str, str, str], cache: Cache) -> Described:
    data = cache.get("described", *name)
    if data is None:
        raise OfflineError(f"{name[1]} at {name[2]} is not in the cache, and the network is switched off")
    try:
        described = msgspec.json.decode(data, type=Described)
    except msgspec.MsgspecError as error:
        raise OfflineError(f"{name[1]} at {name[2]} was cached by another version of aibom") from error
    return replace(described, target=replace(described.target, ref=ref))


def _prefetched(files: Iterable[FileEntry]) -> list[FileEntry]:
    rank = {kind: place for place, kind in enumerate(_PREFETCHED)}
    ranked = sorted(
        (rank[kind], entry.path, entry)
        for entry in files
        if (kind := classify(entry.path)) in rank and entry.size is not None and entry.size <= _PREFETCH_ONE
    )
    chosen: list[FileEntry] = []
    total = 0
    for _, _, entry in ranked[:_PREFETCH_FILES]:
        total += entry.size or 0
        if total > _PREFETCH_ALL:
            break
        chosen.append(entry)
    return chosen


def _gated(files: Iterable[FileEntry]) -> list[Unknown]:
    """One unknown per class of file that a gated repository keeps back."""
    by_class: dict[FileClass, int] = {}
    for entry in files:
        by_class[classify(entry.path)] = by_class.get(classify(entry.path), 0) + 1
    reason = "the repository is gated and this caller has no access; only the Hub's metadata was read"
    return [
        Unknown(f"{kind} ({count} file{'s' * (count > 1)})", Stage.SOURCE, reason)
        for kind, count in sorted(by_class.items())
    ]
