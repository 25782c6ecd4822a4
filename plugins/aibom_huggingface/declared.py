"""From configuration levels to the parts that a repository declares, with facts and declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aibom.formats.text import JsonValue, as_dict, as_list, as_str, clean
from aibom.model import Declaration, DeclarationKind, Fact, Locator, Role
from aibom_huggingface import quantisation
from aibom_huggingface.families import HEADED, PROJECTED, encoders_of_class
from aibom_huggingface.hubids import hub_id
from aibom_huggingface.level import KEY_ROLES, Level
from aibom_huggingface.roles import encoder_of, one_tower
from aibom_huggingface.slots import Slot, network, slot
from aibom_huggingface.tables import ordered_words

HYPERPARAMETERS = ordered_words(
    """hidden_size d_model n_embd embed_dim dim vt_hidden_size num_hidden_layers num_layers n_layer depth
    vt_num_hidden_layers encoder_layers decoder_layers num_attention_heads n_head num_heads
    vt_num_attention_heads encoder_attention_heads decoder_attention_heads num_key_value_heads
    multi_query_group_num head_dim intermediate_size ffn_hidden_size d_ff moe_intermediate_size
    vocab_size padded_vocab_size max_position_embeddings n_positions seq_length sliding_window
    rope_theta num_experts num_local_experts n_routed_experts n_shared_experts num_experts_per_tok
    experts_per_token num_nextn_predict_layers mtp_num_hidden_layers num_mtp_modules kv_lora_rank
    q_lora_rank tie_word_embeddings hidden_act patch_size image_size num_mel_bins out_hidden_size
    projection_dim"""
)
"""Keys of a configuration that are told as `hyperparameter:<key>`."""

EXPERT_KEYS = ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts", "num_moe_experts")
MTP_KEYS = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_modules", "mtp_num_layers")

LOADED_ELSEWHERE: dict[str, Role] = {
    # keys whose value names an encoder that is fetched by name at run time
    "mm_vision_tower": Role.VISION_ENCODER,
    "vision_tower": Role.VISION_ENCODER,
    "mm_audio_tower": Role.AUDIO_ENCODER,
    "audio_tower": Role.AUDIO_ENCODER,
    "speech_encoder": Role.AUDIO_ENCODER,
}


@dataclass(slots=True)
class Declared:
    """A part that the configuration names, as it is collected.

    `firm` is True where the configuration describes the network itself (its own sub-configuration,
    a count of experts), so that its absence from a readable tensor table is worth a finding.
    """

    slot: Slot
    firm: bool
    facts: list[Fact] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)


class DeclaredParts:
    """Declared parts by id, in the order in which they were named."""

    def __init__(self) -> None:
        self.by_id: dict[str, Declared] = {}

    def add(self, where: Slot, locator: Locator, *, firm: bool = False, facts: Iterable[Fact] = ()) -> None:
        """Name a part once more; facts and places add up."""
        entry = self.by_id.setdefault(where.id, Declared(where, firm))
        entry.firm = entry.firm or firm
        entry.facts += facts
        if locator not in entry.locators:
            entry.locators.append(locator)


def declare(
    parts: DeclaredParts, levels: Iterable[Level], prefix: str = "", fixed: Slot | None = None
) -> None:
    """Adds the parts that these levels of one configuration name.

    `prefix` qualifies every part (a sub-folder's name); with `fixed` every level belongs to that one
    part (the component of a pipeline).
    """
    everything = tuple(levels)
    for level in everything:
        own = fixed or level_slot(level, prefix)
        if own is not None:
            facts = [*level_facts(level), *_shared(level, everything)]
            firm = own.role is not Role.PROJECTOR and not (level.keys and one_tower(everything[0]))
            parts.add(own, _seen(level), firm=firm, facts=facts)
        if fixed is None:
            _add_inner(parts, level, everything, prefix)


def level_slot(level: Level, prefix: str = "") -> Slot | None:
    """The part that a level's trunk is, or None for a composed level."""
    qualifier = "-".join(piece for piece in (prefix, level.qualifier) if piece)
    if level.role is not None:
        return slot(level.role, qualifier)
    return None if level.keys or level.stems or not level.model_type else network(qualifier)


def _shared(level: Level, everything: tuple[Level, ...]) -> tuple[Fact, ...]:
    """A composed model tells the quantisation at its root: it speaks for the language model."""
    root = everything[0]
    told = root.role is None and level.role is Role.DECODER_CORE and "quantization_config" not in level.data
    return quantisation.of_config(root.data, root.path) if told else ()


def _seen(level: Level) -> Locator:
    keys = [key for key in ("model_type", "architectures", "hidden_size") if key in level.data]
    return level.locate(keys[0]) if keys else Locator(level.path, key=".".join(level.keys) or None)


def _add_inner(parts: DeclaredParts, level: Level, everything: tuple[Level, ...], prefix: str) -> None:
    """Embedding, experts, heads and encoders that a level implies beside its own trunk."""
    qualifier = "-".join(piece for piece in (prefix, level.qualifier) if piece)
    generative = level.role is Role.DECODER_CORE
    if generative or level.role is Role.TEXT_ENCODER:
        for key in ("vocab_size", "padded_vocab_size"):
            if level.number(key):
                parts.add(slot(Role.EMBEDDING, qualifier), level.locate(key), facts=_facts(level, (key,)))
                break
    if generative:
        _add_sparse(parts, level, qualifier)
    if not level.keys:
        _add_root(parts, level, everything, qualifier)


def _add_sparse(parts: DeclaredParts, level: Level, qualifier: str) -> None:
    for key in EXPERT_KEYS:
        if (level.number(key) or 0) > 1 and level.data.get("is_moe") is not False:
            shared = ("n_shared_experts", "num_experts_per_tok", "moe_intermediate_size")
            parts.add(
                slot(Role.EXPERTS, qualifier),
                level.locate(key),
                firm=True,
                facts=_facts(level, (key, *shared)),
            )
            parts.add(slot(Role.ROUTER, qualifier), level.locate(key))
            break
    for key in MTP_KEYS:
        if (level.number(key) or 0) > 0:
            parts.add(
                slot(Role.HEAD, qualifier, "mtp"), level.locate(key), firm=True, facts=_facts(level, (key,))
            )
            break


def _add_root(parts: DeclaredParts, level: Level, everything: tuple[Level, ...], qualifier: str) -> None:
    encoder = encoder_of(level)
    if encoder and not any(other.role is encoder for other in everything):
        parts.add(slot(encoder, qualifier), level.locate("model_type"), firm=True, facts=level_facts(level))
    if encoder and "decoder" not in level.stems:
        parts.add(slot(Role.DECODER_CORE, qualifier), _seen(level))
    if bridged := _bridged(everything):
        parts.add(slot(Role.PROJECTOR, qualifier), _seen(bridged))
    if level.role is Role.DECODER_CORE and "upsample_rates" in level.data:
        parts.add(slot(Role.VOCODER, qualifier), level.locate("upsample_rates"))
    for key, role in LOADED_ELSEWHERE.items():
        if isinstance(level.data.get(key), str):
            parts.add(slot(role, qualifier), level.locate(key), firm=True)
    _add_by_class(parts, level, everything, qualifier)


def _add_by_class(parts: DeclaredParts, level: Level, everything: tuple[Level, ...], qualifier: str) -> None:
    """What the architecture class alone says: encoders that it is composed with, and a head."""
    locator = level.locate("architectures")
    for name in level.architectures:
        told = Fact("architecture", name, locator)
        for role in encoders_of_class(name):
            if not any(other.role is role for other in everything) and not _disabled(level, role):
                parts.add(slot(role, qualifier), locator, firm=True, facts=(told,))
        if PROJECTED.search(name):
            parts.add(slot(Role.PROJECTOR, qualifier), locator, facts=(told,))
        if HEADED.search(name) and level.role is not Role.VOCODER:
            tied = _facts(level, ("tie_word_embeddings",))
            parts.add(slot(Role.HEAD, qualifier), locator, facts=(told, *tied))


def _bridged(everything: tuple[Level, ...]) -> Level | None:
    """The first encoder that a language model stands beside: something must map between the two."""
    if not any(level.role is Role.DECODER_CORE for level in everything):
        return None
    encoders = (Role.VISION_ENCODER, Role.AUDIO_ENCODER)
    return next((level for level in everything if level.keys and level.role in encoders), None)


def _disabled(level: Level, role: Role) -> bool:
    """Whether a sub-configuration of that role stands in the level and is null."""
    return any(
        level.data[key] is None for key in level.data if KEY_ROLES.get(key.removesuffix("_config")) is role
    )


def level_facts(level: Level) -> list[Fact]:
    """Model type, class, precision and hyperparameters of a level, each with its place."""
    facts: list[Fact] = []
    if level.model_type:
        facts.append(Fact("model_type", level.model_type, level.locate("model_type")))
    if level.architectures:
        facts.append(Fact("architecture", level.architectures[0], level.locate("architectures")))
    for key in ("dtype", "torch_dtype"):
        if value := as_str(level.data.get(key)):
            facts.append(Fact("dtype", clean(value, 40), level.locate(key)))
            break
    return [
        *facts,
        *quantisation.of_config(level.data, level.path, level.keys),
        *_facts(level, HYPERPARAMETERS),
    ]


def _facts(level: Level, keys: Iterable[str]) -> list[Fact]:
    facts = []
    for key in keys:
        value = level.data.get(key)
        if isinstance(value, str):
            value = clean(value, 80)
        if isinstance(value, str | int | float | bool):
            facts.append(Fact(f"hyperparameter:{key}", value, level.locate(key)))
    return facts


def declarations(
    levels: Iterable[Level], prefix: str = "", fixed: Slot | None = None
) -> Iterator[Declaration]:
    """What each level says of its descent.

    The root speaks for the whole model (`part` None); that of a sub-folder for the folder's first part.
    """
    everything = tuple(levels)
    slots = [fixed or level_slot(level, prefix) for level in everything]
    first = next((where for where in slots if where), None)
    for level, where in zip(everything, slots, strict=True):
        own = where if level.keys or fixed else (where or first if prefix else None)
        part = own.id if own else None
        if level.model_type:
            yield Declaration(DeclarationKind.MODEL_TYPE, level.model_type, level.locate("model_type"), part)
        for name in level.architectures:
            yield Declaration(DeclarationKind.ARCHITECTURE, name, level.locate("architectures"), part)
        for key, name in level.timm_models:
            yield Declaration(DeclarationKind.ARCHITECTURE, name, level.locate(key), part)
        yield from _parents(level, part, prefix)
        yield from auto_map(level.data, level.path, level.keys, part)


def _parents(level: Level, part: str | None, prefix: str) -> Iterator[Declaration]:
    for key in ("_name_or_path", "name_or_path", "model_name", "name_or_path_to_model"):
        if parent := hub_id(level.data.get(key)):
            yield Declaration(DeclarationKind.NAME_OR_PATH, parent, level.locate(key), part)
    for key, role in LOADED_ELSEWHERE.items():
        if parent := hub_id(level.data.get(key)):
            yield Declaration(DeclarationKind.NAME_OR_PATH, parent, level.locate(key), slot(role, prefix).id)


def auto_map(
    data: object, path: str, keys: tuple[str, ...] = (), part: str | None = None
) -> Iterator[Declaration]:
    """The remote code that a configuration names: `[org/name--]module.Class`, each once."""
    seen: set[str] = set()
    for name, value in as_dict(as_dict(data).get("auto_map")).items():  # type: ignore[arg-type]
        for target in _targets(value):
            if target not in seen and len(seen) < 64:
                seen.add(target)
                locator = Locator(path, key=".".join((*keys, "auto_map", clean(name, 80))))
                yield Declaration(DeclarationKind.AUTO_MAP, target, locator, part)


def _targets(value: JsonValue) -> tuple[str, ...]:
    """A class, or the pair of slow and fast tokenizer classes."""
    items = as_list(value) if isinstance(value, list) else [value]
    texts = (clean(text, 200) for item in items[:4] if (text := as_str(item)))
    return tuple(text for text in texts if re.fullmatch(r"[\w./-]+", text))
