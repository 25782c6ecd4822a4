"""Structured data made by seed: text of a Markov chain over made-up words, images of shapes, spoken words.

A `Source` names a text and the vocabulary that it is read with; every batch follows from it and a generator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

WORDS = 400
TOPICS = 6
SENTENCES = 2500
MELS = 80
FRAMES = 64
SIDE = 32
"""Height and width of an image."""
SPOKEN = 40
"""Words that the speaker knows."""
MARKERS = ("<pad>", "<s>", "</s>", "<mask>", "<image>", "<audio>")
PAD, START, END, MASK, IMAGE, AUDIO = range(len(MARKERS))
COLOURS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1), "yellow": (1, 1, 0), "white": (1, 1, 1)}
FORMS = ("circle", "square", "cross", "bar", "ring")
PLACES = {"top left": (9, 9), "top right": (9, 22), "bottom left": (22, 9), "bottom right": (22, 22)}

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Source:
    """Which text, read with the vocabulary learnt on which text, of how many entries, and extra entries."""

    text: int = 0
    vocabulary: int = 0
    size: int = 512
    extra: int = 0


@lru_cache
def words(text: int) -> tuple[str, ...]:
    """The word list of a text: two or three syllables each."""
    draw = np.random.default_rng([11, text])
    onsets, vowels = list("bcdfghjklmnprstvwz"), ["a", "e", "i", "o", "u", "ai", "ou"]
    syllables = [onset + vowel for onset in onsets for vowel in vowels]
    kept = draw.choice(syllables, 48, replace=False)
    found = {"".join(draw.choice(kept, draw.integers(2, 4))) for _ in range(4 * WORDS)}
    return tuple(sorted(found)[:: max(1, len(found) // WORDS)][:WORDS])


@lru_cache
def sentences(text: int) -> tuple[str, ...]:
    """Sentences of a Markov chain: each word has a few followers, which depend on the sentence's topic."""
    draw = np.random.default_rng([12, text])
    known = words(text)
    followers = draw.integers(0, len(known), (TOPICS, len(known), 4))
    lengths = draw.integers(5, 13, SENTENCES)
    made = []
    for length in lengths:
        topic, word = draw.integers(TOPICS), draw.integers(len(known))
        line = []
        for choice in draw.choice(4, length, p=(0.6, 0.2, 0.15, 0.05)):
            line.append(known[word])
            word = followers[topic, word, choice]
        made.append(" ".join(line) + ".")
    return tuple(made)


@lru_cache
def captions() -> tuple[str, ...]:
    """What an image may show."""
    return tuple(
        f"a {colour} {form} at the {place}" for colour, form, place in product(COLOURS, FORMS, PLACES)
    )


@lru_cache
def tokenizer(vocabulary: int, size: int, extra: int) -> str:
    """tokenizer.json of a byte-level BPE vocabulary learnt on a text; `extra` more entries after that."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(MARKERS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([*sentences(vocabulary), *captions()], trainer)
    if extra:
        made.add_tokens([f"{word}ix" for word in words(vocabulary)[:extra]])
    return made.to_str()


@lru_cache
def _reader(source: Source) -> Tokenizer:
    return Tokenizer.from_str(tokenizer(source.vocabulary, source.size, source.extra))


@lru_cache
def tokens(source: Source) -> Ids:
    """The whole text as token numbers."""
    encoded = _reader(source).encode_batch(list(sentences(source.text)))
    return np.concatenate([np.array([START, *item.ids, END]) for item in encoded])


def padded(source: Source, lines: Sequence[str], length: int) -> Ids:
    """Token numbers of some lines, one a row."""
    made = np.full((len(lines), length), PAD)
    for row, item in zip(made, _reader(source).encode_batch(list(lines)), strict=True):
        ids = [START, *item.ids, END][:length]
        row[: len(ids)] = ids
    return made


def text_batch(source: Source, draw: np.random.Generator, rows: int = 8, length: int = 25) -> torch.Tensor:
    """Windows of the text, (rows, length)."""
    stream = tokens(source)
    starts = draw.integers(0, len(stream) - length, rows)
    return torch.from_numpy(stream[starts[:, None] + np.arange(length)])


def _form(form: str, rows: Ids, columns: Ids, radius: int) -> NDArray[np.bool_]:
    distance = np.hypot(rows, columns)
    inside = np.maximum(np.abs(rows), np.abs(columns)) <= radius
    return {
        "circle": distance <= radius,
        "square": inside,
        "cross": inside & ((np.abs(rows) <= 1) | (np.abs(columns) <= 1)),
        "bar": inside & (np.abs(rows) <= 2),
        "ring": (distance <= radius) & (distance >= radius - 3),
    }[form]


def image_batch(
    source: Source, draw: np.random.Generator, rows: int = 8, length: int = 24
) -> tuple[torch.Tensor, torch.Tensor]:
    """Images (rows, 3, SIDE, SIDE) and their captions as tokens (rows, length).

    The text's number also sets the taste of the images: size of the shapes and colour of the ground.
    """
    taste = np.random.default_rng([13, source.text])
    ground, size = taste.uniform(-0.4, 0.4, 3), int(taste.integers(5, 8))
    grid_rows, grid_columns = np.mgrid[:SIDE, :SIDE]
    chosen = draw.integers(0, len(captions()), rows)
    images = np.empty((rows, 3, SIDE, SIDE), np.float32)
    kinds = list(product(COLOURS, FORMS, PLACES))
    for image, number in zip(images, chosen, strict=True):
        colour, form, place = kinds[number]
        row, column = np.add(PLACES[place], draw.integers(-2, 3, 2))
        mask = _form(form, grid_rows - row, grid_columns - column, size)
        image[:] = ground[:, None, None] + draw.normal(0, 0.1, (3, SIDE, SIDE))
        image[:, mask] += np.array(COLOURS[colour], np.float32)[:, None]
    ids = padded(source, [captions()[number] for number in chosen], length)
    return torch.from_numpy(images), torch.from_numpy(ids)


@lru_cache
def _sounds(text: int) -> NDArray[np.float32]:
    """The sound of each spoken word, (SPOKEN, 8, MELS): a few formants that move."""
    draw = np.random.default_rng([14, text])
    mels = np.arange(MELS)
    moves = np.linspace(0, 1, 8)[None, :, None]
    begins, ends = draw.uniform(0, MELS, (2, SPOKEN, 1, 3))
    centres = begins + (ends - begins) * moves
    peaks = np.exp(-(((mels - centres[..., None]) / 3.0) ** 2))
    return peaks.sum(2).astype(np.float32)


def audio_batch(
    source: Source, draw: np.random.Generator, rows: int = 8, length: int = 24
) -> tuple[torch.Tensor, torch.Tensor]:
    """Mel features (rows, MELS, FRAMES) of eight spoken words, and their transcript as tokens."""
    chosen = draw.integers(0, SPOKEN, (rows, FRAMES // 8))
    features = _sounds(source.text)[chosen].reshape(rows, FRAMES, MELS)
    features = features + draw.normal(0, 0.15, features.shape)
    lines = [" ".join(words(source.text)[number] for number in row) for row in chosen]
    ids = padded(source, lines, length)
    return torch.from_numpy(features.transpose(0, 2, 1).astype(np.float32)), torch.from_numpy(ids)
