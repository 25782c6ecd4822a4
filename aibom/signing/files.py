"""The model's files with their SHA-256, as far as it is to be had, and how they agree with signed ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aibom import inventory
from aibom.errors import ReadError
from aibom.formats.text import clean
from aibom.model import FileEntry, Locator, Outcome, Result, Severity, Stage, Unknown
from aibom.signing.results import result
from aibom.spi import View

SIGNATURES: Final = (".dsse.json", ".sig", ".sigstore", ".sigstore.json")
"""How files end that hold signatures; they are made after what they sign, and are no part of it."""
_SHOWN = 3
_PLACES = 1000
"""Files that a result names one by one; its sentence tells how many there are."""


@dataclass(frozen=True, slots=True)
class HeldFiles:
    """Files by path with their SHA-256 in hex, those of `SIGNATURES` apart, and what is not known."""

    digests: Mapping[str, str]
    signatures: Mapping[str, str]
    unknowns: tuple[Unknown, ...] = ()


def hold_files(source: View) -> HeldFiles:
    """Every file of an open source.

    Local bytes are hashed; of a Hub, LFS files have the digest that it lists, and the others are read. A
    Git-LFS pointer is not what it points at, and counts as unknown.
    """
    files, unread = inventory.take(source)
    failed = {unknown.path: unknown.reason for unknown in (*getattr(source, "unknowns", ()), *unread)}
    digests: dict[str, str] = {}
    for file in files:
        answer = _digest(source, file)
        if isinstance(answer, str):
            digests[file.path] = answer
        else:
            failed.setdefault(file.path, answer.message)
    return HeldFiles(
        {path: digest for path, digest in digests.items() if not path.endswith(SIGNATURES)},
        {path: digest for path, digest in digests.items() if path.endswith(SIGNATURES)},
        tuple(Unknown(path, Stage.INVENTORY, reason) for path, reason in sorted(failed.items())),
    )


def _digest(source: View, file: FileEntry) -> str | ReadError:
    if file.lfs_pointer:
        return ReadError("a Git-LFS pointer stands where the content should be")
    if file.sha256 is not None:
        return file.sha256
    try:
        return hashlib.sha256(source.read(file.path)).hexdigest()
    except ReadError as error:
        return error


def contradicted(stated: Iterable[FileEntry], held: HeldFiles) -> tuple[str, ...]:
    """Paths of which a BOM states another SHA-256 than the file has."""
    here = {**held.signatures, **held.digests}
    return tuple(
        sorted(
            file.path
            for file in stated
            if file.sha256 and file.path in here and file.sha256 != here[file.path]
        )
    )


def compare(
    signed: Mapping[str, str | None],
    held: HeldFiles,
    *,
    rule: str,
    what: str,
    ignored: Iterable[str] = (),
) -> tuple[Result, ...]:
    """How the files that were signed agree with those that are there.

    Args:
        signed: path to SHA-256; None where only another digest was signed.
        held: the files that are there.
        rule: what precedes the names of the rules.
        what: who speaks, for people: `the envelope`.
        ignored: paths, of files or folders, that were left out when it was signed.
    """
    here = {**held.signatures, **held.digests}
    unknown = {item.path for item in held.unknowns}
    left_out = tuple(ignored)
    extra = sorted(
        path
        for path in {*held.digests, *(unknown - signed.keys())}
        if path not in signed and not _below(path, left_out)
    )
    missing = sorted(path for path in signed if path not in here and path not in unknown)
    unread = sorted(path for path, digest in signed.items() if path in unknown or digest is None)
    altered = [path for path in sorted(signed.keys() & here) if signed[path] not in (None, here[path])]
    same = len(signed) - len(missing) - len(altered) - len(unread)
    found = [
        _told(f"{rule}.altered", altered, f"not as {what} has it", Outcome.FAIL, signed, here),
        _told(f"{rule}.missing", missing, f"named by {what} and not there", Outcome.FAIL, signed, here),
        _told(f"{rule}.extra", extra, f"not named by {what}", Outcome.FAIL, signed, here),
        _told(
            f"{rule}.unread",
            unread,
            "not compared, as the SHA-256 is not known",
            Outcome.UNDETERMINED,
            signed,
            here,
        ),
    ]
    told = tuple(item for item in found if item)
    if same or not told:
        number = f"{same} of {len(signed)} files"
        told = (
            result(f"{rule}.same", Outcome.PASS, f"{number} that {what} names have the same SHA-256"),
            *told,
        )
    return told


def _told(
    rule: str,
    paths: list[str],
    how: str,
    outcome: Outcome,
    signed: Mapping[str, str | None],
    here: Mapping[str, str],
) -> Result | None:
    if not paths:
        return None
    shown = ", ".join(clean(path, 120) for path in paths[:_SHOWN])
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    one = len(paths) == 1
    return result(
        rule,
        outcome,
        f"{len(paths)} {'file' if one else 'files'} {how}: {shown}{more}",
        about="\n".join(paths),
        severity=Severity.HIGH,
        claimed=_sha256(signed.get(paths[0])) if one else "",
        found=_sha256(here.get(paths[0])) if one else "",
        locators=tuple(Locator(path, quote=_sha256(here.get(path)) or None) for path in paths[:_PLACES]),
    )


def _sha256(digest: str | None) -> str:
    return f"SHA-256 {digest}" if digest else ""


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)
