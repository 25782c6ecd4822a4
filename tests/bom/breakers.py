"""For each lint rule, changes to the rich sample's document that break it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests import samples
from tests.bom.documents import part

Json = dict[str, Any]
BREAKERS: dict[str, list[Callable[[Json], Any]]] = {}


def breaks(*rules: str) -> Callable[[Callable[[Json], Any]], Callable[[Json], Any]]:
    """Enter the decorated function as one that breaks these rules."""

    def enter(breaker: Callable[[Json], Any]) -> Callable[[Json], Any]:
        for rule in rules:
            BREAKERS.setdefault(rule, []).append(breaker)
        return breaker

    return enter


def model(document: Json) -> Json:
    return document["metadata"]["component"]


def ancestor(document: Json) -> Json:
    return part(document, "vision-encoder")["pedigree"]["ancestors"][0]


def first_file(document: Json) -> Json:
    return next(c for c in model(document)["components"] if c["name"] == "LICENSE")


def set_property(owner: Json, name: str, value: str) -> None:
    kept = [entry for entry in owner.get("properties", ()) if entry["name"] != name]
    owner["properties"] = [*kept, {"name": name, "value": value}]


def drop_property(owner: Json, name: str) -> None:
    owner["properties"] = [entry for entry in owner["properties"] if entry["name"] != name]


@breaks("not-cyclonedx")
def no_format(document: Json) -> None:
    del document["bomFormat"]


@breaks("spec-version-mismatch")
def another_schema(document: Json) -> None:
    document["$schema"] = "http://cyclonedx.org/schema/bom-1.5.schema.json"


@breaks("dangling-reference")
def dependency_on_nothing(document: Json) -> None:
    document["dependencies"][0]["dependsOn"] = ["gone"]


@breaks("dangling-reference")
def dataset_of_nothing(document: Json) -> None:
    model(document)["modelCard"]["modelParameters"]["datasets"].append({"ref": "gone"})


@breaks("dangling-reference")
def claim_about_nothing(document: Json) -> None:
    document["declarations"]["claims"][0]["target"] = "gone"


@breaks("dangling-reference")
def claim_on_no_evidence(document: Json) -> None:
    document["declarations"]["claims"][0]["evidence"] = ["gone"]


@breaks("dangling-reference")
def composition_of_nothing(document: Json) -> None:
    document["compositions"][0]["assemblies"].append("gone")


@breaks("dangling-reference")
def attestation_of_nothing(document: Json) -> None:
    document["declarations"]["attestations"][0]["map"][0]["requirement"] = "gone"


@breaks("dangling-reference")
def citation_of_nobody(document: Json) -> None:
    document["citations"][0]["attributedTo"] = "gone"


@breaks("duplicate-reference")
def same_ref_twice(document: Json) -> None:
    document["components"][0]["bom-ref"] = document["components"][1]["bom-ref"]


@breaks("unresolvable-citation")
def pointer_past_the_end(document: Json) -> None:
    document["citations"][0]["pointers"] = ["/components/99"]


@breaks("unresolvable-citation")
def pointer_without_slash(document: Json) -> None:
    document["citations"][0]["pointers"] = ["metadata"]


@breaks("missing-compositions")
def no_compositions(document: Json) -> None:
    del document["compositions"]


@breaks("missing-dependency")
def no_entry(document: Json) -> None:
    del document["dependencies"][0]


@breaks("pedigree-cycle")
def own_ancestor(document: Json) -> None:
    ancestor(document)["pedigree"] = {"ancestors": [copy.deepcopy(ancestor(document))]}


@breaks("pedigree-cycle")
def ancestor_and_descendant(document: Json) -> None:
    other = {"type": "machine-learning-model", "name": "x", "bom-ref": "x"}
    part(document, "decoder-core")["pedigree"] = {
        "ancestors": [other],
        "descendants": [other | {"bom-ref": "y"}],
    }
    other["pedigree"] = {"ancestors": [{"type": "machine-learning-model", "name": "y", "bom-ref": "y"}]}


@breaks("commit-as-hash")
def commit_for_digest(document: Json) -> None:
    first_file(document)["hashes"] = [{"alg": "SHA-1", "content": samples.COMMIT.upper()}]


@breaks("duplicate-hash")
def same_hash_twice(document: Json) -> None:
    first_file(document)["hashes"] = part(document, "remote-code")["hashes"]


@breaks("sha-512-missing")
def nothing_to_break(document: Json) -> None:
    """The Hub tells no SHA-512, so the good document has this problem too."""


@breaks("purl-mismatch")
def model_as_python_package(document: Json) -> None:
    model(document)["purl"] = "pkg:pypi/acme-vl"


@breaks("purl-mismatch")
def library_as_model(document: Json) -> None:
    framework = next(c for c in document["components"] if c["type"] == "framework")
    framework["purl"] = "pkg:huggingface/acme/transformers"


@breaks("purl-mismatch")
def purl_of_another(document: Json) -> None:
    model(document)["purl"] = f"pkg:huggingface/acme/Other@{samples.COMMIT}"


@breaks("purl-mismatch")
def purl_of_another_group(document: Json) -> None:
    model(document)["purl"] = f"pkg:huggingface/other/Acme-VL-7B@{samples.COMMIT}"


@breaks("purl-mismatch")
def purl_of_another_commit(document: Json) -> None:
    model(document)["purl"] = "pkg:huggingface/acme/Acme-VL-7B@ffff"


@breaks("purl-mismatch")
def no_purl(document: Json) -> None:
    model(document)["purl"] = "acme/Acme-VL-7B"


@breaks("named-after-base")
def takes_the_parents_name(document: Json) -> None:
    vision = part(document, "vision-encoder")
    vision["group"], vision["name"] = ancestor(document)["group"], ancestor(document)["name"]


@breaks("named-after-base")
def takes_the_parents_purl(document: Json) -> None:
    part(document, "vision-encoder")["purl"] = ancestor(document)["purl"] + "@abc"


@breaks("subject-not-model")
def about_the_job(document: Json) -> None:
    model(document)["type"] = "application"


@breaks("subject-not-model")
def about_nothing(document: Json) -> None:
    del document["metadata"]["component"]


@breaks("timestamp-in-identity")
def time_as_version(document: Json) -> None:
    model(document)["version"] = "2026-01-15T00:00:00Z"


@breaks("timestamp-in-identity")
def time_in_ref(document: Json) -> None:
    document["components"][0]["bom-ref"] = "dataset:2026-01-15T00%3A00%3A00"


@breaks("placeholder")
def empty_words(document: Json) -> None:
    model(document)["description"] = "No description available."


@breaks("placeholder")
def unknown_licence(document: Json) -> None:
    model(document)["licenses"] = [{"license": {"name": "other"}}]


@breaks("placeholder", "licence-not-spdx")
def unknown_licence_id(document: Json) -> None:
    model(document)["licenses"] = [{"license": {"id": "unknown"}}]


@breaks("placeholder")
def unknown_supplier(document: Json) -> None:
    model(document)["supplier"]["name"] = "UNKNOWN"


@breaks("placeholder")
def unknown_task(document: Json) -> None:
    model(document)["modelCard"]["modelParameters"]["task"] = "n/a"


@breaks("placeholder")
def no_use_case(document: Json) -> None:
    model(document)["modelCard"]["considerations"]["useCases"] = ["[More Information Needed]"]


@breaks("licence-not-spdx")
def licence_of_the_hub(document: Json) -> None:
    model(document)["licenses"] = [{"license": {"id": "llama3.1"}}]


@breaks("not-a-number")
def not_a_number(document: Json) -> None:
    document["declarations"]["attestations"][0]["map"][1]["conformance"]["score"] = float("nan")


@breaks("ancestor-without-evidence")
def no_evidence(document: Json) -> None:
    del ancestor(document)["evidence"]


@breaks("ancestor-without-evidence")
def empty_evidence(document: Json) -> None:
    ancestor(document)["evidence"] = {"identity": [{"field": "purl", "methods": []}], "occurrences": []}


@breaks("country-without-source")
def country_of_manufacturer(document: Json) -> None:
    drop_property(model(document), "aibom:manufacturer:source")
    document["citations"] = []


@breaks("country-without-source")
def country_of_supplier(document: Json) -> None:
    model(document)["supplier"]["address"] = {"country": "US"}


@breaks("country-without-source")
def country_of_origin(document: Json) -> None:
    drop_property(part(document, "remote-code"), "aibom:origin:code:source")


@breaks("score-out-of-bounds")
def more_than_all(document: Json) -> None:
    set_property(model(document), "aibom:score:upper", "120")


@breaks("score-out-of-bounds")
def no_number(document: Json) -> None:
    set_property(model(document), "aibom:score:level", "high")


@breaks("score-out-of-bounds")
def points_for_share(document: Json) -> None:
    document["declarations"]["attestations"][0]["map"][1]["conformance"]["score"] = 21.5


@breaks("score-inconsistent")
def bounds_swapped(document: Json) -> None:
    set_property(model(document), "aibom:score:lower", "99")


@breaks("score-inconsistent")
def level_above_ceiling(document: Json) -> None:
    set_property(model(document), "aibom:score:ceiling", "1")


@breaks("score-inconsistent")
def attests_otherwise(document: Json) -> None:
    document["declarations"]["attestations"][0]["map"][0]["conformance"]["score"] = 0.9


@breaks("score-out-of-bounds")
def past_any_float(document: Json) -> None:
    document["declarations"]["attestations"][0]["map"][0]["conformance"]["score"] = 10**400


@breaks("score-inconsistent")
def level_against_the_parts(document: Json) -> None:
    set_property(model(document), "aibom:score:ceiling", "4")
    set_property(model(document), "aibom:score:level", "3")
