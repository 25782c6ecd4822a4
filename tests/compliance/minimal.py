"""For each G7 element the smallest documents that hold it: what stands where, and what it counts as."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
URL = "https://acme.example/x"


def model(**members: Any) -> Json:
    return {"metadata": {"component": members}}


def card(**members: Any) -> Json:
    return model(modelCard=members)


def parameters(**members: Any) -> Json:
    return card(modelParameters=members)


def prop(name: str, value: str) -> Json:
    return {"properties": [{"name": name, "value": value}]}


def metadata(**members: Any) -> Json:
    return {"metadata": members}


def dataset(**members: Any) -> Json:
    return {"components": [{"type": "data", **members}]}


def data(**members: Any) -> Json:
    return dataset(data=[{"type": "dataset", **members}])


def reference(kind: str) -> Json:
    return model(externalReferences=[{"type": kind, "url": URL}])


def measure(kind: str, value: str = "0.9") -> Json:
    return card(quantitativeAnalysis={"performanceMetrics": [{"type": kind, "value": value}]})


_ROOT = "/metadata/component"
_CARD = f"{_ROOT}/modelCard"
_LICENCE = [{"license": {"id": "MIT", "acknowledgement": "declared"}}]
_CONCLUDED = [{"license": {"id": "MIT", "acknowledgement": "concluded"}}]

CASES: tuple[tuple[str, Json, str, str, str], ...] = (
    (
        "MD-01",
        metadata(authors=[{"email": "a@acme.example"}]),
        "declared",
        "a@acme.example",
        "/metadata/authors/0/email",
    ),
    ("MD-01", metadata(manufacturer={"name": "Acme"}), "declared", "Acme", "/metadata/manufacturer/name"),
    ("MD-02", {"version": 3}, "present", "3", "/version"),
    ("MD-03", {"bomFormat": "CycloneDX"}, "present", "CycloneDX", "/bomFormat"),
    ("MD-04", {"specVersion": "1.4"}, "present", "1.4", "/specVersion"),
    ("MD-05", {"signature": {"algorithm": "ES256", "value": "c2ln"}}, "present", "c2ln", "/signature/value"),
    ("MD-05", reference("digital-signature"), "present", URL, f"{_ROOT}/externalReferences/0/url"),
    ("MD-06", metadata(tools=[{"name": "old"}]), "present", "old", "/metadata/tools/0/name"),
    (
        "MD-07",
        metadata(tools={"components": [{"version": "2"}]}),
        "present",
        "2",
        "/metadata/tools/components/0/version",
    ),
    ("MD-08", metadata(lifecycles=[{"phase": "build"}]), "present", "build", "/metadata/lifecycles/0/phase"),
    (
        "MD-09",
        metadata(timestamp="2026-01-01T00:00:00Z"),
        "present",
        "2026-01-01T00:00:00Z",
        "/metadata/timestamp",
    ),
    (
        "MD-10",
        {"dependencies": [{"ref": "a", "dependsOn": ["b"]}]},
        "present",
        "b",
        "/dependencies/0/dependsOn/0",
    ),
    ("SLP-01", model(name="m"), "present", "m", f"{_ROOT}/name"),
    (
        "SLP-02",
        model(components=[{"type": "file", "name": "f"}, {"type": "data", "name": "t"}]),
        "present",
        "t",
        f"{_ROOT}/components/1/name",
    ),
    ("SLP-03", model(manufacturer={"name": "Acme"}), "declared", "Acme", f"{_ROOT}/manufacturer/name"),
    ("SLP-04", model(version="1"), "present", "1", f"{_ROOT}/version"),
    (
        "SLP-05",
        model(releaseNotes={"timestamp": "2026-01-01T00:00:00Z"}),
        "declared",
        "2026-01-01T00:00:00Z",
        f"{_ROOT}/releaseNotes/timestamp",
    ),
    (
        "SLP-06",
        {"services": [{"data": [{"flow": "inbound"}]}]},
        "declared",
        "inbound",
        "/services/0/data/0/flow",
    ),
    (
        "SLP-07",
        {"services": [{"data": [{"description": "kept a day"}]}]},
        "declared",
        "kept a day",
        "/services/0/data/0/description",
    ),
    (
        "SLP-08",
        parameters(inputs=[{"format": "text"}]),
        "declared",
        "text",
        f"{_CARD}/modelParameters/inputs/0/format",
    ),
    (
        "SLP-09",
        card(considerations={"useCases": ["search"]}),
        "declared",
        "search",
        f"{_CARD}/considerations/useCases/0",
    ),
    ("MDL-01", model(name="m"), "present", "m", f"{_ROOT}/name"),
    ("MDL-02", model(purl="pkg:huggingface/a/b@1"), "present", "pkg:huggingface/a/b@1", f"{_ROOT}/purl"),
    ("MDL-03", model(version="1"), "present", "1", f"{_ROOT}/version"),
    (
        "MDL-04",
        model(**prop("aibom:hub:created", "2026-01-01")),
        "declared",
        "2026-01-01",
        f"{_ROOT}/properties/0/value",
    ),
    ("MDL-05", model(supplier={"name": "Acme"}), "declared", "Acme", f"{_ROOT}/supplier/name"),
    (
        "MDL-05",
        card(**prop("aibom:fact:developed_by", "Acme")),
        "declared",
        "Acme",
        f"{_CARD}/properties/0/value",
    ),
    ("MDL-06", model(description="a model"), "declared", "a model", f"{_ROOT}/description"),
    (
        "MDL-07",
        model(components=[{"type": "file", "hashes": [{"alg": "SHA-256", "content": "ab"}]}]),
        "present",
        "ab",
        f"{_ROOT}/components/0/hashes/0/content",
    ),
    (
        "MDL-08",
        model(hashes=[{"alg": "SHA-256", "content": "ab"}]),
        "present",
        "SHA-256",
        f"{_ROOT}/hashes/0/alg",
    ),
    (
        "MDL-09",
        parameters(architectureFamily="bert"),
        "present",
        "bert",
        f"{_CARD}/modelParameters/architectureFamily",
    ),
    (
        "MDL-09",
        card(considerations={"technicalLimitations": ["slow"]}),
        "declared",
        "slow",
        f"{_CARD}/considerations/technicalLimitations/0",
    ),
    (
        "MDL-10",
        parameters(outputs=[{"format": "text"}]),
        "declared",
        "text",
        f"{_CARD}/modelParameters/outputs/0/format",
    ),
    (
        "MDL-11",
        parameters(approach={"type": "supervised"}),
        "declared",
        "supervised",
        f"{_CARD}/modelParameters/approach/type",
    ),
    (
        "MDL-11",
        model(pedigree={"ancestors": [{"name": "base", "evidence": {"identity": []}}]}),
        "present",
        "base",
        f"{_ROOT}/pedigree/ancestors/0/name",
    ),
    (
        "MDL-11",
        model(pedigree={"ancestors": [{"name": "base"}]}),
        "declared",
        "base",
        f"{_ROOT}/pedigree/ancestors/0/name",
    ),
    ("MDL-12", model(licenses=_LICENCE), "declared", "MIT", f"{_ROOT}/licenses/0/license/id"),
    ("MDL-12", model(licenses=_CONCLUDED), "present", "MIT", f"{_ROOT}/licenses/0/license/id"),
    ("MDL-12", model(licenses=[{"expression": "MIT"}]), "declared", "MIT", f"{_ROOT}/licenses/0/expression"),
    ("MDL-13", reference("vcs"), "present", URL, f"{_ROOT}/externalReferences/0/url"),
    ("DP-01", dataset(name="d"), "declared", "d", "/components/0/name"),
    (
        "DP-01",
        parameters(datasets=[{"ref": "x"}, {"type": "dataset", "name": "d"}]),
        "declared",
        "d",
        f"{_CARD}/modelParameters/datasets/1/name",
    ),
    ("DP-02", dataset(description="news"), "declared", "news", "/components/0/description"),
    ("DP-03", data(contents={"url": URL}), "declared", URL, "/components/0/data/0/contents/url"),
    ("DP-04", dataset(purl="pkg:generic/d"), "declared", "pkg:generic/d", "/components/0/purl"),
    (
        "DP-05",
        dataset(hashes=[{"alg": "SHA-256", "content": "cd"}]),
        "present",
        "cd",
        "/components/0/hashes/0/content",
    ),
    (
        "DP-06",
        data(governance={"owners": [{"organization": {"name": "Acme"}}]}),
        "declared",
        "Acme",
        "/components/0/data/0/governance/owners/0/organization/name",
    ),
    (
        "DP-07",
        data(contents={"properties": [{"name": "rows", "value": "7"}]}),
        "declared",
        "7",
        "/components/0/data/0/contents/properties/0/value",
    ),
    ("DP-08", data(sensitiveData=["names"]), "declared", "names", "/components/0/data/0/sensitiveData/0"),
    (
        "DP-09",
        parameters(datasets=[{"ref": "d"}]),
        "declared",
        "d",
        f"{_CARD}/modelParameters/datasets/0/ref",
    ),
    ("DP-10", dataset(licenses=_LICENCE), "declared", "MIT", "/components/0/licenses/0/license/id"),
    (
        "INF-01",
        {"components": [{"type": "library", "name": "torch"}]},
        "present",
        "torch",
        "/components/0/name",
    ),
    (
        "INF-02",
        {"formulation": [{"components": [{"type": "device", "name": "H100"}]}]},
        "declared",
        "H100",
        "/formulation/0/components/0/name",
    ),
    ("SP-01", reference("risk-assessment"), "declared", URL, f"{_ROOT}/externalReferences/0/url"),
    (
        "SP-02",
        {"definitions": {"standards": [{"name": "ISO 27001"}]}},
        "declared",
        "ISO 27001",
        "/definitions/standards/0/name",
    ),
    ("SP-03", reference("security-contact"), "declared", URL, f"{_ROOT}/externalReferences/0/url"),
    ("SP-04", {"vulnerabilities": [{"id": "CVE-2026-1"}]}, "present", "CVE-2026-1", "/vulnerabilities/0/id"),
    (
        "KPI-01",
        measure("Toxicity score"),
        "declared",
        "0.9",
        f"{_CARD}/quantitativeAnalysis/performanceMetrics/0/value",
    ),
    ("KPI-02", measure("f1"), "declared", "0.9", f"{_CARD}/quantitativeAnalysis/performanceMetrics/0/value"),
)
"""Element, document, status, value, and JSON pointer."""

NOT_ENOUGH: tuple[tuple[str, Json], ...] = (
    ("MD-06", metadata(tools={"components": [{"name": "unknown"}]})),
    ("SLP-02", model(components=[{"type": "file", "name": "f"}])),
    ("SLP-03", model(supplier={"name": "Hugging Face"})),
    ("MDL-05", model(manufacturer={"name": "N/A"})),
    ("MDL-06", model(description="No description available")),
    ("MDL-07", model(version="0" * 40)),
    ("MDL-12", model(licenses=[{"license": {"name": "other"}}])),
    ("MDL-13", model(externalReferences=[{"type": "vcs", "url": ""}])),
    ("DP-01", {"components": [{"type": "data", "name": "tokenizer", "data": [{"type": "configuration"}]}]}),
    ("DP-01", parameters(datasets=[{"ref": "d"}])),
    ("SP-02", {"definitions": {"standards": [{"name": "Sovereignty profile kr"}]}}),
    ("KPI-01", measure("f1")),
    ("KPI-02", card(quantitativeAnalysis={"performanceMetrics": [{"type": "f1"}]})),
)
"""Documents that say nothing of the element: placeholders, the Hub as producer, our own profile."""
