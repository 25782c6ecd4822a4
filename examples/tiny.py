"""Writers of tiny files in the real formats: safetensors shards, a BPE tokenizer, a model card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Shapes = Mapping[str, Sequence[int]]


def write_json(path: Path, value: Any) -> None:
    """Write JSON as the Hub's libraries do."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text, making the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_card(folder: Path, front_matter: str, title: str, prose: str) -> None:
    """A README.md with front matter."""
    write_text(folder / "README.md", f"---\n{front_matter.strip()}\n---\n\n# {title}\n\n{prose.strip()}\n")


def write_safetensors(path: Path, shapes: Shapes, dtype: str = "BF16") -> None:
    """Tensors of two-byte elements whose values follow from their names, so that none match by chance."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, shape in shapes.items():
        size = 2 * product(shape)
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [offset, offset + size]}
        offset += size
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        for name, shape in shapes.items():
            file.write(_bytes_for(f"{path.parent.name}/{name}", 2 * product(shape)))


def write_sharded(folder: Path, shapes: Shapes, shards: int = 2) -> None:
    """The same in several shards with the index that the Hub's libraries read."""
    names = list(shapes)
    weight_map: dict[str, str] = {}
    for number in range(shards):
        mine = names[number::shards]
        file = f"model-{number + 1:05d}-of-{shards:05d}.safetensors"
        write_safetensors(folder / file, {name: shapes[name] for name in mine})
        weight_map |= dict.fromkeys(mine, file)
    total = sum(2 * product(shape) for shape in shapes.values())
    index = {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))}
    write_json(folder / "model.safetensors.index.json", index)


def write_bpe_tokenizer(folder: Path, words: Iterable[str], special: Sequence[str], size: int) -> None:
    """A byte-level BPE tokenizer.json: bytes first, then merges that build the given words."""
    alphabet = [chr(code) for code in range(33, 127)] + ["Ġ", "Ċ"]
    vocabulary = list(alphabet)
    merges: list[str] = []
    for word in words:
        left = word[0]
        for letter in word[1:]:
            if left + letter not in vocabulary:
                merges.append(f"{left} {letter}")
                vocabulary.append(left + letter)
            left += letter
    if len(vocabulary) + len(special) > size:
        raise ValueError("the vocabulary does not fit the embedding")
    tokenizer = {
        "version": "1.0",
        "added_tokens": [
            {"id": len(vocabulary) + number, "content": token, "special": True}
            for number, token in enumerate(special)
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
        "decoder": {"type": "ByteLevel"},
        "model": {
            "type": "BPE",
            "vocab": {token: number for number, token in enumerate(vocabulary)},
            "merges": merges,
        },
    }
    write_json(folder / "tokenizer.json", tokenizer)


def product(shape: Sequence[int]) -> int:
    """Number of elements."""
    total = 1
    for side in shape:
        total *= side
    return total


def _bytes_for(seed: str, size: int) -> bytes:
    """Deterministic bytes; the exponent bits are held low so that each value is a small number."""
    noise = bytearray(hashlib.shake_256(seed.encode()).digest(size))
    noise[1::2] = bytes(0x3C | (byte & 0x80) | (byte & 0x01) for byte in noise[1::2])
    return bytes(noise)
