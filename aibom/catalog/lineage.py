"""Which organisation developed a model family: by model type, class name or module name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Family:
    """A family of models that one organisation developed and published.

    Attributes:
        model_type: the `model_type` of its configuration.
        organisation: registry id, `hub:<namespace>` where the registry does not know the
            namespace, or None where no developer is known (generic wrappers).
        checkpoint: Hub id of a checkpoint that its reference code names.
        basis: what the organisation rests on.
        classes: names of its classes.
        subtypes: other model types of the same family (`qwen2_5_vl_vision`).
        modules: stems of its modules (`qwen2_5_vl` for `modeling_qwen2_5_vl`).
        networks: names of its models in timm (`vit_base_patch16_siglip_224`).
    """

    model_type: str
    organisation: str | None = None
    checkpoint: str | None = None
    basis: str = ""
    classes: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


class Lineage:
    """Look-up of families. `prefixes` are module stems that may be followed by anything (`llama_custom`).

    A later family of a known model type adds its names to the earlier one.
    """

    def __init__(self, families: Iterable[Family], prefixes: Iterable[str] = ()) -> None:
        self._types: dict[str, Family] = {}
        self._classes: dict[str, Family] = {}
        self._modules: dict[str, Family] = {}
        self._networks: dict[str, Family] = {}
        self._prefixes = frozenset(prefixes)
        for each in families:
            family = self._types.get(each.model_type, each)
            for name in each.networks:
                self._networks.setdefault(name, family)
            for ident in (each.model_type, *each.subtypes):
                self._types.setdefault(ident, family)
            for name in each.classes:
                self._classes.setdefault(name, family)
            for module in each.modules:
                self._modules.setdefault(module, family)
        self.all = tuple(dict.fromkeys(self._types.values()))

    def family(self, model_type: str) -> Family | None:
        """The family whose configuration, or a nested one of it, carries that `model_type`."""
        return self._types.get(model_type)

    def family_of_class(self, class_name: str) -> Family | None:
        """The family that defines a class of that name (`DeepseekV3ForCausalLM`)."""
        return self._classes.get(class_name)

    def family_of_network(self, name: str) -> Family | None:
        """The family of a model of timm, with or without its tag (`vit_base_patch16_siglip_224.webli`)."""
        return self._networks.get(name.rsplit("/", 1)[-1].split(".", 1)[0])

    def family_of_module(self, module_name: str) -> Family | None:
        """The family that a module's name names: `modeling_glm4_moe`, `pkg.configuration_deepseek.py`.

        The whole stem counts, else its longest leading piece (at underscores) that is distinctive:
        one that carries a version digit, or is listed as a prefix. `modeling_beam_search` names nobody.
        """
        stem = module_name.removesuffix(".py").rsplit(".", 1)[-1].rsplit("/", 1)[-1]
        for kind in _MODULE_KINDS:
            if stem.startswith(kind):
                return self._by_stem(stem.removeprefix(kind))
        return None

    def _by_stem(self, stem: str) -> Family | None:
        if stem in self._modules:
            return self._modules[stem]
        pieces = stem.split("_")
        for count in range(len(pieces) - 1, 0, -1):
            head = "_".join(pieces[:count])
            if head in self._modules and (head in self._prefixes or any(map(str.isdigit, head))):
                return self._modules[head]
        return None


_MODULE_KINDS = (
    "configuration_",
    "modeling_",
    "modular_",
    "tokenization_",
    "image_processing_",
    "processing_",
)


def decode(*documents: Any) -> Lineage:
    """The lineage that built documents (`lineage.json`, then what other libraries add) hold."""
    import msgspec

    return Lineage(
        msgspec.convert([row for each in documents for row in each["families"]], tuple[Family, ...]),
        msgspec.convert([name for each in documents for name in each["prefixes"]], tuple[str, ...]),
    )
