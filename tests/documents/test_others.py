"""Other tools' BOMs, with the defects that they are known for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aibom.model import Dossier, Evidence, FileClass, Locator, Role

Open = Callable[[str], Dossier]
COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


def reasons(found: Dossier) -> str:
    return "\n".join(unknown.reason for unknown in found.unknowns)


def test_owasp_describes_a_job_and_the_model_is_found(dossier: Open) -> None:
    found = dossier("owasp.cdx.json")
    assert (found.form, found.subject, found.task) == (
        "CycloneDX 1.6", "namsan-lab/namsan-7b-chat", "text-generation",
    )  # fmt: skip
    assert found.revision is None  # eight digits of a commit are no commit
    assert found.publisher is not None
    assert (found.publisher.id, found.publisher.jurisdiction) == ("stated:namsan-lab", None)
    assert found.publisher.source == "stated at /components/0/manufacturer"
    assert [(item.name, item.ident, item.purpose) for item in found.datasets] == [
        ("namsan-lab/chat-ko", "namsan-lab/chat-ko", "unstated"),
        ("dataset-of-nowhere", None, "unstated"),
    ]
    assert "no component has the bom-ref 'dataset-of-nowhere'" in reasons(found)
    assert [(item.name, item.evidence) for item in found.ancestors] == [
        ("meta-llama/Llama-2-7b-hf", Evidence.E0)
    ]
    assert [licence.expression for licence in found.licences] == ["Apache-2.0"]
    assert found.origins == found.findings == found.parts == ()


def test_aibomgen_takes_a_commit_for_a_digest_and_we_do_not(dossier: Open) -> None:
    found = dossier("aibomgen.cdx.json")
    assert found.subject == "Bukhan/bukhan-bert"
    assert found.revision == "3f2a64cb9d0e1f2233445566778899aabbccddee"
    assert found.files == ()
    assert "/metadata/component: 40 hex digits, a git id, stand where its SHA-256 should" in reasons(found)
    assert {item.name for item in found.datasets} == {"bookcorpus", "wikipedia"}
    assert [item.name for item in found.ancestors] == ["google-bert/bert-base-uncased"]
    assert [(item.name, item.expression) for item in found.licences] == [("mit", "MIT")]


def test_syft_names_a_derivative_after_its_base_and_lists_no_parent(dossier: Open) -> None:
    found = dossier("syft.cdx.json")
    assert found.subject == "Llama 3.1 8B"
    assert found.ancestors == found.parts == found.origins == ()
    (file,) = found.files  # the folder that was scanned is no file
    assert (file.path, file.kind) == ("seorak-8b-q4.gguf", FileClass.WEIGHTS)
    assert file.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [item.expression for item in found.licences] == ["LicenseRef-llama3.1"]


def test_a_bom_by_the_guide_gives_parts_files_licences_and_descent(dossier: Open) -> None:
    found = dossier("guide.cdx.json")
    assert (found.subject, found.revision) == ("inwang/inwang-vl", COMMIT)
    assert found.publisher is not None
    assert (found.publisher.name, found.publisher.jurisdiction) == ("Inwang Research", "KR")
    assert {part.id: part.role for part in found.parts} == {
        "vision-encoder": Role.VISION_ENCODER,
        "inwang-vl-language": Role.OTHER,  # a name that does not say what it does
        "byte-level-bpe": Role.TOKENIZER,
        "chat-template-jinja": Role.CHAT_TEMPLATE,
    }
    vision = found.parts[0]
    assert vision.files == ("model-00001-of-00002.safetensors",)
    assert (vision.declared, vision.present, vision.parameters) == (True, False, None)
    assert (vision.fact("model_type"), vision.fact("hyperparameter:hidden_size")) == ("clip", "1024")
    assert vision.locators == (Locator("guide.cdx.json", key="/metadata/component/components/0"),)
    assert {file.path: file.sha256 and file.sha256[0] for file in found.files} == {
        "chat_template.jinja": None,
        "config.json": "a",
        "model-00001-of-00002.safetensors": "b",
    }
    assert "a file without a path inside the model" in reasons(found)
    assert [(item.name, item.carried, item.part) for item in found.licences] == [
        ("Apache-2.0 AND LicenseRef-inwang", False, None),  # an expression that holds a licence of its own
        ("Apache-2.0", True, None),
        ("MIT", False, "vision-encoder"),
    ]
    assert found.licences[0].expression == "Apache-2.0 AND LicenseRef-inwang"
    assert [(item.name, item.part, item.evidence) for item in found.ancestors] == [
        ("Qwen/Qwen2.5-7B", None, Evidence.E0),
        ("openai/clip-vit-large-patch14", "vision-encoder", Evidence.E1),
    ]
    assert "the pedigree leads back to inwang/inwang-vl" in reasons(found)
    assert [tool.name for tool in found.tools] == ["older-tool"]


def test_a_supplier_is_no_origin(dossier: Open) -> None:
    found = dossier("guide.cdx.json")
    assert found.origins == ()
    assert "OpenAI" not in str(found.publisher)


def test_spdx_2_3_in_json(dossier: Open) -> None:
    found = dossier("model.spdx23.json")
    assert (found.form, found.subject) == ("SPDX 2.3", "dobong/dobong-1b")
    assert found.revision == "0123456789abcdef0123456789abcdef01234567"
    assert found.publisher is not None
    assert (found.publisher.name, found.publisher.source) == (
        "Dobong Labs",
        "stated at /packages/0/originator",
    )
    assert [(part.id, part.role, part.files) for part in found.parts] == [
        ("dobong-tokenizer", Role.TOKENIZER, ("tokenizer.json",))
    ]
    assert {file.path: file.sha256 and file.sha256[0] for file in found.files} == {
        "model.safetensors": "c",
        "tokenizer.json": None,
    }
    assert [item.name for item in found.ancestors] == ["Qwen/Qwen2.5-1.5B"]
    assert [(item.name, item.ident) for item in found.datasets] == [("korean-web", "dobong/korean-web")]
    assert [(item.name, item.carried) for item in found.licences] == [("Apache-2.0", False)]
    assert [(tool.name, tool.version) for tool in found.tools] == [("model-sbom", "1.4.2")]
    assert "a git id" in reasons(found)
    assert "a relationship of descent leads nowhere" in reasons(found)


def test_spdx_3_with_the_ai_profile(dossier: Open) -> None:
    found = dossier("model.spdx3.json")
    assert (found.form, found.subject) == ("SPDX 3.0.1", "gwanak/gwanak-3b")
    assert found.revision == "fedcba9876543210fedcba9876543210fedcba98"
    assert found.publisher is not None and found.publisher.name == "Gwanak Lab"
    assert [(part.id, part.role) for part in found.parts] == [("vision-encoder", Role.VISION_ENCODER)]
    assert [(file.path, file.sha256 and file.sha256[0]) for file in found.files] == [
        ("model.safetensors", "d")
    ]
    assert [(item.name, item.purpose) for item in found.datasets] == [("gwanak/web", "training")]
    assert [(item.name, item.evidence) for item in found.ancestors] == [("google/gemma-2-2b", Evidence.E0)]
    assert [(item.expression, item.carried) for item in found.licences] == [
        ("Apache-2.0", False),
        ("MIT", True),
    ]
    assert found.unknowns == ()


@pytest.mark.parametrize(
    "name",
    [
        "owasp.cdx.json",
        "aibomgen.cdx.json",
        "syft.cdx.json",
        "guide.cdx.json",
        "model.spdx23.json",
        "model.spdx3.json",
    ],
)
def test_every_place_is_in_the_document(dossier: Open, name: str) -> None:
    found = dossier(name)
    places = [part.locators[0] for part in found.parts]
    places += [item.locator for item in (*found.licences, *found.datasets)]
    places += [item.locator for item in found.ancestors if item.locator]
    assert places
    assert {(place.path, (place.key or "")[:1]) for place in places} == {(name, "/")}
    assert {unknown.path for unknown in found.unknowns} <= {name}
    assert all(licence.name for licence in found.licences)
