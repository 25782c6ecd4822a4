"""Texts of the pages by language, and numbers, dates and countries as that language writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final, Self

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from aibom.errors import UsageError

LANGUAGES: Final = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogue of one language.

    Attributes:
        lang: its code.
        texts: text by key, with `{name}` where a value goes.
        locale: how numbers, dates and countries are written.
    """

    lang: str
    texts: Mapping[str, str]
    locale: Locale

    @classmethod
    def of(cls, lang: str) -> Self:
        """The catalogue of a language.

        Raises:
            UsageError: there is none.
        """
        if lang not in LANGUAGES:
            raise UsageError(f"no texts in {lang!r}", advice=f"Languages: {', '.join(LANGUAGES)}.")
        texts = json.loads((files(__package__) / f"{lang}.json").read_bytes())
        return cls(lang, texts, Locale.parse(lang))

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its values filled in; values are never read as texts with gaps."""
        text = self.texts[key]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def number(self, value: float) -> str:
        """A number with the separators of the language, at most one decimal."""
        return format_decimal(round(value, 1), locale=self.locale)

    def amount(self, value: int) -> str:
        """A count in short: `22.7M`, `2270만`."""
        return format_compact_decimal(value, fraction_digits=1, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share of 1 as per cent."""
        return format_percent(round(share, 3), "#,##0.#%", locale=self.locale)

    def day(self, iso: str) -> str:
        """A date in ISO 8601 in the language's words; what is none is shown as it is."""
        try:
            return format_date(date.fromisoformat(iso[:10]), "long", locale=self.locale)
        except ValueError:
            return iso

    def country(self, code: str | None) -> str:
        """The name of a country beside its code; `multi` is a community."""
        if code is None:
            return self("country.unknown")
        if code == "multi":
            return self("country.multi")
        name = self.locale.territories.get(code.upper())
        return f"{name} ({code})" if name else code
