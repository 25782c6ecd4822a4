"""The elements of one SPDX document: each with its IRI, built and checked by the bindings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aibom.bom.refs import quote
from aibom.formats.text import clean
from aibom.model import ToolPart

VERSION: Final = "3.0.1"
Json = dict[str, Any]


class Graph:
    """Elements in the order in which they are added; `document` sorts them.

    References are IRIs, never objects. An empty member is left out.
    """

    def __init__(
        self, namespace: str, tools: Iterable[ToolPart], moment: datetime, *, comment: str = ""
    ) -> None:
        from spdx_python_model import v3_0_1

        self.model: Any = v3_0_1
        self._namespace = namespace
        self._elements: dict[str, Any] = {}
        self._relations: Counter[str] = Counter()
        self._creation: Any = v3_0_1.CreationInfo(
            specVersion=VERSION, created=moment.astimezone(UTC).replace(microsecond=0)
        )
        if comment:
            self._creation.comment = comment
        named = [clean(f"{tool.name} {tool.version}") for tool in tools]
        first = named[0] if named else "aibom"
        self._creation.createdBy = [self.add("SoftwareAgent", "agent", name=first)]
        self._creation.createdUsing = [
            self.add("Tool", f"tool/{name}", name=name) for name in dict.fromkeys(named)
        ]

    def iri(self, ident: str) -> str:
        """The IRI of an element of this document."""
        return self._namespace + quote(ident)

    def add(self, kind: str, ident: str, **members: Any) -> str:
        """Add an element of a class of the bindings, and give its IRI; one that is there is kept."""
        iri = self.iri(ident)
        if iri not in self._elements:
            made = getattr(self.model, kind)(_id=iri, creationInfo=self._creation)
            self._elements[iri] = made
            for name, value in members.items():
                if value not in (None, "", [], ()):
                    setattr(made, name, self._value(made, name, value))
        return iri

    def relate(
        self,
        source: str,
        kind: str,
        targets: Iterable[str],
        *,
        completeness: str | None = None,
        comment: str = "",
    ) -> None:
        """Add a relationship, if there is anything at its other end."""
        ends = sorted(set(targets))
        if not ends:
            return
        prefix = f"relationship/{source.removeprefix(self._namespace)}/{kind}"
        self._relations[prefix] += 1
        self.add(
            "Relationship",
            f"{prefix}/{self._relations[prefix]}",
            from_=source,
            relationshipType=kind,
            to=ends,
            completeness=completeness,
            comment=comment,
        )

    def idents(self) -> list[str]:
        """The IRIs of all elements so far, sorted."""
        return sorted(self._elements)

    def missing(self, mandatory: Iterable[str]) -> tuple[str, ...]:
        """Which of these members an AI package lacks."""
        packages = [item for item in self._elements.values() if isinstance(item, self.model.ai_AIPackage)]
        return tuple(
            name for name in mandatory if any(getattr(item, name) in (None, "") for item in packages)
        )

    def document(self) -> Json:
        """The document in JSON-LD.

        Raises:
            ValueError, TypeError: a mandatory member is missing, or one has a value that it must not have.
        """
        objects = self.model.SHACLObjectSet(self._elements.values())
        made: Json = self.model.JSONLDSerializer().serialize_data(objects, force_at_graph=True)
        made["@graph"].sort(key=lambda item: (item.get("spdxId", ""), item["type"]))
        return made

    def _value(self, element: Any, name: str, value: Any) -> Any:
        """Words of an enumeration become its IRIs; mappings become dictionary entries."""
        if isinstance(value, Mapping):
            return [self.model.DictionaryEntry(key=key, value=text) for key, text in sorted(value.items())]
        words = _ENUMERATIONS.get(name)
        if words is None:
            return value
        kind = getattr(self.model, words)
        return [getattr(kind, item) for item in value] if isinstance(value, list) else getattr(kind, value)


_ENUMERATIONS = {
    "ai_autonomyType": "PresenceType",
    "ai_useSensitivePersonalInformation": "PresenceType",
    "annotationType": "AnnotationType",
    "completeness": "RelationshipCompleteness",
    "dataset_datasetType": "dataset_DatasetType",
    "dataset_hasSensitivePersonalInformation": "PresenceType",
    "profileConformance": "ProfileIdentifierType",
    "relationshipType": "RelationshipType",
    "software_fileKind": "software_FileKindType",
    "software_primaryPurpose": "software_SoftwarePurpose",
    "software_sbomType": "software_SbomType",
}
"""Members whose values are of a closed set, with the class that has them."""
