"""A peer's command on the same pairs, where the user has it installed; nothing is fetched.

Cisco's model-provenance-kit compares two models by `provenancekit compare A B --json`, and gives its score,
from 0 to 1, as `scores.pipeline_score`. The environment variable `AIBOM_PEER` names another command line.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

COMMAND = "provenancekit compare {a} {b} --json --no-cache"
_SECONDS = 300


def installed() -> bool:
    """Whether the command is there."""
    return shutil.which(shlex.split(_command())[0]) is not None


def peer_score(suspect: Path, reference: Path) -> float | None:
    """The peer's overall score of a pair, or None where it gave none."""
    words = [word.format(a=suspect, b=reference) for word in shlex.split(_command())]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
        found = json.loads(done.stdout)["scores"]["pipeline_score"]
        return float(found) if found is not None else None
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return None


def _command() -> str:
    return os.environ.get("AIBOM_PEER", COMMAND)
