"""What the Hub says of a repository: two calls, tolerant of mirrors that answer less."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, TypeVar

import httpx2
from huggingface_hub import HfApi, ModelInfo
from huggingface_hub.errors import (
    DisabledRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from aibom.errors import AccessError, AibomError, InputError, NetworkError, NotFoundError
from aibom.model import FileEntry, HubRecord, Stage, Target, TargetKind, Unknown
from aibom.sources.http import Retry
from aibom.sources.names import escaped, refusal
from aibom.sources.options import SourceOptions
from aibom.sources.session import hub_calls_over

T = TypeVar("T")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MAX_TEXT = 400
_MAX_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class Described:
    """A repository at one commit, as the Hub describes it. Kept in the cache for work without the network."""

    target: Target
    files: tuple[FileEntry, ...]
    unknowns: tuple[Unknown, ...] = ()


class Metadata:
    """The Hub's metadata calls, each with the source's client, time-out and patience."""

    def __init__(self, client: httpx2.Client, retry: Retry, options: SourceOptions) -> None:
        self._client = client
        self._retry = retry
        self._options = options
        self._api = HfApi(
            endpoint=options.endpoint,
            token=options.token or False,
            library_name="aibom",
            library_version=version("aibom"),
        )

    def describe(self, ref: str, repository: str, revision: str | None) -> Described:
        """Target and files of a repository; the revision resolved to its full commit.

        Raises:
            NotFoundError, AccessError, NetworkError: it is not there, not for this caller, not to be had.
        """
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.info, repository, revision)
            second = pool.submit(self._base_models, repository, revision)
        info = first.result()
        base_models, unknowns = second.result()
        commit = _commit(info, revision)
        if info.disabled:
            raise AccessError(f"{repository}: the Hub has disabled this repository")
        target = Target(
            ref=ref,
            kind=TargetKind.HUB,
            name=info.id.rpartition("/")[2],
            repository=info.id,
            revision=commit,
            endpoint=self._options.endpoint,
            hub=_record(info, base_models),
        )
        files, refused = entries(info, self._options.max_files)
        if any(entry.size is None for entry in files):
            files = self._with_sizes(info.id, commit, files)
        return Described(target, files, (*unknowns, *refused))

    def info(self, repository: str, revision: str | None) -> ModelInfo:
        """The first call: files with sizes and digests, and the state of security scans."""
        return self._call(
            lambda: self._api.model_info(
                repository,
                revision=revision,
                files_metadata=True,
                securityStatus=True,
                timeout=self._options.timeout,
            ),
            repository,
            revision,
        )

    def _base_models(
        self, repository: str, revision: str | None
    ) -> tuple[tuple[tuple[str, str], ...], tuple[Unknown, ...]]:
        """The second call: the Hub's own resolution of parents. Its failure is no failure of the scan."""
        try:
            info = self._call(
                lambda: self._api.model_info(
                    repository, revision=revision, expand=["baseModels"], timeout=self._options.timeout
                ),
                repository,
                revision,
            )
        except InputError as error:
            reason = f"the Hub's own resolution of base models was not read: {error.message}"
            return (), (Unknown("", Stage.SOURCE, reason),)
        return _parents(info.base_models), ()

    def _with_sizes(
        self, repository: str, commit: str, files: tuple[FileEntry, ...]
    ) -> tuple[FileEntry, ...]:
        """Sizes and digests from the tree listing, for mirrors that leave them out of the first call."""
        limit = self._options.max_files
        try:
            tree = self._call(
                lambda: _listed(self._api.list_repo_tree(repository, recursive=True, revision=commit), limit),
                repository,
                commit,
            )
        except InputError:
            return files
        return tuple(tree.get(entry.path, entry) for entry in files)

    def _call(self, action: Callable[[], T], repository: str, revision: str | None) -> T:
        def attempt() -> T:
            with hub_calls_over(self._client):
                return action()

        try:
            return self._retry.call(attempt)
        except AibomError:
            raise
        except HfHubHTTPError as error:
            raise _explained(error, repository, revision) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NetworkError(f"{self._options.endpoint}: {error}") from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NetworkError(
                f"{self._options.endpoint} answers with something that is not the Hub's JSON",
                advice="A login page of the network may stand between; else check --hub-url.",
            ) from error


def entries(info: ModelInfo, limit: int) -> tuple[tuple[FileEntry, ...], tuple[Unknown, ...]]:
    """The listed files with safe names, at most `limit`; the rest as unknowns."""
    siblings = info.siblings or []
    files, unknowns = [], []
    for sibling in siblings[:limit]:
        path = str(sibling.rfilename)
        if reason := refusal(path):
            unknowns.append(Unknown(escaped(path), Stage.SOURCE, reason))
        else:
            files.append(_entry(path, sibling))
    if len(siblings) > limit:
        reason = f"more than {limit} entries; the rest was not listed (max_files)"
        unknowns.append(Unknown("", Stage.SOURCE, reason))
    return tuple(files), tuple(unknowns)


