"""The page of the lists and forms that a BOM is held against, from the same data that the program uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aibom.compliance import GPAI, VOCABULARIES, Element, Status

_HEAD = """\
# Compliance

Written by `tools/generate_docs.py` from `aibom/compliance/vocabularies/`.

`aibom export BOM --form g7` says of a CycloneDX document, ours or anyone's, which elements of a list
it holds, where each stands (as a JSON pointer), and who supplies what is missing; on a target the BOM is made
first. `--form ntia`, `cisa` and `bsi` ask for the elements of a classic SBOM, `--form gpai-mdf` fills in the
model documentation form of the EU's code of practice as far as the document goes. `-f json` answers to
`elements.schema.json`; in Python: `aibom.compliance.elements(document)` and `gpai_form(document)`.

| status | meaning |
|---|---|
| found (`present` in JSON) | in the model's own bytes, or, of elements about the document, in the document |
| declared | stated by model card, configuration, Hub or vendor; nobody checked it |
| missing | not in the document, which does not say that it does not exist |

A placeholder (`unknown`, `N/A`, `No description available`) is no value. A Hub that hands a model on is no
producer, the id of a commit is no hash of a file, an emission of CO2 is no energy. Where each of several
components should have an element, one that has it is enough, and the report says how many do: `declared for 2
of 3`. No list here asks whether a value is true: `aibom verify` holds a BOM against the model.

Texts out of a document are shown as text: they make no markup and no link.
"""

_G7 = """\
## G7, element by element

{title}, {date}. {source}. {note}

The text of the publication was not read; the elements are those of the vocabulary named. A repository that
documents itself well gives 38 of the {count} without its vendor (`tests/compliance/documented.py`: model card
with sections on use, limits and training, `model-index`, `datasets`, `base_model`, licence, emissions,
requirements, SECURITY.md). The others cannot be seen from a repository, and the last column names who has
them. `XI` is Annex XI of Regulation (EU) 2024/1689, `form` the model documentation form below.
"""

_CLASSIC = """\
## NTIA, CISA, BSI

Asked of every component, files included: few files have a supplier of their own, so the counts matter more
than the words.
"""

_GPAI = """\
## Model documentation form and Annex XI

{title}, {source}, {date}. {note} Item 1.6 is what lineage finds: ancestors with evidence as found, declared
parents as declared. That none was found does not show that there is none, so the item is then left to the
provider, who states `N/A`.
"""

_MARKDOWN = str.maketrans({"|": "\\|", "\n": " "})


def compliance_page() -> str:
    """docs/compliance.md: each list, its elements, and their places."""
    g7 = VOCABULARIES["g7"]
    told = {
        "title": g7.title,
        "date": g7.date,
        "source": g7.source,
        "note": g7.note,
        "count": len(g7.elements),
    }
    gpai = {"title": GPAI.title, "date": GPAI.date, "source": GPAI.source, "note": GPAI.note}
    classic = [each for each in VOCABULARIES.values() if each is not g7]
    return "\n".join(
        (
            _HEAD,
            _G7.format(**told),
            _table(
                ("id", "element", "CycloneDX", "SPDX 3.0.1", "EU AI Act", "where aibom gets it", "else from"),
                map(_crosswalk, g7.elements),
            ),
            _CLASSIC,
            *(
                f"### {each.title}\n\n{each.source}, {each.date}.\n\n"
                + _table(("id", "element", "asked of", "else from"), map(_classic, each.elements))
                for each in classic
            ),
            _GPAI.format(**gpai),
            _table(
                ("item", "asked for", "Annex XI", "filled in from a BOM", "questionnaire"),
                map(_item, GPAI.elements),
            ),
        )
    )


def _crosswalk(element: Element) -> Sequence[str]:
    return (
        element.ident,
        element.name,
        element.cyclonedx,
        element.spdx,
        element.law,
        element.source or "cannot be read from a repository",
        _else(element),
    )


def _else(element: Element) -> str:
    who = "; ".join(each.value for each in element.supply)
    return f"{who} ({_asked(element)})" if element.questions else who


def _asked(element: Element) -> str:
    return ", ".join(f"`{each}`" for each in element.questions)


def _classic(element: Element) -> Sequence[str]:
    return element.ident, element.name, element.cluster.lower(), _else(element)


def _item(element: Element) -> Sequence[str]:
    statuses = {place.status for place in element.places}
    words = {Status.PRESENT: "found", Status.DECLARED: "stated"}
    filled = " or ".join(word for status, word in words.items() if status in statuses) or "never"
    return element.ident, element.name, element.law.removeprefix("XI "), filled, _asked(element)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [
        headings,
        ["---"] * len(headings),
        *([cell.translate(_MARKDOWN) for cell in row] for row in rows),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
