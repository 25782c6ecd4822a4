"""The tokenizer in a GGUF file has the digests of the files that it was made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from aibom.errors import FormatError
from aibom.formats.gguf import read_header
from aibom.formats.tokenizers import (
    TokenizerFacts,
    TokenizerKind,
    read_gguf_tokenizer,
    read_tokenizers,
)
from aibom.sources.memory import MemoryView
from tests.builders.gguf import gguf
from tests.builders.tokenizer import byte_vocabulary, merges_txt, sentencepiece, tokenizer_json
from tests.gguf.written import written

NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE = 1, 2, 3, 4, 5, 6


def from_gguf(**metadata: object) -> TokenizerFacts:
    pairs = {f"tokenizer.ggml.{key}": value for key, value in metadata.items()}
    view = MemoryView({"m.gguf": gguf(pairs)})  # type: ignore[arg-type]
    facts = read_gguf_tokenizer(view, read_header(view, "m.gguf"))
    assert facts is not None
    return facts


def from_files(**files: bytes) -> TokenizerFacts:
    found, unknowns = read_tokenizers(
        MemoryView({name.replace("__", "."): data for name, data in files.items()})
    )
    assert unknowns == ()
    return found[0]


def qwen(vocabulary: Sequence[str]) -> dict[str, object]:
    """Metadata as llama.cpp's converter writes it: trained, added, padded to the embedding's rows."""
    count = len(vocabulary)
    tokens = [
        *vocabulary,
        "<|endoftext|>",
        "<|im_start|>",
        "<tool>",
        f"[PAD{count + 3}]",
        f"[PAD{count + 4}]",
    ]
    types = [NORMAL] * count + [CONTROL, CONTROL, USER, UNUSED, UNUSED]
    return {"model": "gpt2", "pre": "qwen2", "tokens": tokens, "token_type": types, "bos_token_id": count}


def test_byte_level_bpe_has_the_digests_of_its_vocabulary_files() -> None:
    vocabulary = byte_vocabulary("he", "ll", "hell")
    merges = [("h", "e"), ("l", "l"), ("he", "ll")]
    facts = from_gguf(**qwen(list(vocabulary)), merges=[" ".join(rule) for rule in merges])
    slow = from_files(vocab__json=json.dumps(vocabulary).encode(), merges__txt=merges_txt(merges))
    count = len(vocabulary)
    added = {"<|endoftext|>": count, "<|im_start|>": count + 1, "<tool>": count + 2}
    fast = from_files(tokenizer__json=tokenizer_json(vocabulary, merges=merges, added=added))
    assert facts.digest == slow.digest == fast.digest
    assert facts.vocabulary_digest == slow.vocabulary_digest == fast.vocabulary_digest
    assert (facts.kind, facts.byte_level, facts.merges) == (TokenizerKind.BPE, True, 3)
    assert (facts.vocabulary_size, facts.added) == (fast.vocabulary_size, fast.added) == (262, 3)
    assert facts.pre_tokeniser == "qwen2"
    assert facts.special_tokens == (("bos_token", "<|endoftext|>"),)
    assert facts.files == ("m.gguf",) and facts.source == "m.gguf"


def test_another_order_of_merges_is_another_tokenizer() -> None:
    vocabulary = list(byte_vocabulary("he", "ll"))
    one = from_gguf(**qwen(vocabulary), merges=["h e", "l l"])
    other = from_gguf(**qwen(vocabulary), merges=["l l", "h e"])
    assert one.vocabulary_digest == other.vocabulary_digest and one.digest != other.digest


def test_sentencepiece_has_the_digests_of_its_model() -> None:
    pieces = [("<unk>", 2), ("<s>", 3), ("</s>", 3), ("<0x00>", 6), ("\u2581a", 1), ("b", 1)]
    facts = from_gguf(
        model="llama",
        tokens=[*(text for text, _ in pieces), "<|user|>", "[PAD7]"],
        scores=[0.0] * 6 + [-1000.0, -10_000.0],
        token_type=[UNKNOWN, CONTROL, CONTROL, BYTE, NORMAL, NORMAL, CONTROL, UNUSED],
        unknown_token_id=0,
        eos_token_id=2,
    )
    spm = from_files(tokenizer__model=sentencepiece(pieces))
    assert (facts.digest, facts.vocabulary_digest) == (spm.digest, spm.vocabulary_digest)
    assert (facts.kind, facts.byte_level, facts.added) == (TokenizerKind.SENTENCEPIECE_BPE, True, 1)
    assert facts.special_tokens == (("eos_token", "</s>"), ("unk_token", "<unk>"))


def test_wordpiece_has_the_digests_of_vocab_txt() -> None:
    lines = ["[PAD]", "[unused0]", "[CLS]", "the", "##ing", "[", "]", "##]", "a"]
    marked = [
        line
        if line.startswith("[") and line.endswith("]")
        else line[2:]
        if line.startswith("##")
        else f"\u2581{line}"
        for line in lines
    ]
    facts = from_gguf(model="bert", tokens=marked, token_type=[CONTROL, NORMAL, CONTROL, *[NORMAL] * 6])
    plain = from_files(vocab__txt="\n".join(lines).encode())
    assert (facts.digest, facts.kind) == (plain.digest, TokenizerKind.WORDPIECE)


def test_without_types_all_is_trained_and_an_unknown_model_leaves_the_kind_open() -> None:
    facts = from_gguf(model="rwkv", tokens=["a", "b"])
    assert (facts.kind, facts.vocabulary_size, facts.added, facts.merges) == (None, 2, 0, None)


def test_a_tokenizer_without_tokens_is_told_and_none_is_none() -> None:
    assert from_gguf(model="gpt2") == TokenizerFacts(kind=TokenizerKind.BPE, files=("m.gguf",))
    view = MemoryView({"m.gguf": gguf({"tokenizer.ggml.model": "no_vocab"})})
    assert read_gguf_tokenizer(view, read_header(view, "m.gguf")) is None


def test_tokens_that_are_no_utf8_are_counted_apart() -> None:
    facts = from_gguf(model="rwkv", tokens=[b"\xff", b"\xfe", "a"])
    assert facts.vocabulary_size == 3


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"tokens": [1, 2]}, "an array of UINT32 where strings should be"),
        ({"tokens": ["a"], "token_type": [1, 1]}, "2 token types for 1 tokens"),
        ({"tokens": ["a"], "token_type": ["x"]}, "an array of STRING where numbers should be"),
        ({"tokens": ["a"], "merges": ["ab"]}, "a merge rule is no pair: ab"),
    ],
)
def test_lists_that_do_not_fit_are_refused(metadata: dict[str, object], reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        from_gguf(model="gpt2", **metadata)


def test_long_lists_are_read_on_demand() -> None:
    tokens = [f"t{number}" for number in range(3000)]
    pairs: dict[str, Any] = {"model": "gpt2", "tokens": [*tokens, "<|end|>"], "token_type": [1] * 3000 + [3]}
    data = gguf({f"tokenizer.ggml.{key}": value for key, value in pairs.items()})
    view = MemoryView({"m.gguf": data})
    file = read_header(view, "m.gguf")
    facts = read_gguf_tokenizer(view, file)
    array_size = sum(len(token) + 8 for token in pairs["tokens"])
    assert facts is not None and (facts.vocabulary_size, facts.added) == (3001, 1)
    assert [length for _, _, length in view.reads] == [len(data), array_size, 3001 * 4]


def test_what_the_gguf_package_writes(tmp_path: Path) -> None:
    vocabulary = byte_vocabulary("he")

    def fill(writer: Any) -> None:
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("default")
        writer.add_token_list(list(vocabulary))
        writer.add_token_types([NORMAL] * len(vocabulary))
        writer.add_token_merges(["h e"])
        writer.add_eos_token_id(1)

    view = MemoryView({"m.gguf": written(tmp_path, "m.gguf", fill).read_bytes()})
    facts = read_gguf_tokenizer(view, read_header(view, "m.gguf"))
    slow = from_files(vocab__json=json.dumps(vocabulary).encode(), merges__txt=merges_txt([("h", "e")]))
    assert facts is not None and facts.digest == slow.digest
