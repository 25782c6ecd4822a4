"""Elements of a classic SBOM, asked of every component: NTIA 2021, CISA 2025 (draft), BSI TR-03183-2."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aibom.compliance.element import Element, Place, Supply, Vocabulary, said, seen

_AUTHOR = said(
    "document:metadata/authors/*/name",
    "document:metadata/authors/*/email",
    "document:metadata/manufacturer/name",
)
_PRODUCER = said(
    "components:manufacturer/name",
    "components:supplier/name",
    "components:publisher",
    "components:authors/*/name",
    "components:author",
)
_IDENTIFIERS = seen("components:purl", "components:cpe", "components:swhid/*", "components:omniborId/*")
_DEPENDENCIES = seen("document:dependencies/*/dependsOn/*")
_LICENCES = said(
    "components:licenses/*/license/id",
    "components:licenses/*/license/name",
    "components:licenses/*/expression",
)
_NOT_THE_TOOL = "Add whoever issues the BOM as metadata.authors; a tool cannot know."
_NAME_PRODUCERS = "Name who made each component; a tool knows it of the model, not of every file."


Row = tuple[Callable[..., Element], str, tuple[Place, ...], Supply, str]


def _of_document(ident: str, name: str, places: tuple[Place, ...], supply: Supply, how: str) -> Element:
    return Element(ident, name, "Document", places, (supply,), how)


def _of_component(ident: str, name: str, places: tuple[Place, ...], supply: Supply, how: str) -> Element:
    return Element(ident, name, "Components", places, (supply,), how)


_SEVEN: tuple[Row, ...] = (
    (
        _of_component,
        "Supplier name",
        _PRODUCER,
        Supply.VENDOR,
        _NAME_PRODUCERS,
    ),
    (_of_component, "Component name", seen("components:name"), Supply.AUTOMATIC, "Name every component."),
    (
        _of_component,
        "Version of the component",
        seen("components:version"),
        Supply.AUTOMATIC,
        "Scan a repository at a commit; datasets and libraries have no version unless one is stated.",
    ),
    (
        _of_component,
        "Other unique identifiers",
        _IDENTIFIERS,
        Supply.AUTOMATIC,
        "Scan the repository on the Hub, or say with --as of which repository a folder is a checkout.",
    ),
    (
        _of_document,
        "Dependency relationship",
        _DEPENDENCIES,
        Supply.AUTOMATIC,
        "Say in dependencies what needs what.",
    ),
    (_of_document, "Author of SBOM data", _AUTHOR, Supply.AUTHOR, _NOT_THE_TOOL),
    (
        _of_document,
        "Timestamp",
        seen("document:metadata/timestamp"),
        Supply.AUTOMATIC,
        "Make the BOM with its time: without --reproducible, or with SOURCE_DATE_EPOCH set.",
    ),
)
_ADDED: tuple[Row, ...] = (
    (
        _of_component,
        "Component hash",
        seen("components:hashes/*/content"),
        Supply.AUTOMATIC,
        "Scan the files themselves; a part that is spread over files has the hashes of those files.",
    ),
    (
        _of_component,
        "License",
        _LICENCES,
        Supply.CARD,
        "State `license` in the model card, and add the licence's text as LICENSE.",
    ),
    (
        _of_document,
        "Tool name",
        seen("document:metadata/tools/components/*/name", "document:metadata/tools/*/name"),
        Supply.AUTOMATIC,
        "Make the BOM with a tool that names itself.",
    ),
    (
        _of_document,
        "Generation context",
        seen("document:metadata/lifecycles/*/phase", "document:metadata/lifecycles/*/name"),
        Supply.AUTOMATIC,
        "Say in metadata.lifecycles when in the life cycle the BOM was made.",
    ),
)


def _numbered(lead: str, rows: Iterable[Row]) -> tuple[Element, ...]:
    return tuple(
        make(f"{lead}-{number:02}", name, places, supply, how)
        for number, (make, name, places, supply, how) in enumerate(rows, 1)
    )


_FILE_FLAG = "Say it of every file that is deployed; aibom knows the kind of a file, not how it is deployed."
_BSI: tuple[Row, ...] = (
    (
        _of_document,
        "Creator of the SBOM: e-mail address or URL",
        said(
            "document:metadata/authors/*/email",
            "document:metadata/manufacturer/url/*",
            "document:metadata/manufacturer/contact/*/email",
            "document:metadata/supplier/url/*",
        ),
        Supply.AUTHOR,
        _NOT_THE_TOOL,
    ),
    _SEVEN[6],
    (
        _of_component,
        "Creator of the component: e-mail address or URL",
        said(
            "components:manufacturer/url/*",
            "components:manufacturer/contact/*/email",
            "components:supplier/url/*",
            "components:authors/*/email",
        ),
        Supply.VENDOR,
        _NAME_PRODUCERS,
    ),
    _SEVEN[1],
    _SEVEN[2],
    (
        _of_component,
        "File name",
        seen("components:properties/*{name=bsi:component:filename}/value", "files:name"),
        Supply.AUTOMATIC,
        "Scan the files themselves.",
    ),
    _SEVEN[4],
    (
        _of_component,
        "Distribution licences",
        _LICENCES,
        Supply.CARD,
        "State `license` in the model card, and add the licence's text as LICENSE.",
    ),
    (
        _of_component,
        "SHA-512 of the deployable component",
        seen("components:hashes/*{alg=SHA-512}/content"),
        Supply.AUTHOR,
        "Add the SHA-512 of each deployed file; the Hub records SHA-256, so a scan that reads no weights"
        " has none.",
    ),
    *(
        (
            _of_component,
            f"{name} property",
            said(f"components:properties/*{{name=bsi:component:{name.lower()}}}/value"),
            Supply.VENDOR,
            _FILE_FLAG,
        )
        for name in ("Executable", "Archive", "Structured")
    ),
    (
        _of_component,
        "Other unique identifiers",
        _IDENTIFIERS,
        Supply.AUTOMATIC,
        "Scan the repository on the Hub, or say with --as of which repository a folder is a checkout.",
    ),
)
_EVERY = "Elements about components count as given where any component has them; the report says how many do."

NTIA = Vocabulary(
    ident="ntia",
    title="NTIA minimum elements for a software bill of materials",
    date="2021-07-12",
    source="US Department of Commerce, NTIA, The Minimum Elements For a Software Bill of Materials",
    note=_EVERY,
    elements=_numbered("NTIA", _SEVEN),
)
"""The seven data fields."""

CISA = Vocabulary(
    ident="cisa",
    title="CISA minimum elements for a software bill of materials (draft)",
    date="2025-08-22",
    source="CISA, 2025 Minimum Elements for a Software Bill of Materials, draft for comment",
    note=f"{_EVERY} The draft names the supplier `software producer`.",
    elements=_numbered("CISA", (*_SEVEN, *_ADDED)),
)
"""The seven fields of 2021 and the four that the draft adds."""

BSI = Vocabulary(
    ident="bsi",
    title="BSI TR-03183-2: Cyber resilience requirements, software bill of materials",
    date="version 2.1",
    source="BSI, Technical Guideline TR-03183-2, version 2.1",
    note=f"{_EVERY} The data fields only: the guideline's rules of form are not checked.",
    elements=_numbered("BSI", _BSI),
)
"""Data fields that the guideline asks for."""
