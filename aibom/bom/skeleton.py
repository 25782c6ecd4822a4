"""The part of the document that the CycloneDX library knows: identities, organisations, tools, standard.

Files, cards, evidence, declarations, compositions, dependencies and citations are laid over it
(`aibom.bom.overlay`), because the library lacks them or grows more than linearly with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity, PostalAddress
from cyclonedx.model.definition import Definitions, Level, Requirement, Standard
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from aibom.bom import refs
from aibom.bom.facts import Framework, country, datasets, description, frameworks, from_hub, references
from aibom.bom.refs import Refs
from aibom.formats.values import clean
from aibom.formats.wording import value
from aibom.model import Analysis, OrganisationRef, Part, Role, Score, ToolPart

OVERALL = "Share of the model whose origin lies inside the home set"
LEVELS = (
    ("0", "Undetermined, or the core comes from outside"),
    ("1", "The core is derived from outside"),
    ("2", "The core is home-made; a trained part is frozen, derived or unknown"),
    ("3", "All trained parts are home-made"),
    ("4", "Design, code, tokenizer, data, licence and governance are home-made too"),
)
_TYPES = {
    Role.TOKENIZER: ComponentType.DATA,
    Role.CHAT_TEMPLATE: ComponentType.FILE,
    Role.REMOTE_CODE: ComponentType.FILE,
}


def skeleton(analysis: Analysis, names: Refs, *, spec: str, timestamp: datetime | None) -> dict[str, Any]:
    """A document with every component but the files, as plain JSON; no dependencies, no serial number."""
    bom = Bom(
        metadata=BomMetaData(
            component=_model(analysis, names),
            tools=ToolRepository(components=map(_tool, _tools(analysis))),
            lifecycles=[PredefinedLifecycle(LifecyclePhase.POST_BUILD)],
        ),
        components=[*_datasets(analysis), *map(_framework, frameworks(analysis))],
        definitions=Definitions(standards=[_standard(analysis.score)]),
    )
    bom.metadata.timestamp = timestamp  # type: ignore[assignment]  # the constructor would put the present
    if bom.components and bom.metadata.component:  # the library warns of a root without; ours replace them
        bom.register_dependency(bom.metadata.component, bom.components)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.from_version(spec)).output_as_string()
    document = cast(dict[str, Any], json.loads(text))
    for key in ("dependencies", "serialNumber"):
        document.pop(key, None)
    return document


def component_type(part: Part) -> ComponentType:
    """Trained parts are models, the tokenizer is data, code and chat template are files."""
    return _TYPES.get(part.role, ComponentType.MACHINE_LEARNING_MODEL)


def _model(analysis: Analysis, names: Refs) -> Component:
    target = analysis.target
    group, _, name = (target.repository or target.name).rpartition("/")
    publisher = analysis.provenance.publisher
    return Component(
        type=ComponentType.MACHINE_LEARNING_MODEL,
        bom_ref=names.root,
        group=clean(group) or None,
        name=clean(name) or "model",
        version=value(target.revision, 100),
        purl=_purl(names.purl),
        description=description(analysis),
        manufacturer=_organisation(publisher) if publisher else None,
        supplier=_supplier(target.endpoint),
        external_references=[
            ExternalReference(
                type=ExternalReferenceType(page.kind), url=XsUri(page.url or ""), comment=page.comment
            )
            for page in references(analysis, names)
        ],
        components=[
            Component(
                type=component_type(part), bom_ref=names.part(part), name=clean(part.name) or clean(part.role)
            )
            for part in analysis.inspected.parts
        ],
    )


def _organisation(organisation: OrganisationRef) -> OrganizationalEntity | None:
    """Name and country; a country only where its source is told (as a property beside it)."""
    name = value(organisation.name)
    if name is None:
        return None
    code = country(organisation)
    return OrganizationalEntity(
        bom_ref=refs.organisation(organisation.id),
        name=name,
        address=PostalAddress(country=code) if code else None,
    )


def _supplier(endpoint: str | None) -> OrganizationalEntity | None:
    """Hugging Face, for what came from its Hub; another server's operator is not known."""
    if not from_hub(endpoint):
        return None
    return OrganizationalEntity(name="Hugging Face", urls=[XsUri("https://huggingface.co")])


def _datasets(analysis: Analysis) -> list[Component]:
    endpoint = analysis.target.endpoint
    return [
        Component(
            type=ComponentType.DATA,
            bom_ref=refs.dataset(key),
            name=clean(key),
            external_references=_dataset_page(endpoint, uses[0].ident),
        )
        for key, uses in datasets(analysis).items()
    ]


def _dataset_page(endpoint: str | None, ident: str | None) -> list[ExternalReference]:
    if endpoint is None or ident is None:
        return []
    url = f"{endpoint.rstrip('/')}/datasets/{refs.quote(ident)}"
    return [ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(url))]


def _framework(framework: Framework) -> Component:
    return Component(
        type=ComponentType.FRAMEWORK if framework.loads else ComponentType.LIBRARY,
        bom_ref=refs.framework(framework.name),
        name=clean(framework.name),
        version=framework.version,
        purl=PackageURL("pypi", None, framework.name, framework.version) if framework.version else None,
    )


def _tools(analysis: Analysis) -> Iterable[ToolPart]:
    """The distributions, each once; several plug-ins may come from one."""
    return {(tool.name, tool.version): tool for tool in reversed(analysis.tools)}.values()


def _tool(tool: ToolPart) -> Component:
    return Component(
        type=ComponentType.APPLICATION,
        bom_ref=refs.tool(tool.name, tool.version),
        name=tool.name,
        version=tool.version,
        description=value(tool.summary),
    )


def _standard(score: Score) -> Standard:
    """The profile as a standard: a requirement for each layer, and the five levels."""
    return Standard(
        bom_ref=refs.standard(score.profile),
        name=f"Sovereignty profile {score.profile}",
        version=score.profile_date,
        description=f"SHA-256 of the profile: {score.profile_digest}",
        requirements=[
            Requirement(
                bom_ref=refs.requirement(score.profile, "overall"), identifier="overall", title=OVERALL
            ),
            *(
                Requirement(
                    bom_ref=refs.requirement(score.profile, layer.layer),
                    identifier=layer.layer,
                    title=f"Origin of the {layer.layer} layer",
                    text=f"{layer.weight:g} of 100 points",
                )
                for layer in score.layers
            ),
        ],
        levels=[
            Level(bom_ref=f"{refs.standard(score.profile)}:level-{ident}", identifier=ident, title=title)
            for ident, title in LEVELS
        ],
    )


def _purl(text: str | None) -> PackageURL | None:
    return PackageURL.from_string(text) if text else None
