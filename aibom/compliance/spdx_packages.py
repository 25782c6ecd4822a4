"""Packages and files of an SPDX document: the model, its parts, datasets, frameworks, organisations."""

from __future__ import annotations

import contextlib
import math
import re
from datetime import UTC, datetime
from typing import Any, Final

from aibom.bom import facts, refs
from aibom.bom.refs import Refs
from aibom.compliance.spdx_graph import Graph
from aibom.formats.text import clean
from aibom.formats.wording import value
from aibom.model import Analysis, FileClass, FileEntry, OrganisationRef, Part, Role

MANDATORY: Final = (
    "releaseTime",
    "suppliedBy",
    "software_downloadLocation",
    "software_packageVersion",
    "software_primaryPurpose",
)
"""What the AI profile of 3.0.1 makes mandatory of an AI package, beside what every element has."""
NO_ELEMENT: Final = "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement"
_HYPERPARAMETER = "hyperparameter:"
_RELEASE_DATE = "release_date"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_URL = re.compile(r"https?://[!-~]+")
_SHA_256 = re.compile(r"[0-9a-f]{64}")
_PURPOSES = {
    FileClass.WEIGHTS: "model",
    FileClass.WEIGHTS_INDEX: "manifest",
    FileClass.CONFIG: "configuration",
    FileClass.TOKENIZER: "data",
    FileClass.CHAT_TEMPLATE: "configuration",
    FileClass.CODE: "source",
    FileClass.CARD: "documentation",
    FileClass.LICENCE: "documentation",
    FileClass.NOTICE: "documentation",
    FileClass.DATA: "data",
    FileClass.OTHER: "file",
}
_PART_PURPOSES = {Role.TOKENIZER: "data", Role.CHAT_TEMPLATE: "configuration", Role.REMOTE_CODE: "source"}


def add_model(graph: Graph, analysis: Analysis) -> str:
    """The model itself."""
    card, names = analysis.inspected.card, Refs.of(analysis)
    return graph.add(
        "ai_AIPackage",
        "model",
        name=clean(analysis.target.repository or analysis.target.name) or "model",
        description=facts.description(analysis),
        comment=_model_comment(analysis),
        software_homePage=_url(names.url()),
        ai_typeOfModel=_words(card.architecture_family, card.architecture),
        ai_informationAboutApplication=_application(analysis),
        ai_informationAboutTraining=_sections(analysis, "training-procedure", "training-data"),
        ai_limitation=_sections(analysis, "limitations", "out-of-scope", "ethics"),
        ai_metric=_metrics(analysis),
        ai_autonomyType="noAssertion",
        ai_useSensitivePersonalInformation="noAssertion",
        **_origin(graph, analysis),
    )


def add_files(graph: Graph, analysis: Analysis) -> dict[str, str]:
    """Every file with its SHA-256, where that is known; path to IRI."""
    return {file.path: _file(graph, file) for file in analysis.files}


def add_parts(graph: Graph, analysis: Analysis, files: dict[str, str]) -> dict[str, str]:
    """Every part; Part.id to IRI. A part that is one file, and nothing else, is that file."""
    single = Refs.of(analysis).single
    found = {}
    for part in analysis.inspected.parts:
        if part.id in single:
            found[part.id] = files[single[part.id]]
            continue
        found[part.id] = _part(graph, analysis, part)
        graph.relate(found[part.id], "contains", (files[path] for path in part.files if path in files))
    return found


def add_datasets(graph: Graph, analysis: Analysis, model: str) -> None:
    """The datasets that the card names; where it names none, that nothing is asserted of them."""
    ends: dict[str, list[str]] = {"trainedOn": [], "testedOn": []}
    endpoint = analysis.target.endpoint
    for key, uses in facts.datasets(analysis).items():
        ident = uses[0].ident
        page = _url(f"{endpoint.rstrip('/')}/datasets/{refs.quote(ident)}") if endpoint and ident else None
        dataset = graph.add(
            "dataset_DatasetPackage",
            f"dataset/{key}",
            name=clean(key),
            software_primaryPurpose="data",
            software_downloadLocation=page,
            dataset_datasetType=["noAssertion"],
            dataset_hasSensitivePersonalInformation="noAssertion",
        )
        for purpose in {use.purpose for use in uses}:
            ends["testedOn" if purpose == "evaluation" else "trainedOn"].append(dataset)
    graph.relate(model, "trainedOn", ends["trainedOn"] or [NO_ELEMENT], completeness="noAssertion")
    graph.relate(model, "testedOn", ends["testedOn"], completeness="noAssertion")


def add_frameworks(graph: Graph, analysis: Analysis, model: str) -> None:
    """The libraries that load the model."""
    found = [
        graph.add(
            "software_Package",
            f"framework/{framework.name}",
            name=clean(framework.name),
            software_primaryPurpose="framework",
            software_packageVersion=framework.version,
            software_packageUrl=_pypi(framework),
        )
        for framework in facts.frameworks(analysis)
    ]
    graph.relate(model, "dependsOn", found, completeness="noAssertion")


def add_organisation(graph: Graph, organisation: OrganisationRef) -> str | None:
    """An organisation, with its country and where that is known from; SPDX has no field for a country."""
    name = value(organisation.name)
    if name is None:
        return None
    source = facts.source(organisation)
    told = [
        f"Registered in {organisation.jurisdiction}." if organisation.jurisdiction else "",
        f"Ultimate parent in {organisation.ultimate_jurisdiction}."
        if organisation.ultimate_jurisdiction
        else "",
        f"Source: {source}." if source else "",
    ]
    comment = " ".join(text for text in told if text) if source else ""
    return graph.add(
        "Organization", f"organisation/{organisation.id}", name=name, comment=clean(comment, 1000)
    )


