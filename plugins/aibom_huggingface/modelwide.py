"""Facts about the model as a whole: family, class, library version, precision, generation, processing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aibom.formats.text import JsonValue, as_bool, as_float, as_str, clean, strings
from aibom.model import CardFacts, Declaration, Fact, Locator
from aibom_huggingface import quantisation
from aibom_huggingface.declared import auto_map
from aibom_huggingface.reading import Reader

GENERATION_KEYS = ("do_sample", "temperature", "top_p", "top_k", "repetition_penalty", "max_new_tokens")
PROCESSOR_FILES = ("preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json")
PROCESSOR_KEYS = ("processor_class", "image_processor_type", "feature_extractor_type", "video_processor_type")
QUANTISATION_FILES = ("hf_quant_config.json", "quantize_config.json", "quant_config.json")


def inspect_modelwide(reader: Reader) -> Iterator[CardFacts | Declaration]:
    """What the configurations say of the whole, and the remote code that processors name."""
    config, pipeline = reader.mapping("config.json"), reader.mapping("model_index.json")
    family = as_str(config.get("model_type"))
    classes = strings(config.get("architectures")) or strings(pipeline.get("_class_name"))
    facts = [*_versions(config, pipeline), *quantisation.of_config(config, "config.json")]
    for path in QUANTISATION_FILES:
        facts += quantisation.of_file(reader.mapping(path), path)
    facts += _scalars(
        reader.mapping("generation_config.json"), "generation_config.json", GENERATION_KEYS, "generation:"
    )
    for path in PROCESSOR_FILES:
        data = reader.mapping(path)
        facts += _scalars(data, path, PROCESSOR_KEYS)
        yield from auto_map(data, path)
    yield CardFacts(
        architecture_family=clean(family, 120) if family else None,
        architecture=clean(classes[0], 120) if classes else None,
        library="diffusers" if pipeline.get("_diffusers_version") else None,
        facts=tuple(dict.fromkeys(facts)),
    )


def _versions(config: Mapping[str, JsonValue], pipeline: Mapping[str, JsonValue]) -> Iterator[Fact]:
    yield from _scalars(config, "config.json", ("transformers_version",))
    yield from _scalars(pipeline, "model_index.json", ("_diffusers_version",))
    for key in ("dtype", "torch_dtype"):
        if value := as_str(config.get(key)):
            yield Fact("precision", clean(value, 40), Locator("config.json", key=key))
            return


def _scalars(
    data: Mapping[str, JsonValue], path: str, keys: tuple[str, ...], lead: str = ""
) -> Iterator[Fact]:
    for key in keys:
        value = data.get(key)
        told: str | float | bool | None = as_bool(value)
        if told is None:
            told = as_float(value)
        if told is None and isinstance(value, str):
            told = clean(value, 80) or None
        if told is not None:
            yield Fact(f"{lead}{key}", told, Locator(path, key=key))
