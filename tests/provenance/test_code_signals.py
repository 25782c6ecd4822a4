"""Code: what auto_map, imports and notices say of the code layer, and of no other."""

from __future__ import annotations

from aibom.model import DeclarationKind, Evidence, FileClass, FileEntry, Inspected, Layer, Relation
from aibom.provenance import conclude
from tests.provenance.knowledge import (
    CATALOG,
    CODE,
    CORE,
    HEAD,
    by_rule,
    inherits,
    names,
    notice,
    origin,
    says,
    target,
    trace,
)

MAP = DeclarationKind.AUTO_MAP
IMPORT = DeclarationKind.IMPORT


def test_code_loaded_from_another_repository_is_verbatim() -> None:
    found, _ = trace(
        Inspected((CORE, CODE), (says(MAP, "deepseek-ai/V3--modeling_deepseek.DeepseekV3ForCausalLM"),))
    )
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None
    assert (code.relation, code.evidence, code.upstream) == (Relation.VERBATIM, Evidence.E1, "deepseek-ai/V3")
    assert names(code) == ["deepseek"]
    assert by_rule(found, "declared.foreign-code-name") == []


def test_code_loaded_from_an_own_repository_is_no_finding() -> None:
    assert (
        trace(Inspected((CORE, CODE), (says(MAP, "upstage/base--modeling_solar.Solar"),)))[0].findings == ()
    )


def test_shipped_code_under_another_familys_name_is_adapted() -> None:
    found, _ = trace(Inspected((CORE, CODE), (says(MAP, "configuration_deepseek.DeepseekV3Config"),)))
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and (code.relation, code.evidence) == (Relation.ADAPTED, Evidence.E1)


def test_a_family_is_recognised_by_its_module_where_the_class_is_novel() -> None:
    found, _ = trace(Inspected((CORE, CODE), (says(MAP, "configuration_deepseek.NovelConfig"),)))
    assert by_rule(found, "declared.foreign-code-name")


def test_imports_of_an_outside_family_are_observed_in_code() -> None:
    imported = says(IMPORT, "transformers.models.deepseek_v3.modeling_deepseek_v3")
    found, _ = trace(Inspected((CORE, CODE), (imported,)))
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and (code.relation, code.evidence) == (Relation.ADAPTED, Evidence.E3)
    assert all(item.layer is Layer.CODE for item in found.origins)


def test_an_inherited_model_class_speaks_of_the_architecture_and_not_of_weights() -> None:
    found, _ = trace(Inspected((CORE, HEAD, CODE), (inherits("DeepseekV3ForCausalLM"),)), "skt/A.X-K1")
    design = origin(found, "decoder-core", Layer.ARCHITECTURE)
    assert design is not None and (design.relation, design.evidence) == (Relation.ADAPTED, Evidence.E3)
    assert names(design) == ["deepseek"]
    assert origin(found, "decoder-core", Layer.WEIGHTS) is None


def test_a_model_class_that_is_only_imported_says_nothing_of_the_architecture() -> None:
    choices = (says(IMPORT, "transformers.LlamaForCausalLM"), says(IMPORT, "transformers.Qwen2ForCausalLM"))
    found, _ = trace(Inspected((CORE, CODE), choices))
    assert {item.layer for item in found.origins} == {Layer.CODE}


def test_a_tokenizer_class_of_a_library_moves_nothing() -> None:
    found, _ = trace(Inspected((CORE, CODE), (says(IMPORT, "transformers.models.llama.LlamaTokenizerFast"),)))
    assert [item.rule for item in found.findings] == ["code.helper-import"]
    assert found.origins == ()


def test_an_inherited_piece_says_nothing_of_the_architecture() -> None:
    found, _ = trace(Inspected((CORE, CODE), (inherits("DeepseekV3MoE"),)))
    assert {item.layer for item in found.origins} == {Layer.CODE}


def test_imports_that_name_no_family_or_an_own_one_are_silent() -> None:
    imports = (
        says(IMPORT, "transformers.models.auto"),
        says(IMPORT, "torch.nn"),
        says(IMPORT, "SolarOpenForCausalLM"),
    )
    found, unknowns = trace(Inspected((CORE, CODE), imports))
    assert (found.findings, unknowns) == ((), ())


def test_a_notice_is_quoted_with_its_line_and_boilerplate_names_nobody() -> None:
    inspected = Inspected(
        (CORE, CODE), notices=(notice("The ZhipuAI Inc. team", "HuggingFace Inc. team", line=5),)
    )
    found, _ = trace(inspected)
    (finding,) = found.findings
    assert finding.rule == "code.notice"
    assert finding.locators[0].line == 5
    assert "The ZhipuAI Inc. team" in (finding.locators[0].quote or "")
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and (code.relation, code.evidence) == (Relation.ADAPTED, Evidence.E3)
    assert found.origins == (code,)


def test_an_own_notice_moves_nothing() -> None:
    found, _ = trace(Inspected((CORE, CODE), notices=(notice("Upstage AI"),)))
    code = origin(found, "remote-code", Layer.CODE)
    assert code is not None and code.relation is Relation.UNKNOWN


def test_a_boilerplate_holder_that_publishes_is_an_own_notice() -> None:
    found, _ = trace(Inspected((CORE, CODE), notices=(notice("HuggingFace Inc. team"),)), "huggingface/model")
    assert [item.rule for item in found.findings] == ["code.own-notice"]


def test_a_holder_nobody_knows_is_named_without_a_country() -> None:
    found, _ = trace(Inspected((CORE, CODE), notices=(notice("Jane Doe"),)))
    (finding,) = found.findings
    assert (finding.rule, finding.organisations) == ("code.unknown-holder", ())
    assert found.origins == ()


def test_a_holder_under_the_namespace_of_the_repository_is_the_publisher() -> None:
    found, _ = trace(Inspected((CORE, CODE), notices=(notice("Hanbit Lab Co."),)), "hanbit-lab/hanbit")
    assert [item.rule for item in found.findings] == ["code.own-notice"]


def test_a_notice_in_a_file_that_the_model_does_not_load_moves_nothing() -> None:
    found, _ = trace(Inspected((CORE, CODE), notices=(notice("DeepSeek-AI", path="convert.py"),)))
    assert [item.rule for item in found.findings] == ["code.notice-elsewhere"]
    assert found.origins == ()


def test_a_notice_in_a_licence_text_is_no_matter_of_code() -> None:
    entries = (FileEntry("LICENSE", 10, kind=FileClass.LICENCE),)
    inspected = Inspected((CORE, CODE), notices=(notice("Meta Platforms, Inc.", path="LICENSE"),))
    found, _ = conclude(target("upstage/solar"), entries, inspected, catalog=CATALOG)
    (finding,) = found.findings
    assert (finding.rule, finding.layer) == ("licence.notice", Layer.LICENCE)
    assert found.origins == ()


def test_a_missing_notice_means_nothing() -> None:
    assert trace(Inspected((CORE, CODE)))[0].findings == ()
