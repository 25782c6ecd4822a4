"""The model documentation form of the EU code of practice for general-purpose AI (2025-07-10).

Items are told in our words; the sections and the numbers of the first one are the form's.
"""

from __future__ import annotations

from aibom.compliance.element import Element, Place, Supply, Vocabulary, said, seen
from aibom.compliance.vocabularies.g7 import G7

_PROVIDER = (Supply.VENDOR,)
_GENERAL = "1 General information"
_PROPERTIES = "2 Model properties"
_DISTRIBUTION = "3 Methods of distribution and licences"
_USE = "4 Use"
_TRAINING = "5 Training process"
_DATA = "6 Data used for training, testing and validation"
_COMPUTE = "7 Computational resources during training"
_ENERGY = "8 Energy consumption during training and use"
_CARD = "model:modelCard/properties/*"


def _places(ident: str) -> tuple[Place, ...]:
    """The places of a G7 element that asks for the same."""
    return next(element.places for element in G7.elements if element.ident == ident)


def _item(
    ident: str,
    name: str,
    section: str,
    places: tuple[Place, ...],
    how: str,
    law: str = "",
    questions: tuple[str, ...] = (),
) -> Element:
    return Element(ident, name, section, places, _PROVIDER, how, questions, law=law)


_ITEMS = (
    _item(
        "1.1",
        "Legal name of the provider",
        _GENERAL,
        _places("MDL-05"),
        "The provider gives the name under which it is registered.",
        questions=("respondent.organisation",),
    ),
    _item(
        "1.2",
        "Name and version of the model",
        _GENERAL,
        seen("model:name", "model:version"),
        "The provider names the model and its version.",
    ),
    _item(
        "1.3",
        "Authenticity of the model (digest, or endpoint)",
        _GENERAL,
        (*_places("MDL-07"), *_places("MDL-02")),
        "The provider gives digests of the files, or the endpoint that serves the model.",
    ),
    _item(
        "1.4",
        "Release date",
        _GENERAL,
        said("model:releaseNotes/timestamp", f"{_CARD}{{name=aibom:fact:release_date}}/value")
        + said("model:properties/*{name=aibom:hub:created}/value"),
        "The provider gives the date of the first release.",
        "XI 1(c)",
        questions=("governance.released",),
    ),
    _item(
        "1.5",
        "Date of placing on the market of the Union",
        _GENERAL,
        (),
        "Only the provider knows it.",
        "XI 1(c)",
        questions=("governance.eu_released",),
    ),
    _item(
        "1.6",
        "Model dependencies: models that this one modifies or fine-tunes",
        _GENERAL,
        seen(
            "any:pedigree/ancestors/*{evidence}/purl",
            "any:pedigree/ancestors/*{evidence}/name",
            "any:pedigree/ancestors/*{evidence}/evidence/identity/*/methods/*/value",
        )
        + said(
            "any:pedigree/ancestors/*{!evidence}/purl",
            "any:pedigree/ancestors/*{!evidence}/name",
            "model:properties/*{name=aibom:declared-ancestor:relation}/value",
            "model:properties/*{name=aibom:declared-ancestor}/value",
            "any:properties/*{name=aibom:origin:weights:upstream}/value",
        ),
        "The provider lists the models with their versions, or states that there is none (N/A). That"
        " nothing was found does not show that there is none.",
        questions=("parts.start", "parts.initialisation"),
    ),
    _item(
        "2.1",
        "Architecture and design",
        _PROPERTIES,
        seen(
            "model:modelCard/modelParameters/architectureFamily",
            "model:modelCard/modelParameters/modelArchitecture",
            "model:components/*{type=machine-learning-model}/name",
        ),
        "The provider describes the architecture, and departs from a known one where it does.",
        "XI 1(d)",
    ),
    _item(
        "2.2",
        "Input modalities",
        _PROPERTIES,
        said("model:modelCard/modelParameters/inputs/*/format"),
        "The provider states kinds and largest sizes of inputs.",
        "XI 1(e)",
    ),
    _item(
        "2.3",
        "Output modalities",
        _PROPERTIES,
        said("model:modelCard/modelParameters/outputs/*/format"),
        "The provider states kinds and largest sizes of outputs.",
        "XI 1(e)",
    ),
    _item(
        "2.4",
        "Size: total number of parameters, to two significant figures at least",
        _PROPERTIES,
        seen(
            "model:properties/*{name=aibom:parameters}/value",
            f"{_CARD}{{name=cdx:ai-ml:model:parameter:count}}/value",
        ),
        "The provider states the number of parameters.",
        "XI 1(d)",
    ),
    _item(
        "3.1",
        "Channels of distribution",
        _DISTRIBUTION,
        seen("model:externalReferences/*{type=distribution|vcs|website}/url"),
        "The provider lists where the model is had: repositories, interfaces, products.",
        "XI 1(c)",
    ),
    _item(
        "3.2",
        "Licence",
        _DISTRIBUTION,
        _places("MDL-12"),
        "The provider names the licence, or says that there is none.",
        "XI 1(f)",
        questions=("governance.licensor",),
    ),
    _item(
        "4.1",
        "Acceptable use policy",
        _USE,
        said(
            "model:externalReferences/*{comment=*use policy*}/url",
            "model:externalReferences/*{comment=*usage policy*}/url",
        ),
        "The provider links its policy, or says that there is none.",
        "XI 1(b)",
        questions=("use.policy",),
    ),
    _item(
        "4.2",
        "Intended uses, and uses that are not intended",
        _USE,
        _places("SLP-09")
        + said(
            "model:modelCard/considerations/technicalLimitations/*",
            f"{_CARD}{{name=aibom:card:out-of-scope}}/value",
        ),
        "The provider describes the tasks and systems that the model is for.",
        "XI 1(a)",
        questions=("use.intended", "use.users", "use.excluded", "use.limitations"),
    ),
    _item(
        "4.3",
        "Technical means for integration",
        _USE,
        seen("software:name"),
        "The provider says which software, hardware and instructions an integrator needs.",
        "XI 2(a)",
    ),
    _item(
        "5.1",
        "Design of the training process: stages, methods, key choices",
        _TRAINING,
        said(
            "model:modelCard/modelParameters/approach/type",
            f"{_CARD}{{name=aibom:card:training-procedure}}/value",
            f"{_CARD}{{name=aibom:fact:training:*}}/value",
            "document:formulation/*/workflows/*/description",
        ),
        "The provider describes stages, objectives and choices of the training.",
        "XI 2(b)",
        questions=("parts.initialisation", "parts.start"),
    ),
    _item(
        "6.1",
        "Datasets, and their kinds",
        _DATA,
        said("datasets:name"),
        "The provider states type and modality of the data.",
        "XI 2(c)",
    ),
    _item(
        "6.2",
        "Provenance of the data",
        _DATA,
        (*_places("DP-06"), *_places("DP-04"), *_places("DP-02")),
        "The provider says how the data were obtained: crawled, licensed, of users, synthetic.",
        "XI 2(c)",
        questions=("data.sources", "data.collection"),
    ),
    _item(
        "6.3",
        "Number of data points",
        _DATA,
        _places("DP-07"),
        "The provider states the amount of data for each kind.",
        "XI 2(c)",
        questions=("data.records", "data.tokens", "data.bytes"),
    ),
    _item(
        "6.4",
        "Curation, and measures against unsuitable or biased data",
        _DATA,
        said(
            "datasets:data/*/sensitiveData/*", "model:modelCard/considerations/ethicalConsiderations/*/name"
        ),
        "The provider describes filtering, and how unsuitable sources and biases were detected.",
        "XI 2(c)",
        questions=("data.curation", "data.sensitive", "data.protection"),
    ),
    _item(
        "7.1",
        "Training time, and hardware",
        _COMPUTE,
        _places("INF-02") + said(f"{_CARD}{{name=aibom:fact:hours_used}}/value"),
        "The provider states the duration of the training, and the hardware.",
        "XI 2(d)",
        questions=("compute.sites",),
    ),
    _item(
        "7.2",
        "Computation used for training, in floating-point operations",
        _COMPUTE,
        said(f"{_CARD}{{name=aibom:fact:training_flops}}/value"),
        "The provider states it, with how it was measured.",
        "XI 2(d)",
        questions=("compute.flops",),
    ),
    _item(
        "8.1",
        "Energy used for training",
        _ENERGY,
        said(
            "model:modelCard/considerations/environmentalConsiderations/energyConsumptions/*"
            "/activityEnergyCost/value",
        ),
        "The provider states the energy in MWh, with how it was measured or estimated; an emission of CO2"
        " is no energy.",
        "XI 2(e)",
        questions=("compute.energy_kwh",),
    ),
    _item(
        "8.2",
        "Energy used for inference (benchmarked)",
        _ENERGY,
        (),
        "Only the provider can measure it.",
        "XI 2(e)",
    ),
)

GPAI = Vocabulary(
    ident="gpai-mdf",
    title="Model documentation form for general-purpose AI models",
    date="2025-07-10",
    source="European Commission, General-Purpose AI Code of Practice, transparency chapter",
    note="Filled in from a bill of materials, item by item in our words. It answers no question of law.",
    elements=_ITEMS,
)
"""Items of the form, with the places of a BOM that answer them."""
