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
    """

    model_type: str
    organisation: str | None = None
    checkpoint: str | None = None
    basis: str = ""
    classes: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


class Lineage:
    """Look-up of families. `prefixes` are module stems that may be followed by anything (`llama_custom`)."""

    def __init__(self, families: Iterable[Family], prefixes: Iterable[str] = ()) -> None:
        self._types: dict[str, Family] = {}
        self._classes: dict[str, Family] = {}
        self._modules: dict[str, Family] = {}
        self.all = tuple(families)
        self._prefixes = frozenset(prefixes)
        for family in self.all:
            for ident in (family.model_type, *family.subtypes):
                self._types.setdefault(ident, family)
            for name in family.classes:
                self._classes.setdefault(name, family)
            for module in family.modules:
                self._modules.setdefault(module, family)

    def family(self, model_type: str) -> Family | None:
        """The family whose configuration, or a nested one of it, carries that `model_type`."""
        return self._types.get(model_type)

    def family_of_class(self, class_name: str) -> Family | None:
        """The family that defines a class of that name (`DeepseekV3ForCausalLM`)."""
        return self._classes.get(class_name)

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


def decode(document: Any) -> Lineage:
    """The lineage that a built document (`lineage.json`) holds."""
    import msgspec

    return Lineage(
        msgspec.convert(document["families"], tuple[Family, ...]),
        msgspec.convert(document["prefixes"], tuple[str, ...]),
    )
