"""What stands beside a vocabulary: configuration, special tokens, added tokens."""

from __future__ import annotations

from dataclasses import dataclass

from aibom.formats.text import JsonValue, as_dict, as_int, as_str, clean
from aibom.formats.tokenizers.facts import TokenizerFacts

MAX_SPECIAL = 64
"""Named special tokens; real configurations have under 20."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Configured facts; see `TokenizerFacts` for their meaning."""

    tokenizer_class: str | None = None
    model_max_length: int | None = None
    special_tokens: tuple[tuple[str, str], ...] = ()
    added: frozenset[str] = frozenset()


def settings_of(config: JsonValue, specials: JsonValue = None, added: JsonValue = None) -> Settings:
    """Merges the three files; where they differ `tokenizer_config.json` is believed, as transformers does.

    A `model_max_length` of 10^30 is transformers' word for none.
    """
    data = as_dict(config)
    named = {**_named(as_dict(specials)), **_named(data)}
    listed = {_token(entry) for entry in as_dict(data.get("added_tokens_decoder")).values()}
    name = as_str(data.get("tokenizer_class"))
    return Settings(
        tokenizer_class=None if name is None else clean(name, 120) or None,
        model_max_length=as_int(data.get("model_max_length")),
        special_tokens=tuple(sorted(named.items())[:MAX_SPECIAL]),
        added=frozenset(token for token in (*listed, *as_dict(added)) if token),
    )


def configured(settings: Settings) -> TokenizerFacts:
    """A tokenizer of which the configuration alone is known."""
    return TokenizerFacts(
        special_tokens=settings.special_tokens,
        model_max_length=settings.model_max_length,
        tokenizer_class=settings.tokenizer_class,
    )


def _named(data: dict[str, JsonValue]) -> dict[str, str]:
    """`bos_token`, `eos_token`, …: a string, or an object with `content`."""
    pairs = ((name, _token(value)) for name, value in data.items() if name.endswith("_token"))
    return {clean(name, 60): clean(token, 60) for name, token in pairs if token}


def _token(value: JsonValue) -> str | None:
    return as_str(as_dict(value).get("content")) if isinstance(value, dict) else as_str(value)
