"""G7 elements about infrastructure, security and performance."""

from __future__ import annotations

from aibom.compliance.element import Element, Supply, said, seen

_INFRASTRUCTURE = "Infrastructure"
_SECURITY = "Security properties"
_PERFORMANCE = "Key performance indicators"
_ATTACK = "*adversarial*|*attack*|*jailbreak*|*robustness*|*toxicity*|*refusal*|*injection*|*red*team*"
_SAFETY = "*security*|*safety*|*privacy*"
_MEASURES = "model:modelCard/quantitativeAnalysis/performanceMetrics/*"

OPERATION = (
    Element(
        "INF-01",
        "Software",
        _INFRASTRUCTURE,
        seen("software:name"),
        (Supply.AUTOMATIC, Supply.CARD),
        "Name the library (`library_name`) in the model card, or add requirements.txt.",
        cyclonedx="components[framework, library]",
        spdx="Relationship dependsOn: software_Package",
        law="XI 2(a)",
        source="configurations, `library_name`, requirements.txt",
    ),
    Element(
        "INF-02",
        "Hardware",
        _INFRASTRUCTURE,
        said(
            "hardware:name",
            "model:modelCard/properties/*{name=aibom:card:hardware}/value",
        ),
        (Supply.VENDOR, Supply.CARD),
        "State the hardware in the model card (`Hardware Type`, `co2_eq_emissions.hardware_used`).",
        questions=("compute.sites",),
        cyclonedx="formulation.components[device]",
        spdx="energyConsumption, informationAboutTraining",
        law="XI 2(d); form 7",
        source="the hardware that the card names",
    ),
    Element(
        "SP-01",
        "Security controls",
        _SECURITY,
        said(
            "document:declarations/claims/*{predicate=*security control*}/predicate",
            "model:externalReferences/*{type=risk-assessment|threat-model|maturity-report}/url",
            "document:externalReferences/*{type=risk-assessment|threat-model|maturity-report}/url",
        ),
        (Supply.VENDOR, Supply.REVIEW),
        "The vendor describes its controls, or names its risk assessment.",
        questions=("security.controls",),
        cyclonedx="declarations; externalReferences of type risk-assessment, threat-model",
        spdx="safetyRiskAssessment",
        law="XI 2 (systemic risk)",
    ),
    Element(
        "SP-02",
        "Security compliance",
        _SECURITY,
        said(
            "model:externalReferences/*{type=certification-report|attestation}/url",
            "document:externalReferences/*{type=certification-report|attestation}/url",
            "document:definitions/standards/*{name!=Sovereignty profile *}/name",
        ),
        (Supply.VENDOR, Supply.REVIEW),
        "The vendor names the standards that it meets, and their certificates.",
        questions=("security.standards",),
        cyclonedx="definitions.standards; externalReferences of type certification-report",
        spdx="standardCompliance",
    ),
    Element(
        "SP-03",
        "Cybersecurity policy",
        _SECURITY,
        said(
            "model:externalReferences/*{type=security-contact|advisories|rfc-9116}/url",
            "document:externalReferences/*{type=security-contact|advisories|rfc-9116}/url",
        ),
        (Supply.CARD, Supply.VENDOR),
        "Add SECURITY.md to the repository: whom to tell of a flaw, and what then happens.",
        questions=("security.vulnerability_policy", "security.contact"),
        cyclonedx="externalReferences of type security-contact, rfc-9116",
        spdx="externalRef securityPolicy",
        source="SECURITY.md in the repository",
    ),
    Element(
        "SP-04",
        "Vulnerability referencing",
        _SECURITY,
        seen(
            "document:vulnerabilities/*/id",
            "model:externalReferences/*{type=vulnerability-assertion|exploitability-statement|"
            "static-analysis-report|dynamic-analysis-report}/url",
            "document:externalReferences/*{type=vulnerability-assertion|exploitability-statement}/url",
        ),
        (Supply.VENDOR, Supply.REVIEW),
        "Add known vulnerabilities of parts and libraries, or name the document that holds them.",
        cyclonedx="vulnerabilities; externalReferences of type vulnerability-assertion",
        spdx="Relationship hasAssociatedVulnerability",
    ),
    Element(
        "KPI-01",
        "Security metrics",
        _PERFORMANCE,
        said(*(f"{_MEASURES}{{{key}={_ATTACK}|{_SAFETY}}}/value" for key in ("type", "slice"))),
        (Supply.VENDOR, Supply.REVIEW),
        "Publish results of tests for attacks or unsafe output in the card's `model-index`.",
        questions=("security.assessments",),
        cyclonedx="modelCard.quantitativeAnalysis.performanceMetrics",
        spdx="metric, safetyRiskAssessment",
        law="XI 2 (systemic risk): adversarial testing",
        source="`model-index` of the model card",
    ),
    Element(
        "KPI-02",
        "Operational performance indicators",
        _PERFORMANCE,
        said(f"{_MEASURES}/value"),
        (Supply.CARD,),
        "Publish results in the card's `model-index`.",
        cyclonedx="modelCard.quantitativeAnalysis.performanceMetrics",
        spdx="metric",
        law="XI 2 (systemic risk): evaluations",
        source="`model-index` of the model card",
    ),
)
