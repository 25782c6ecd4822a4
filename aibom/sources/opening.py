"""From what the user typed to a source."""

from __future__ import annotations

import re
from pathlib import Path

from aibom.errors import InputError, NotFoundError, UsageError
from aibom.formats.fileclass import classify
from aibom.model import FileClass
from aibom.sources.base import Source
from aibom.sources.folder import open_folder
from aibom.sources.names import escaped
from aibom.sources.options import SourceOptions
from aibom.sources.single import open_file
from aibom.sources.snapshot import is_snapshot, open_snapshot

_PREFIX = "hf:"
_PIECE = r"[A-Za-z0-9](?:[\w.-]{0,94}[A-Za-z0-9_])?"
_SANE = r"(?!.*(?:--|\.\.))"
# The Hub's own rules: huggingface_hub.utils.validate_repo_id.
_REPOSITORY = re.compile(rf"{_SANE}{_PIECE}/{_PIECE}", re.ASCII)
_FORCED = re.compile(rf"{_SANE}(?:{_PIECE}/)?{_PIECE}", re.ASCII)
_MAX_REF = 4096
_FORMS = "Name org/name[@revision], hf:org/name, a folder, or a model file."


def open_source(ref: str, options: SourceOptions | None = None) -> Source:
    """Open a target: `org/name[@revision]`, `hf:org/name[@revision]`, a folder, a model file, a snapshot.

    A path that exists wins over a repository of the same name; `hf:` forces the Hub.

    Raises:
        NotFoundError: there is no such file, folder, repository or revision.
        UsageError: the reference, alias or revision has no meaning.
        InputError: what is there cannot be read (see its subclasses for access, network, offline).
    """
    options = options or SourceOptions()
    if not ref or len(ref) > _MAX_REF or "\0" in ref:
        raise UsageError("the target is empty or has no meaning", advice=_FORMS)
    if options.alias is not None and not _REPOSITORY.fullmatch(options.alias):
        raise UsageError(f"{escaped(options.alias)!r} is no org/name for a local target to stand for")
    if not ref.startswith(_PREFIX) and (local := _local(ref, options)) is not None:
        return local
    repository, revision = _hub_name(ref, options.revision)
    from aibom.sources.hub import open_hub

    return open_hub(ref, repository, revision, options)


def _local(ref: str, options: SourceOptions) -> Source | None:
    try:
        path = Path(ref).expanduser()
        if path.is_dir():
            return open_snapshot(path, options) if is_snapshot(path) else open_folder(ref, path, options)
        if path.is_file():
            return open_file(ref, path, options)
        if path.exists() or path.is_symlink():
            raise InputError(f"{escaped(ref)}: neither a folder nor a file that can be read")
    except (OSError, RuntimeError) as error:
        raise InputError(f"{escaped(ref)}: {getattr(error, 'strerror', None) or error}") from error
    return None


def _hub_name(ref: str, revision: str | None) -> tuple[str, str | None]:
    """Repository and revision; `@` in the reference and the option must not disagree."""
    forced = ref.startswith(_PREFIX)
    repository, at, named = ref.removeprefix(_PREFIX).partition("@")
    is_path = not forced and classify(ref) is FileClass.WEIGHTS
    if is_path or not (_FORCED if forced else _REPOSITORY).fullmatch(repository):
        raise NotFoundError(
            f"{escaped(ref)}: no such file or folder, and no name of a repository", advice=_FORMS
        )
    if at and (not named or (revision is not None and revision != named)):
        raise UsageError(f"{escaped(ref)}: the revision is empty, or another one than --revision names")
    return repository, named or revision
