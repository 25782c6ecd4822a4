"""Rewrite `transformers_releases.json`: the first of the listed releases whose wheel holds each model folder.

A folder may be older than the release named here (releases in between are not looked at), never
younger: a date from this list is a day on which the code was certainly public. Run by hand when a
release is added; the result is committed, so that `make catalog` needs one wheel.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from pinned import released
from transformers_sources import ROOT

_LISTED = """4.0.0 4.6.0 4.12.0 4.18.0 4.22.0 4.26.0 4.28.0 4.30.0 4.32.0 4.34.0 4.36.0 4.38.0 4.40.0 4.42.0
    4.44.0 4.46.0 4.48.0 4.49.0 4.50.0 4.51.0 4.52.1 4.53.0 4.54.0 4.55.0 4.56.0 4.57.0 5.0.0 5.2.0 5.4.0
    5.6.0 5.8.0 5.10.0 5.12.0 5.14.0 5.16.0 5.17.0 5.18.0 5.19.0 5.20.0 5.21.0 5.22.0 5.23.0"""
RELEASES = _LISTED.split()
OUTPUT = Path(__file__).parent / "transformers_releases.json"


def main() -> int:
    """Fetch each release's wheel, one at a time, and note the folders that it is the first to hold."""
    releases: dict[str, str] = {}
    first: dict[str, str] = {}
    for version in RELEASES:
        with tempfile.TemporaryDirectory() as folder:
            wheel = _download(version, Path(folder))
            if wheel is None:
                print(f"{version}: not on the index")
                continue
            releases[version] = released(wheel) or ""
            for name in folders(wheel):
                first.setdefault(name, version)
        print(version, releases[version], len(first))
    document = {"source": "transformers", "releases": releases, "first": dict(sorted(first.items()))}
    OUTPUT.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return 0


def folders(wheel: Path) -> set[str]:
    """The model folders that hold modelling code."""
    with zipfile.ZipFile(wheel) as archive:
        paths = map(PurePosixPath, archive.namelist())
        return {
            path.parent.name
            for path in paths
            if path.parent.parent == ROOT and path.name.startswith("modeling_")
        }


def _download(version: str, folder: Path) -> Path | None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--dest", str(folder), f"transformers=={version}"]
    done = subprocess.run(command, check=False)
    return next(folder.glob("*.whl"), None) if done.returncode == 0 else None


if __name__ == "__main__":
    raise SystemExit(main())
