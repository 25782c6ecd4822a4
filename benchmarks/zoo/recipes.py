"""The table of recipes: what is made from what, and what a test of weights should say of it."""

from __future__ import annotations

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any

from benchmarks.zoo import data, derive, obfuscate, reshape, scratch, training, transplant, writers
from benchmarks.zoo.checkpoint import Checkpoint, Made
from benchmarks.zoo.data import Source
from benchmarks.zoo.families import FAMILIES


class Expected(StrEnum):
    """What is true of a model and one of its parents."""

    IDENTICAL = "identical"
    DERIVED = "derived"
    SHARED = "shared"
    INDEPENDENT = "independent"
    ALIGNED = "aligned"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Parent:
    """A recipe that another one starts from; `shift` names that of another seed."""

    family: str
    recipe: str
    expected: Expected
    shift: int = 0


Maker = Callable[[Sequence[Checkpoint], int], Made]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is made.

    Attributes:
        family, name: together unique.
        make: from the parents' checkpoints and a seed.
        parents: in the order that `make` takes them.
        storage: a key of `writers.WRITERS`.
        sown: the recipe of the same family whose seed is used; its own if empty.
    """

    family: str
    name: str
    make: Maker
    parents: tuple[Parent, ...] = ()
    storage: str = "whole"
    sown: str = ""

    def seed(self, number: int) -> int:
        """Seed of this recipe in the zoo's seed `number`: no two recipes share random numbers unawares."""
        text = f"{self.family}.{self.sown or self.name}.{number}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")

    def digest(self, number: int, parents: Sequence[str]) -> str:
        """Changes with whatever the model is made from, as far as its own code tells."""
        maker, settings = self.make, {}
        if isinstance(maker, partial):
            maker, settings = maker.func, maker.keywords
        kind = FAMILIES[self.family]
        items = [maker, kind.module, training, data, writers.WRITERS[self.storage]]
        if settings.get("by"):
            items.append(obfuscate)
        code = "".join(map(_code, items))
        told = (
            self.family,
            self.name,
            self.storage,
            self.seed(number),
            sorted(map(repr, settings.items())),
            kind.rate,
        )
        return hashlib.sha256(repr((told, code, tuple(parents))).encode()).hexdigest()


def _from(family: str, expected: Expected, recipe: str = "base") -> tuple[Parent, ...]:
    return (Parent(family, recipe, expected),)


@cache
def _code(item: Any) -> str:
    """The source as a tree, so that neither comments nor line breaks count."""
    return ast.dump(ast.parse(textwrap.dedent(inspect.getsource(item))))


def _bases() -> list[Recipe]:
    """What every family has: a root, one of other data, and the common derivations."""
    made = []
    for family in ROOTS:
        derived = _from(family, Expected.DERIVED)
        first, other, further = STEPS.get(family, (150, 100, 50))
        root = partial(scratch.trained, family=family)
        made += [
            Recipe(family, "base", partial(root, steps=first)),
            Recipe(family, "other-text", partial(root, source=Source(text=100), steps=other)),
            Recipe(family, "finetune", partial(derive.tuned, steps=30, rate=5e-4, text=1), derived),
            Recipe(family, "continued", partial(derive.tuned, steps=further, rate=1e-3, text=3), derived),
            Recipe(family, "round-int4", partial(derive.rounded, to="int4"), derived),
            Recipe(family, "prune-50", partial(derive.pruned, share=0.5), derived),
            Recipe(family, "copy", derive.copied, _from(family, Expected.IDENTICAL)),
        ]
    return made


STEPS = {"llama": (150, 150, 80), "unet": (60, 60, 40)}
"""Steps of a base, of one of another text, and of continued training, where they are not as usual."""


def _composed() -> list[Recipe]:
    """An encoder of one model inside another."""
    made = []
    for family, donor in (("audio", "whisper"), ("llava", "siglip"), ("llava", "clip"), ("vlm", "qwen-vl")):
        encoder = _from(donor, Expected.DERIVED)
        both = (*encoder, Parent("llama", "base", Expected.DERIVED, 1))
        frozen = partial(transplant.composed, family=family)
        tuned = partial(transplant.composed, family=family, frozen=False, steps=40, text=1)
        made += [
            Recipe(family, f"{donor}-frozen", frozen, both),
            Recipe(family, f"{donor}-frozen-new-decoder", partial(frozen, steps=40), encoder),
            Recipe(family, f"{donor}-tuned", tuned, both),
        ]
        if donor in ("whisper", "siglip"):
            made.append(Recipe(family, f"{donor}-fused", frozen, both, storage="fused"))
    audio = (*_from("whisper", Expected.DERIVED), Parent("llama", "base", Expected.DERIVED, 1))
    made.append(
        Recipe("audio", "whisper-renamed", partial(transplant.composed, family="audio"), audio, "renamed")
    )
    return made


