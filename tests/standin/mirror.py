"""olah, a caching mirror that nobody here wrote, in front of the stand-in."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATIENCE = 40.0


@contextmanager
def mirrored(upstream: str, folder: Path) -> Iterator[str]:
    """The URL of a mirror of `upstream` (`http://host:port`); skips the test where it does not start."""
    program = shutil.which("olah-cli", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("olah is not installed")
    port = _free_port()
    netloc = upstream.removeprefix("http://")
    command = [program, "--host", "127.0.0.1", "--port", str(port), "--hf-scheme", "http"]
    command += ["--hf-netloc", netloc, "--hf-lfs-netloc", netloc, "--mirror-scheme", "http"]
    command += ["--mirror-netloc", f"127.0.0.1:{port}", "--mirror-lfs-netloc", f"127.0.0.1:{port}"]
    command += ["--repos-path", str(folder / "repos"), "--log-path", str(folder / "logs")]
    with (folder / "olah.txt").open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
        try:
            if not _answers(port, process):
                pytest.skip(f"olah does not start: {(folder / 'olah.txt').read_text()[-400:]}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False