def iso(moment: datetime | None) -> str | None:
    """A moment as the Hub writes it, in UTC to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def licence_of(info: ModelInfo) -> str | None:
    """The one licence that the repository declares, `other` by its own name; None for none or several."""
    said = getattr(info.card_data, "license", None)
    declared = [name for name in map(_text, said if isinstance(said, list) else [said]) if name]
    if declared == ["other"]:
        return _text(getattr(info.card_data, "license_name", None)) or "other"
    return declared[0] if len(declared) == 1 else None


def _listed(items: Iterable[Any], limit: int) -> dict[str, FileEntry]:
    tree: dict[str, FileEntry] = {}
    for count, item in enumerate(items):
        if count >= 2 * limit:
            break
        if hasattr(item, "size"):
            tree[item.path] = _entry(item.path, item)
    return tree


def _entry(path: str, listed: Any) -> FileEntry:
    """A sibling or tree entry; with LFS its digest, else git's id of the content."""
    lfs = listed.lfs
    size = lfs.size if lfs else listed.size
    return FileEntry(
        path,
        size if isinstance(size, int) and size >= 0 else None,
        _hex(lfs.sha256, _SHA256) if lfs else None,
        git_blob=None if lfs else _hex(listed.blob_id, _COMMIT),
    )


def _hex(value: Any, form: re.Pattern[str]) -> str | None:
    return value if isinstance(value, str) and form.fullmatch(value) else None


def _commit(info: ModelInfo, revision: str | None) -> str:
    for candidate in (info.sha, revision):
        if isinstance(candidate, str) and _COMMIT.fullmatch(candidate):
            return candidate
    raise NetworkError(f"{info.id}: the server does not tell which commit it speaks of")


def _record(info: ModelInfo, base_models: tuple[tuple[str, str], ...]) -> HubRecord:
    security = info.security_repo_status if isinstance(info.security_repo_status, dict) else {}
    issues = security.get("filesWithIssues")
    scans_done = security.get("scansDone")
    return HubRecord(
        created=iso(info.created_at),
        modified=iso(info.last_modified),
        gated=str(info.gated).lower() if info.gated else None,
        private=bool(info.private),
        downloads=info.downloads if isinstance(info.downloads, int) else None,
        likes=info.likes if isinstance(info.likes, int) else None,
        task=_text(info.pipeline_tag),
        library=_text(info.library_name),
        tags=tuple(tag for tag in map(_text, _items(info.tags)) if tag),
        base_models=base_models,
        security_issues=tuple(
            (escaped(str(issue.get("path", ""))), escaped(str(issue.get("level", "unknown"))))
            for issue in _items(issues)
            if isinstance(issue, dict)
        ),
        scans_done=scans_done if isinstance(scans_done, bool) else None,
    )


def _parents(value: Any) -> tuple[tuple[str, str], ...]:
    """(relation, id) pairs of `{"relation": …, "models": [{"id": …}]}`, which arrives unparsed."""
    if not isinstance(value, dict):
        return ()
    relation = _text(value.get("relation")) or "unknown"
    models = (model for model in _items(value.get("models")) if isinstance(model, dict))
    names = (_text(model.get("id")) for model in models)
    return tuple((relation, name) for name in names if name)


def _items(value: Any) -> list[Any]:
    return value[:_MAX_ITEMS] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return escaped(value[:_MAX_TEXT]) if isinstance(value, str) else None


def _explained(error: HfHubHTTPError, repository: str, revision: str | None) -> InputError:
    """The client's error in our terms. A gated repository answers metadata, so its error is access."""
    status = error.response.status_code
    code = error.response.headers.get("x-error-code", "")
    if code == "GatedRepo":
        return AccessError(f"{repository}: gated, and this caller has no access")
    if isinstance(error, DisabledRepoError):
        return AccessError(f"{repository}: the Hub has disabled this repository")
    if isinstance(error, RevisionNotFoundError):
        return NotFoundError(
            f"{repository}: no revision {escaped(revision or 'main')!r}",
            advice="Name a branch, tag or commit of the repository.",
        )
    if "Invalid credentials" in error.response.headers.get("x-error-message", ""):
        return AccessError(
            f"{repository}: the Hub does not accept the token", advice="Pass a valid token with --token-env."
        )
    if isinstance(error, RepositoryNotFoundError) or status in (401, 404):
        return NotFoundError(
            f"{repository}: no such repository, or it is private",
            advice="Check the name; for a private repository pass the token's variable with --token-env.",
        )
    if status == 403:
        return AccessError(f"{repository}: the Hub forbids this caller to read it")
    return NetworkError(f"{repository}: the server answered {status}")
