"""Reference knowledge shipped as data: organisations, and who developed which model family."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from aibom.catalog import code_prints as _code_prints
from aibom.catalog import entries as _entries
from aibom.catalog import inheritance as _inheritance
from aibom.catalog import licences as _licences
from aibom.catalog import lineage as _lineage
from aibom.catalog import signatures as _signatures
from aibom.catalog import tokenizers as _tokenizers
from aibom.catalog.code_prints import CodeFamily, CodePrints, Member
from aibom.catalog.entries import (
    Account,
    Basis,
    Boilerplate,
    Identifier,
    Jurisdiction,
    Name,
    NameKind,
    Organisation,
    OrganisationKind,
    Parent,
)
from aibom.catalog.inheritance import Edge, EdgeKind, Inheritance
from aibom.catalog.licences import Ask, LicenceClass, Licences, LicenceTerms
from aibom.catalog.lineage import Family, Lineage
from aibom.catalog.lint import RegistryProblem, lint_organisations
from aibom.catalog.organisations import HUB_PREFIX, Registry
from aibom.catalog.overlay import merge, read_registry, with_overlay
from aibom.catalog.signatures import SignatureGroup, SignatureMember, Signatures
from aibom.catalog.tokenizers import KnownTokenizer

__all__ = [
    "HUB_PREFIX",
    "Account",
    "Ask",
    "Basis",
    "Boilerplate",
    "Catalog",
    "CodeFamily",
    "CodePrints",
    "Edge",
    "EdgeKind",
    "Family",
    "Identifier",
    "Inheritance",
    "Jurisdiction",
    "KnownTokenizer",
    "LicenceClass",
    "LicenceTerms",
    "Licences",
    "Lineage",
    "Member",
    "Name",
    "NameKind",
    "Organisation",
    "OrganisationKind",
    "Parent",
    "Registry",
    "RegistryProblem",
    "SignatureGroup",
    "SignatureMember",
    "Signatures",
    "lint_organisations",
    "load",
    "merge",
    "read_registry",
    "shipped_organisations",
    "shipped_registry",
]


_LINEAGES = ("lineage", *(f"lineage_{library}" for library in ("vllm", "sglang", "diffusers", "timm")))
"""The files of the lineage: the earlier one is asked first."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The reference knowledge of one run."""

    organisations: Registry
    lineage: Lineage

    @property
    def inheritance(self) -> Inheritance:
        """Which classes of a family are made from another's; read when first asked for."""
        return _shipped_inheritance()

    @property
    def code_prints(self) -> CodePrints:
        """Fingerprints of the modelling code of every family; read when first asked for."""
        return _shipped_code_prints()

    @property
    def tokenizers(self) -> tuple[KnownTokenizer, ...]:
        """Prints of known vocabularies; read when first asked for."""
        return _shipped_tokenizers()

    @property
    def licences(self) -> Licences:
        """What known licences ask; read when first asked for."""
        return _shipped_licences()

    @property
    def signatures(self) -> Signatures:
        """Names and shapes of the parts of every family; read when first asked for."""
        return _shipped_signatures()


def load(overlay: Path | None = None) -> Catalog:
    """The shipped catalogue, with the user's registry file laid over the shipped one.

    Raises:
        DataError: the overlay cannot be read, breaks its schema, or contradicts the registry.
    """
    if overlay is None:
        return Catalog(shipped_organisations(), _shipped_lineage())
    return Catalog(Registry(with_overlay(shipped_registry(), overlay)), _shipped_lineage())


def shipped_registry() -> dict[str, Any]:
    """The shipped registry as the document it is (`organisations.schema.json`)."""
    document: dict[str, Any] = _read("organisations")
    return document


@lru_cache(maxsize=1)
def shipped_organisations() -> Registry:
    """The shipped registry, without an overlay."""
    return Registry(_entries.decode(shipped_registry()))


@lru_cache(maxsize=1)
def _shipped_lineage() -> Lineage:
    return _lineage.decode(*map(_read, _LINEAGES))


@lru_cache(maxsize=1)
def _shipped_inheritance() -> Inheritance:
    return _inheritance.decode(_read("inheritance"))


@lru_cache(maxsize=1)
def _shipped_code_prints() -> CodePrints:
    return _code_prints.decode((files(__name__) / "data" / "code_prints.bin").read_bytes())


@lru_cache(maxsize=1)
def _shipped_licences() -> Licences:
    return _licences.decode(_read("licences"))


@lru_cache(maxsize=1)
def _shipped_signatures() -> Signatures:
    return _signatures.decode(_read("architecture_signatures"))


@lru_cache(maxsize=1)
def _shipped_tokenizers() -> tuple[KnownTokenizer, ...]:
    return _tokenizers.decode(_read("tokenizer_prints"))


def _read(name: str) -> Any:
    import msgspec

    return msgspec.json.decode((files(__name__) / "data" / f"{name}.json").read_bytes())