def _origin(graph: Graph, analysis: Analysis) -> dict[str, Any]:
    """What model and parts share: where they come from, and which version it is."""
    names, target, publisher = Refs.of(analysis), analysis.target, analysis.provenance.publisher
    supplier = None
    if facts.from_hub(target.endpoint):
        supplier = graph.add("Organization", "organisation/hugging-face", name="Hugging Face")
    by = add_organisation(graph, publisher) if publisher else None
    return {
        "software_primaryPurpose": "model",
        "software_packageVersion": value(target.revision, 100),
        "software_packageUrl": names.purl,
        "software_downloadLocation": _url(names.url("tree", target.revision)) if target.revision else None,
        "suppliedBy": supplier,
        "originatedBy": [by] if by else None,
        "releaseTime": _released(analysis),
    }


def _released(analysis: Analysis) -> datetime | None:
    """The day of the release that the card states; that of the repository is another."""
    for fact in analysis.inspected.card.facts:
        text = str(fact.value)
        if fact.name == _RELEASE_DATE and _DAY.fullmatch(text):
            with contextlib.suppress(ValueError):
                return datetime.fromisoformat(text).replace(tzinfo=UTC)
    return None


def _part(graph: Graph, analysis: Analysis, part: Part) -> str:
    shared = _origin(graph, analysis)
    del shared["software_packageUrl"]  # it names the whole
    members = {"name": clean(part.name) or clean(part.role), "comment": _part_comment(part)}
    if part.role in _PART_PURPOSES:
        shared["software_primaryPurpose"] = _PART_PURPOSES[part.role]
        return graph.add("software_Package", f"part/{part.id}", **members, **shared)
    return graph.add(
        "ai_AIPackage",
        f"part/{part.id}",
        **members,
        ai_typeOfModel=_words(part.role.label, str(part.fact("model_type") or "")),
        ai_hyperparameter=_hyperparameters(part),
        ai_autonomyType="noAssertion",
        ai_useSensitivePersonalInformation="noAssertion",
        **shared,
    )


def _file(graph: Graph, file: FileEntry) -> str:
    hashes = []
    if file.sha256 and _SHA_256.fullmatch(file.sha256):
        hashes = [graph.model.Hash(algorithm=graph.model.HashAlgorithm.sha256, hashValue=file.sha256)]
    told = [
        f"{file.size} bytes." if file.size is not None else "",
        "A Git-LFS pointer stands in its place; size and digest are those that it promises."
        if file.lfs_pointer
        else "",
        "" if hashes else "Its digest is not known.",
    ]
    return graph.add(
        "software_File",
        f"file/{file.path}",
        name=clean(file.path, 1000) or "file",
        software_primaryPurpose=_PURPOSES[file.kind],
        software_fileKind="file",
        verifiedUsing=hashes,
        comment=" ".join(text for text in told if text),
    )


def _model_comment(analysis: Analysis) -> str:
    count, hub = facts.parameters(analysis), analysis.target.hub
    told = [f"{count} parameters." if count is not None else ""]
    if hub and hub.created:
        told.append(f"The Hub dates the repository {clean(hub.created, 40)}.")
    if hub and hub.modified:
        told.append(f"The Hub dates its last change {clean(hub.modified, 40)}.")
    return " ".join(text for text in told if text)


def _part_comment(part: Part) -> str:
    seen = {
        (True, True): "Declared and present.",
        (True, False): "Declared; its bytes are not here.",
        (False, True): "Present, and not declared.",
    }
    told = [
        f"Role: {part.role}.",
        seen.get((part.declared, part.present), ""),
        "The same part in another serialisation." if part.alternative else "",
        f"{part.parameters} parameters." if part.parameters is not None else "",
        "Element types: " + ", ".join(clean(f"{kind} {count}", 60) for kind, count in part.dtypes) + "."
        if part.dtypes
        else "",
    ]
    return " ".join(text for text in told if text)


def _application(analysis: Analysis) -> str:
    card = analysis.inspected.card
    told = {
        "Task": facts.task(analysis),
        "Inputs": ", ".join(card.inputs),
        "Outputs": ", ".join(card.outputs),
        "Languages": ", ".join(card.languages),
    }
    lines = [f"{word}: {text}." for word, each in told.items() if (text := value(each, 400))]
    return "\n".join([*lines, *facts.sections(analysis, "intended-uses")])


def _sections(analysis: Analysis, *topics: str) -> str:
    return "\n".join(text for topic in topics for text in facts.sections(analysis, topic))


def _metrics(analysis: Analysis) -> dict[str, str]:
    found = {}
    for metric in analysis.inspected.card.metrics:
        where = ", ".join(text for each in (metric.dataset, metric.task) if (text := value(each, 200)))
        name, number = value(metric.type, 200), value(metric.value, 200)
        if name and number:
            found[f"{name} ({where})" if where else name] = number
    return found


def _hyperparameters(part: Part) -> dict[str, str]:
    """Facts under CycloneDX' name for hyperparameters, without its prefix, but for numbers that are none."""
    return {
        clean(fact.name.removeprefix(_HYPERPARAMETER), 200): clean(str(fact.value), 400)
        for fact in part.facts
        if fact.name.startswith(_HYPERPARAMETER)
        and not (isinstance(fact.value, float) and not math.isfinite(fact.value))
    }


def _url(text: str | None) -> str | None:
    return text if text and _URL.fullmatch(text) else None


def _words(*texts: str | None) -> list[str]:
    return list(dict.fromkeys(text for each in texts if (text := value(each, 200))))


def _pypi(framework: facts.Framework) -> str | None:
    if framework.version is None:
        return None
    return f"pkg:pypi/{refs.quote(framework.name, safe='')}@{refs.quote(framework.version, safe='')}"
