"""Packages of the index that reference data is built from: pinned, and held against their digests."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pin:
    """One wheel: `platform` names it where there are several (`manylinux_2_28_x86_64`)."""

    name: str
    version: str
    sha256: str
    platform: str = "any"


def fetch(pin: Pin, folder: Path) -> Path:
    """The wheel, by `pip download --no-deps`; nothing of it is installed or run."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--platform", pin.platform, "--dest", str(folder)]
    subprocess.run([*command, f"{pin.name}=={pin.version}"], check=True)
    wheel = next(folder.glob(f"{pin.name}-{pin.version}-*.whl"))
    if digest_of(wheel) != pin.sha256:
        raise SystemExit(f"{wheel.name}: its SHA-256 is not the pinned one")
    return wheel


def version_of(wheel: Path) -> str:
    """The version in a wheel's name."""
    return wheel.name.split("-")[1]


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def members(archive: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Files of a wheel or an sdist, which is read as a stream, once."""
    wanted = set(paths)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {path: wheel.read(path) for path in wanted}
    found: dict[str, bytes] = {}
    with tarfile.open(archive, "r|gz") as sdist:
        for entry in sdist:
            if entry.name in wanted and (file := sdist.extractfile(entry)) is not None:
                found[entry.name] = file.read()
    return found


def released(wheel: Path) -> str | None:
    """The latest day that a file of the wheel carries; None where all carry one fixed time."""
    with zipfile.ZipFile(wheel) as archive:
        times = {entry.date_time for entry in archive.infolist()}
    year, month, day = max(times)[:3]
    return f"{year:04}-{month:02}-{day:02}" if len(times) > 1 else None
