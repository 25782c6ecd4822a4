"""Quantisation as configurations tell it: method, bits, group and format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aibom.formats.text import JsonValue, as_bool, as_dict, as_float, as_int, as_str, clean
from aibom.model import Fact, Locator

_KEYS = {
    # the key as the libraries write it → the fact's name
    "quant_method": "quantisation:method",
    "quant_algo": "quantisation:algorithm",
    "kv_cache_quant_algo": "quantisation:kv_cache",
    "format": "quantisation:format",
    "fmt": "quantisation:format",
    "bits": "quantisation:bits",
    "w_bit": "quantisation:bits",
    "num_bits": "quantisation:bits",
    "group_size": "quantisation:group_size",
    "q_group_size": "quantisation:group_size",
    "bnb_4bit_quant_type": "quantisation:type",
    "activation_scheme": "quantisation:activations",
}


def of_config(config: Mapping[str, JsonValue], path: str, keys: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    """Facts of the `quantization_config` in a configuration; a first fact `quantisation` sums them up."""
    for key in ("quantization_config", "compression_config"):
        if data := as_dict(config.get(key)):
            return _facts(data, path, (*keys, key))
    return ()


def of_file(data: Mapping[str, JsonValue], path: str) -> tuple[Fact, ...]:
    """Facts of a `hf_quant_config.json` (ModelOpt) or `quantize_config.json` (GPTQ)."""
    inner = as_dict(data.get("quantization"))
    facts = _facts(inner, path, ("quantization",)) if inner else _facts(data, path, ())
    producer = as_dict(data.get("producer"))
    words = [text for key in ("name", "version") if (text := as_str(producer.get(key)))]
    if facts and words:
        told = Fact("quantisation:producer", clean(" ".join(words), 80), Locator(path, key="producer"))
        return (*facts, told)
    return facts


def _facts(data: Mapping[str, JsonValue], path: str, keys: tuple[str, ...]) -> tuple[Fact, ...]:
    found = list(_told(data, path, keys))
    if not found:
        return ()
    summary = " ".join(_word(fact) for fact in found if fact.name not in ("quantisation:kv_cache",))
    return (Fact("quantisation", clean(summary, 120), Locator(path, key=".".join(keys) or None)), *found)


def _word(fact: Fact) -> str:
    label = {"quantisation:bits": "-bit", "quantisation:group_size": " per group"}.get(fact.name, "")
    return f"{fact.value}{label}"


def _told(data: Mapping[str, JsonValue], path: str, keys: tuple[str, ...]) -> Iterator[Fact]:
    seen: set[str] = set()
    for key, name in _KEYS.items():
        value = data.get(key)
        number = as_int(value)
        content = number if number is not None else as_str(value)
        if content is not None and name not in seen:
            seen.add(name)
            told = clean(content, 60) if isinstance(content, str) else content
            yield Fact(name, told, Locator(path, key=".".join((*keys, key))))
    yield from _loaded(data, path, keys)
    if "quantisation:bits" not in seen:
        yield from _grouped(data, path, keys)


def _loaded(data: Mapping[str, JsonValue], path: str, keys: tuple[str, ...]) -> Iterator[Fact]:
    """bitsandbytes tells the bits by two switches."""
    for key, bits in (("load_in_4bit", 4), ("load_in_8bit", 8)):
        if as_bool(data.get(key)):
            yield Fact("quantisation:bits", bits, Locator(path, key=".".join((*keys, key))))


def _grouped(data: Mapping[str, JsonValue], path: str, keys: tuple[str, ...]) -> Iterator[Fact]:
    """compressed-tensors tells the bits inside its first group."""
    for group, value in sorted(as_dict(data.get("config_groups")).items())[:1]:
        weights = as_dict(as_dict(value).get("weights"))
        place = (*keys, "config_groups", clean(group, 40), "weights")
        for key, name in (("num_bits", "quantisation:bits"), ("group_size", "quantisation:group_size")):
            if (number := as_float(weights.get(key))) is not None:
                yield Fact(name, int(number), Locator(path, key=".".join((*place, key))))
