"""A tokenizer.json of about 20 MB in one normal form; exit status 1 from 0.5 s or 150 MB more memory."""

from __future__ import annotations

import json
import resource
import tempfile
from pathlib import Path

from local import FolderView, best

from aibom.formats.tokenizers import read_tokenizers

TOKENS = 256_000
MERGES = 440_000
SECONDS = 0.5
MEGABYTES = 150


def write_tokenizer(path: Path) -> None:
    """A byte-level BPE tokenizer of made-up words."""
    words = [word(number) for number in range(TOKENS)]
    merges = [f"{words[at % TOKENS][:3]} {words[at % TOKENS][3:]}{at // TOKENS}" for at in range(MERGES)]
    model = {"type": "BPE", "vocab": {text: at for at, text in enumerate(words)}, "merges": merges}
    document = {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "ByteLevel"}, "model": model}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False))


def word(number: int) -> str:
    """A space and six letters, unlike those of every other number."""
    letters = ""
    for _ in range(6):
        number, digit = divmod(number, 26)
        letters += chr(97 + (digit * 7 + len(letters) * 5) % 26)
    return f"Ġ{letters}"


def main() -> int:
    """Print time and memory; 1 where a limit is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tokenizer.json"
        write_tokenizer(path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds = best(lambda: read_tokenizers(FolderView(Path(folder))), 3)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
        size = path.stat().st_size / 1e6
    what = f"{size:.0f} MB, {TOKENS:,} tokens, {MERGES:,} merges"
    print(f"{what}: {seconds:.2f} s, {memory:.0f} MB more at the peak")
    return 0 if seconds < SECONDS and memory < MEGABYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
