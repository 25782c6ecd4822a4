"""Profiles: the dated policy that a score is computed under, as data with a digest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aibom.errors import DataError, UsageError
from aibom.formats.files import read_up_to
from aibom.model import Evidence, Layer, Relation

MAX_BYTES = 1024 * 1024
"""Bytes of a profile file; the shipped ones are about 2 KiB."""

_NAMES = ("eu", "jp", "kr", "neutral", "us")
_LAYERS_TOTAL = 100
_FALLING = (Relation.INSPIRED, Relation.ADAPTED, Relation.DERIVED, Relation.VERBATIM)


@dataclass(frozen=True, slots=True)
class Profile:
    """A policy.

    Attributes:
        id, version, date, name, notes: what it is, and since when.
        digest: SHA-256 of its canonical JSON, the home override included.
        home: ISO 3166-1 alpha-2 codes of the home set; empty where no grade is given.
        deny: codes whose organisations get grade 0 whatever the relation.
        ultimate: whether the ultimate parent must be at home too, beside the registered seat.
        weights: points of 100 by layer.
        unknown_share: the share that stays unknown, by evidence.
        grades: 0–4 by relation, for origins outside the home set.
        home_evidence: the evidence that weights need to count as home-made for the level.
    """

    id: str
    version: str
    date: str
    name: str
    digest: str
    home: tuple[str, ...]
    deny: tuple[str, ...]
    ultimate: bool
    weights: MappingProxyType[Layer, float]
    unknown_share: MappingProxyType[Evidence, float]
    grades: MappingProxyType[Relation, int]
    home_evidence: Evidence
    notes: str = ""


def shipped() -> tuple[Profile, ...]:
    """The profiles that come with aibom, by id."""
    return tuple(load_profile(name) for name in _NAMES)


def load_profile(name_or_path: str, home: str | None = None) -> Profile:
    """A shipped profile by its id, or one from a JSON file; `home` replaces its home set by one country.

    Raises:
        UsageError: no profile of that name is shipped and no such file exists, or `home` is no
            ISO 3166-1 alpha-2 code.
        InputError: the file cannot be read.
        DataError: the file breaks `profile.schema.json`, or contradicts itself.
    """
    document = profile_document(name_or_path)
    if home is not None:
        document["home"] = [_country(home)]
    return _decode(document)


def profile_of(document: dict[str, Any]) -> Profile:
    """The profile that a JSON value is.

    Raises:
        DataError: it breaks `profile.schema.json`, or contradicts itself.
    """
    for problem in _problems(document):
        raise DataError(problem)
    return _decode(document)


def profile_document(name_or_path: str) -> dict[str, Any]:
    """The JSON of a profile, checked; it is the caller's to change.

    Raises:
        UsageError, InputError, DataError: as `load_profile`.
    """
    if name_or_path in _NAMES:
        data = (files(__package__) / "data" / f"{name_or_path}.json").read_bytes()
    else:
        data = _read_file(Path(name_or_path))
    try:
        document = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise DataError(f"{name_or_path}: the profile is not valid JSON") from None
    for problem in _problems(document):
        raise DataError(f"{name_or_path}: {problem}")
    return dict(document)


def _read_file(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(
            f"no profile is called {str(path)!r}, and no such file exists",
            advice=f"Shipped profiles: {', '.join(_NAMES)}.",
        )
    data = read_up_to(path, MAX_BYTES)
    if len(data) > MAX_BYTES:
        raise DataError(f"{path}: a profile is at most {MAX_BYTES:,} bytes")
    return data


def _problems(document: Any) -> Iterator[str]:
    """What is wrong: by the schema, then by the sums and orders that a schema cannot state."""
    import jsonschema_rs

    from aibom_schemas import schema

    broken = False
    for error in jsonschema_rs.validator_for(schema("profile")).iter_errors(document):
        broken = True
        yield f"/{'/'.join(map(str, error.instance_path))}: {error.message}"
    if broken:
        return
    if abs(sum(document["layers"].values()) - _LAYERS_TOTAL) > 1e-9:
        yield f"/layers: the weights add up to {sum(document['layers'].values()):g}, not to {_LAYERS_TOTAL}"
    shares = [document["unknown_share"][level.name] for level in Evidence]
    if shares != sorted(shares, reverse=True):
        yield "/unknown_share: a higher evidence level leaves a larger share unknown"
    grades = [document["grades"][relation.value] for relation in _FALLING]
    if grades != sorted(grades, reverse=True):
        yield "/grades: they rise from inspired to verbatim"
    if set(document["home"]) & set(document["deny"]):
        yield "/deny: a country is in the home set too"


def _decode(document: dict[str, Any]) -> Profile:
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Profile(
        id=document["id"],
        version=document["version"],
        date=document["date"],
        name=document["name"],
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        home=tuple(sorted(document["home"])),
        deny=tuple(sorted(document["deny"])),
        ultimate=document["control"] == "both",
        weights=MappingProxyType({layer: float(document["layers"][layer.value]) for layer in Layer}),
        unknown_share=MappingProxyType({e: float(document["unknown_share"][e.name]) for e in Evidence}),
        grades=MappingProxyType({Relation(key): int(grade) for key, grade in document["grades"].items()}),
        home_evidence=Evidence[document["home_evidence"]],
        notes=document.get("notes", ""),
    )


def _country(code: str) -> str:
    from aibom.catalog.countries import COUNTRIES

    if not re.fullmatch(r"[A-Za-z]{2}", code) or code.upper() not in COUNTRIES:
        raise UsageError(
            f"{code!r} is no ISO 3166-1 alpha-2 code", advice="Give a country as two letters, such as KR."
        )
    return code.upper()
