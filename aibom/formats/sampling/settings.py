"""How a model's configuration says that its weights are quantised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aibom.formats.text import JsonValue, as_bool, as_dict, as_int, as_list, as_str

KEYS = ("quantization_config", "compression_config")
"""Keys of a configuration that hold the settings."""


@dataclass(frozen=True, slots=True)
class Quantisation:
    """Settings in the libraries' own words; what is not stated is None or empty.

    Attributes:
        method: lower-case `quant_method` (`gptq`, `awq`, `bitsandbytes`, `fp8`, `compressed-tensors`, …).
        form: lower-case `checkpoint_format`, `format` or `version`.
        bits: of a code.
        group: input features that share a scale; all of them where the file says -1.
        block: rows and columns that share a scale.
        ordered: groups follow the order of the input features (`desc_act` false).
    """

    method: str = ""
    form: str = ""
    bits: int | None = None
    group: int | None = None
    block: tuple[int, int] | None = None
    ordered: bool = False


def quantisation_of(config: Mapping[str, JsonValue]) -> Quantisation | None:
    """The settings in a `config.json`, or in its text model's configuration; None where there are none."""
    for level in (config, as_dict(config.get("text_config"))):
        for key in KEYS:
            if data := as_dict(level.get(key)):
                return read_quantisation(data)
    return None


def read_quantisation(data: Mapping[str, JsonValue], method: str = "") -> Quantisation:
    """The settings in a `quantization_config`, or in a file of their own, whose `method` its name tells."""
    told = list(_weights(data)) or [data]
    words = (_word(data, key) for key in ("quant_method", "quant_algo"))
    forms = (_word(data, key) for key in ("checkpoint_format", "format", "version"))
    return Quantisation(
        method=next(filter(None, words), method),
        form=next(filter(None, forms), ""),
        bits=_agreed(told, "bits", "w_bit", "num_bits"),
        group=_agreed(told, "group_size", "q_group_size"),
        block=_block(data, told),
        ordered=as_bool(data.get("desc_act")) is False,
    )


def _weights(data: Mapping[str, JsonValue]) -> Iterator[Mapping[str, JsonValue]]:
    """The settings of each group of compressed-tensors or ModelOpt."""
    for _, group in sorted(as_dict(data.get("config_groups")).items()):
        if weights := as_dict(as_dict(group).get("weights")):
            yield weights


def _word(data: Mapping[str, JsonValue], key: str) -> str:
    return (as_str(data.get(key)) or "").lower()[:60]


def _agreed(told: list[Mapping[str, JsonValue]], *keys: str) -> int | None:
    """The number that all groups give, or None."""
    found = {next((n for key in keys if (n := as_int(one.get(key))) is not None), None) for one in told}
    return found.pop() if len(found) == 1 else None


def _block(data: Mapping[str, JsonValue], told: list[Mapping[str, JsonValue]]) -> tuple[int, int] | None:
    for value in (data.get("weight_block_size"), *(one.get("block_structure") for one in told)):
        sizes = [size for item in as_list(value) if (size := as_int(item)) is not None and size > 0]
        if len(sizes) == 2:
            return sizes[0], sizes[1]
    return None
