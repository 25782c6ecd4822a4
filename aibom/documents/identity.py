"""Names of repositories in package URLs and addresses: how one BOM's model is found in another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aibom.documents.limits import LONGEST_NAME, LONGEST_PATH
from aibom.formats.values import clean

HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
MODEL_PURLS = frozenset({"huggingface", "mlflow"})
"""Types of package URL that name a model (package-url/purl-spec)."""
_PURL = re.compile(r"pkg:/*([A-Za-z][A-Za-z0-9.+-]*)/([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SEGMENT = re.compile(r"\w[\w.-]{0,95}", re.ASCII)
_NOT_MODELS = frozenset(
    {"datasets", "spaces", "docs", "blog", "papers", "api", "collections", "organizations"}
)
_PAGES = frozenset({"tree", "blob", "resolve", "raw", "commit", "commits", "discussions"})
_OF_FILES = frozenset({"blob", "resolve", "raw"})


@dataclass(frozen=True, slots=True)
class Identity:
    """What a package URL or an address names.

    Attributes:
        kind: type of the package URL; `huggingface` for a page of the Hub.
        name: `namespace/name`, or the name alone.
        revision: the full commit, where it is one.
        path: the file inside the repository.
        dataset: whether it is a dataset of the Hub.
    """

    kind: str
    name: str
    revision: str | None = None
    path: str | None = None
    dataset: bool = False


def of_purl(text: str) -> Identity | None:
    """What a package URL names, or None for what is none. The form is read leniently: BOMs get it wrong."""
    match = _PURL.fullmatch(text) if len(text) <= LONGEST_PATH + 2 * LONGEST_NAME else None
    if match is None:
        return None
    named, _, version = match[2].rpartition("@") if "@" in match[2] else (match[2], "", "")
    name = clean("/".join(unquote(part) for part in named.split("/") if part), LONGEST_NAME)
    if not name:
        return None
    path = clean(unquote(match[4]), LONGEST_PATH) if match[4] else None
    dataset = name.startswith("datasets/")
    return Identity(match[1].lower(), name.removeprefix("datasets/"), commit(unquote(version)), path, dataset)


def of_url(text: str) -> Identity | None:
    """The repository that a page of the Hub belongs to, or None."""
    if len(text) > LONGEST_PATH + 2 * LONGEST_NAME:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if host not in HUB_HOSTS or parts.scheme not in ("http", "https"):
        return None
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    dataset = segments[:1] == ["datasets"]
    segments = segments[1:] if dataset else segments
    name = segments[:1] if segments[1:2] and segments[1] in _PAGES else segments[:2]
    if not name or name[0] in _NOT_MODELS or not all(map(_SEGMENT.fullmatch, name)):
        return None
    if len(name) == 1 and not dataset and len(segments) == 1:
        return None  # the page of an organisation
    page, rest = segments[len(name) : len(name) + 1], segments[len(name) + 1 :]
    revision = commit(rest[0]) if page and page[0] in _PAGES and rest else None
    path = (
        clean("/".join(rest[1:]), LONGEST_PATH) if page and page[0] in _OF_FILES and len(rest) > 1 else None
    )
    return Identity("huggingface", "/".join(name), revision, path, dataset)


def commit(text: str) -> str | None:
    """A full commit in lower case, or None for a shortened one, a branch or a release number."""
    lowered = text.strip().lower() if len(text) <= 80 else ""
    return lowered if _COMMIT.fullmatch(lowered) else None


def is_repository(name: str) -> bool:
    """Whether a name has the form `org/name` of a repository."""
    segments = name.split("/") if len(name) <= LONGEST_NAME else []
    return len(segments) == 2 and all(map(_SEGMENT.fullmatch, segments))