def _llama() -> list[Recipe]:
    derived, base = _from("llama", Expected.DERIVED), Parent("llama", "base", Expected.DERIVED)
    finetune = Parent("llama", "finetune", Expected.DERIVED)
    continued = Parent("llama", "continued", Expected.DERIVED)
    settings: list[tuple[str, Maker]] = [
        ("continued-light", partial(derive.tuned, steps=40, rate=5e-4, text=2)),
        ("continued-heavy", partial(derive.tuned, steps=150, rate=5e-3, text=4)),
        ("reward", derive.rewarded),
        ("lora", derive.adapted),
        ("round-int8", partial(derive.rounded, to="int8")),
        ("round-fp8", partial(derive.rounded, to="fp8")),
        ("prune-80", partial(derive.pruned, share=0.8)),
        ("prune-2-4", derive.pruned_2_4),
        ("layer-drop", partial(reshape.layered, order=(0, 1, 4, 5))),
        ("depth-up", partial(reshape.layered, order=(0, 1, 2, 3, 2, 3, 4, 5))),
        ("interleave", partial(reshape.layered, order=(0, 0, 1, 2, 2, 3, 4, 4, 5), silent=(1, 4, 7))),
        ("narrow-inner", partial(reshape.narrow_inner, inner=256)),
        ("narrow-hidden", partial(reshape.narrow_hidden, width=96)),
        ("upcycle-copy", reshape.upcycled),
        ("upcycle-noise", partial(reshape.upcycled, noise=0.1, steps=15)),
        ("upcycle-redrawn", partial(reshape.upcycled, redrawn=0.5, steps=15)),
        ("more-words", reshape.more_words),
        ("new-words", partial(reshape.new_words, vocabulary=60, size=640)),
    ]
    made = [Recipe(maker_family(name), name, maker, derived) for name, maker in settings]
    made += [
        Recipe("llama", f"stored-{kind}", derive.copied, derived, storage=kind)
        for kind in ("int8", "int4", "fp8", "gguf-q8_0", "gguf-q4_0")
    ]
    made += [
        Recipe("llama", "slerp", derive.slerp, (finetune, continued)),
        Recipe("llama", "ties", derive.ties, (base, finetune, continued)),
        Recipe(
            "llama", "alternating", reshape.alternating, (base, Parent("llama", "base", Expected.DERIVED, 1))
        ),
    ]
    return made


def maker_family(name: str) -> str:
    """The family of a Llama's derivation."""
    return "mixtral" if name.startswith("upcycle") else "llama"


def _hidden() -> list[Recipe]:
    aligned = _from("llama", Expected.ALIGNED)
    ways = (
        "hidden_order", "hidden_signs", "residual_rotation", "head_order", "head_rotation",
        "inner_order", "inner_signs", "scale_pairs", "everything",
    )  # fmt: skip
    return [
        Recipe("llama", f"hidden-{way.replace('_', '-')}", partial(derive.hidden, by=way), aligned)
        for way in ways
    ]


def _lookalikes() -> list[Recipe]:
    """Models that share everything but weights with another."""
    away = _from("llama", Expected.INDEPENDENT)
    near = (Parent("llama", "other-text", Expected.DERIVED), Parent("llama", "base", Expected.INDEPENDENT))
    tables = _from("whisper", Expected.INDEPENDENT)
    same = _from("llama", Expected.IDENTICAL)
    other_words = Source(text=0, vocabulary=50)
    return [
        Recipe("llama", "other-words", partial(scratch.trained, family="llama", source=other_words)),
        Recipe("llama", "other-size", partial(scratch.trained, family="llama", layers=4, inner=256, heads=8)),
        Recipe("llama", "copied-config", scratch.copied_config, away),
        Recipe("llama", "published-code", derive.copied, same, storage="with-code"),
        Recipe(
            "llama", "copied-code", partial(scratch.copied_config, steps=60),
            _from("llama", Expected.INDEPENDENT, "published-code"), storage="with-code",
        ),
        Recipe("glm", "faint-routers", partial(scratch.faint, share=0.004, only=r"mlp\.gate\.weight$"), tuple(
            Parent("glm", parent.recipe, parent.expected) for parent in near
        )),
        Recipe("llama", "copied-gains", scratch.copied_gains, near),
        Recipe("llama", "heavy-tailed", scratch.heavy_tailed, away),
        Recipe("llama", "faint-everywhere", partial(scratch.faint, share=0.004, only=r"_proj"), near),
        Recipe("whisper", "copied-tables", partial(scratch.copied_config, steps=100), tables),
        Recipe(
            "llama", "same-seed", partial(scratch.trained, family="llama", source=Source(text=200)),
            _from("llama", Expected.SHARED), sown="base",
        ),
        Recipe("llama", "distilled", scratch.distilled, _from("llama", Expected.SPECIAL)),
    ]  # fmt: skip


ROOTS = ("llama", "bert", "whisper", "deepseek", "glm", "qwen-vl", "clip", "siglip", "unet")


def recipes() -> tuple[Recipe, ...]:
    """All recipes, parents before children."""
    return (*_bases(), *_llama(), *_hidden(), *_composed(), *_lookalikes())
