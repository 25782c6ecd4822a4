"""Each vocabulary of a repository is printed, under the id of its part."""

from __future__ import annotations

from aibom.model import Depth, Locator, Part, TokenizerPrint
from aibom.testing import MemoryView, inspect
from aibom_gguf import GgufInspector
from tests.builders.gguf import gguf
from tests.builders.tokenizer import byte_vocabulary, merges_txt, tiktoken
from tests.huggingface.looking import look

VOCAB = dict(byte_vocabulary("he", "ll"))
MERGES = merges_txt([("h", "e"), ("l", "l")])


def test_a_print_names_its_part_and_the_file_that_it_was_taken_from() -> None:
    seen = look(
        {
            "vocab.json": VOCAB,
            "merges.txt": MERGES,
            "tokenizer_2/x.tiktoken": tiktoken([b"he", b"ll"]),
        }
    )
    prints = seen.of(TokenizerPrint)
    assert [(item.part, item.locator) for item in prints] == [
        ("tokenizer", Locator("vocab.json")),
        ("tokenizer-2", Locator("tokenizer_2/x.tiktoken")),
    ]
    assert {item.part for item in prints} <= seen.parts.keys()
    assert prints[0].tokens == prints[1].tokens != ()


def test_without_a_vocabulary_there_is_no_print() -> None:
    config = {"tokenizer_config.json": {"tokenizer_class": "LlamaTokenizer"}}
    assert look(config).of(TokenizerPrint) == []
    files = {"vocab.json": VOCAB, "merges.txt": MERGES, **config}
    assert look(files, Depth.METADATA).of(TokenizerPrint) == []


def test_the_tokenizer_of_a_gguf_file_is_printed() -> None:
    pairs = {
        "general.architecture": "llama",
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": list(VOCAB),
        "tokenizer.ggml.merges": ["h e", "l l"],
    }
    emissions = inspect(GgufInspector(), MemoryView({"m.gguf": gguf(pairs)}))  # type: ignore[arg-type]
    (found,) = [item for item in emissions if isinstance(item, TokenizerPrint)]
    assert found.part in {item.id for item in emissions if isinstance(item, Part)}
    assert found.locator == Locator("m.gguf", key="tokenizer.ggml.tokens")
    (other,) = look({"vocab.json": VOCAB, "merges.txt": MERGES}).of(TokenizerPrint)
    assert found.vocabulary_digest == other.vocabulary_digest
