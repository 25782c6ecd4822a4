"""What a tensor's name tells of a matrix: what it does, in which layer, of which expert."""

from __future__ import annotations

import re

from aibom.model.weights import WeightKind
from aibom.model.weights import WeightKind as Kind

_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.POSITION,
        r"embed_positions?|position_embedd?ings?|position_embds?|wpe|pos_embed\w*|pos_emb\w*|inv_freq"
        r"|rotary\w*|rope\w*|relative_attention_bias|relative_position\w*|positional_embedding|class_embedding"
        r"|token_type_embeddings|token_types|mel_filters?",
    ),
    (
        Kind.NORM,
        r"\w*norm\w*|ln_?\d*|ln_\w+|layer_?scale\w*|ls\d|gamma|beta|\w+_layernorm|layernorm\w*|bn\d*|gn\d*",
    ),
    (Kind.ROUTER, r"router\w*|gate_network|ffn_gate_inp\w*|wg"),
    (Kind.EMBEDDING, r"embed_tokens?|wte|word_embeddings?|tok_embeddings?|token_embd|token_embedding|shared"),
    (Kind.HEAD, r"lm_head|output_layer|embed_out|score|classifier|proj_out_head"),
    (Kind.PATCH, r"patch_embed\w*|patch_embd|patch_conv|v_patch_embd"),
    (
        Kind.LATENT,
        r"q_a_proj|q_b_proj|kv_a_proj\w*|kv_b_proj|attn_q_a|attn_q_b|attn_kv_a\w*|attn_k[v_]*b|wkv\w*",
    ),
    (Kind.QUERY, r"q_proj|query|wq|attn_q|to_q|q_lin|q"),
    (Kind.KEY, r"k_proj|key|wk|attn_k|to_k|k_lin|k"),
    (Kind.VALUE, r"v_proj|value|wv|attn_v|to_v|v_lin|v"),
    (Kind.OUTPUT, r"o_proj|out_proj|wo|attn_output|to_out|out_lin|proj_attn|o"),
    (Kind.GATE, r"gate_proj|gate_up_proj|w1|ffn_gate\w*|wi_0"),
    (Kind.DOWN, r"down_proj|w2|fc2|ffn_down\w*|dense_4h_to_h|lin2|linear2|wo_ff"),
    (Kind.UP, r"up_proj|w3|fc1|ffn_up\w*|dense_h_to_4h|c_fc|lin1|linear1|wi_1|wi"),
    (Kind.CONVOLUTION, r"conv\w*|downsamplers?|upsamplers?"),
)
_SEGMENT = tuple((kind, re.compile(rf"(?:{pattern})\Z", re.IGNORECASE)) for kind, pattern in _KINDS)
_ENDINGS = frozenset({"weight", "qweight", "weight_packed", "kernel", "embedding", "data"})
_PAIRS: tuple[tuple[str, Kind], ...] = (
    ("attention.output.dense", Kind.OUTPUT),
    ("intermediate.dense", Kind.UP),
    ("output.dense", Kind.DOWN),
    ("attn.c_proj", Kind.OUTPUT),
    ("mlp.c_proj", Kind.DOWN),
    ("self_attention.dense", Kind.OUTPUT),
    ("attention.dense", Kind.OUTPUT),
    ("attn.proj", Kind.OUTPUT),
    ("mlp.gate", Kind.ROUTER),
    ("block_sparse_moe.gate", Kind.ROUTER),
    ("to_out.0", Kind.OUTPUT),
    ("ff.net.0.proj", Kind.UP),
    ("ff.net.2", Kind.DOWN),
)
_NUMBER = re.compile(r"(?<![^./])\d{1,6}(?![^./])")
_LAYER = re.compile(r"(?:^|[./])(?:layers?|h|blocks?|blk|resblocks)[./](\d{1,6})(?![^./])")
_EXPERT = re.compile(r"(?:experts?|mlp_experts)[./](\d{1,6})(?![^./])")


def kind_of(name: str) -> WeightKind:
    """What a matrix does, by the last words of its name; `other` where they are not known.

    A name that is `output` alone is the head of Llama's own checkpoints and of GGUF.
    """
    words = [word for word in re.split(r"[./]", name.removesuffix("_blocks")) if word]
    while words and (words[-1].lower() in _ENDINGS):
        words.pop()
    stem = ".".join(words).lower()
    if stem == "output":
        return Kind.HEAD
    for ending, kind in _PAIRS:
        if stem == ending or stem.endswith(f".{ending}"):
            return kind
    telling = [word for word in words if not word.isdigit()][-2:]
    for word in reversed(telling):
        for kind, pattern in _SEGMENT:
            if pattern.match(word):
                return kind
    return Kind.OTHER


def place_of(name: str) -> tuple[int | None, int | None]:
    """(layer, expert): the number behind a word for layers, else the first; and the one behind `experts`."""
    expert, layer = _EXPERT.search(name), _layer_of(name)
    return (int(name[slice(*layer)]) if layer else None), (int(expert[1]) if expert else None)


def block_of(name: str) -> str | None:
    """The name up to the number of its layer: `down_blocks.0` and `up_blocks.0` are two, and both layer 0."""
    layer = _layer_of(name)
    return name[: layer[1]] if layer else None


def _layer_of(name: str) -> tuple[int, int] | None:
    """Where the number of the layer stands in a name; None where there is none but that of an expert."""
    named, expert = _LAYER.search(name), _EXPERT.search(name)
    if named:
        return named.span(1)
    first = _NUMBER.search(name)
    if first is None or (expert and first.start() == expert.start(1)):
        return None
    return first.span()


def folded_name(name: str) -> str:
    """The name with every number folded to `#`: equal for the same matrix of all layers."""
    return _NUMBER.sub("#", name)
