"""Tensor names and (tiny) shapes of the families that the examples are shaped after."""

from __future__ import annotations

Shapes = dict[str, tuple[int, ...]]

HIDDEN = 32
VOCABULARY = 256


def decoder(prefix: str, layers: int, *, attention: str = "grouped", moe_from: int | None = None) -> Shapes:
    """A llama-like decoder; `attention` is grouped, normed or latent, the MLP dense or of experts."""
    shapes: Shapes = {f"{prefix}embed_tokens.weight": (VOCABULARY, HIDDEN)}
    for number in range(layers):
        layer = f"{prefix}layers.{number}."
        shapes |= _ATTENTION[attention](layer)
        shapes |= _experts(layer) if moe_from is not None and number >= moe_from else _mlp(f"{layer}mlp.")
        shapes[f"{layer}input_layernorm.weight"] = (HIDDEN,)
        shapes[f"{layer}post_attention_layernorm.weight"] = (HIDDEN,)
    shapes[f"{prefix}norm.weight"] = (HIDDEN,)
    return shapes


def _grouped_attention(layer: str) -> Shapes:
    return {
        f"{layer}self_attn.q_proj.weight": (HIDDEN, HIDDEN),
        f"{layer}self_attn.k_proj.weight": (16, HIDDEN),
        f"{layer}self_attn.v_proj.weight": (16, HIDDEN),
        f"{layer}self_attn.o_proj.weight": (HIDDEN, HIDDEN),
    }


def _normed_attention(layer: str) -> Shapes:
    """Grouped-query attention that normalises queries and keys."""
    norms = {f"{layer}self_attn.q_norm.weight": (8,), f"{layer}self_attn.k_norm.weight": (8,)}
    return _grouped_attention(layer) | norms


def _latent_attention(layer: str) -> Shapes:
    """DeepSeek-V3's attention with low-rank queries, keys and values."""
    return {
        f"{layer}self_attn.q_a_proj.weight": (16, HIDDEN),
        f"{layer}self_attn.q_a_layernorm.weight": (16,),
        f"{layer}self_attn.q_b_proj.weight": (48, 16),
        f"{layer}self_attn.kv_a_proj_with_mqa.weight": (12, HIDDEN),
        f"{layer}self_attn.kv_a_layernorm.weight": (8,),
        f"{layer}self_attn.kv_b_proj.weight": (64, 8),
        f"{layer}self_attn.o_proj.weight": (HIDDEN, 32),
    }


_ATTENTION = {"grouped": _grouped_attention, "normed": _normed_attention, "latent": _latent_attention}


def _mlp(scope: str, width: int = 64) -> Shapes:
    return {
        f"{scope}gate_proj.weight": (width, HIDDEN),
        f"{scope}up_proj.weight": (width, HIDDEN),
        f"{scope}down_proj.weight": (HIDDEN, width),
    }


def _experts(layer: str, count: int = 4) -> Shapes:
    shapes: Shapes = {
        f"{layer}mlp.gate.weight": (count, HIDDEN),
        f"{layer}mlp.gate.e_score_correction_bias": (count,),
    }
    for number in range(count):
        shapes |= _mlp(f"{layer}mlp.experts.{number}.", 16)
    return shapes | _mlp(f"{layer}mlp.shared_experts.", 16)


def head(name: str = "lm_head.weight") -> Shapes:
    """The output projection."""
    return {name: (VOCABULARY, HIDDEN)}


def next_token_head(layer: str) -> Shapes:
    """DeepSeek-V3's multi-token-prediction layer, which stands behind the last decoder layer."""
    return {
        f"{layer}enorm.weight": (HIDDEN,),
        f"{layer}hnorm.weight": (HIDDEN,),
        f"{layer}eh_proj.weight": (HIDDEN, 2 * HIDDEN),
        **_latent_attention(layer),
        **_mlp(f"{layer}mlp."),
        f"{layer}shared_head.norm.weight": (HIDDEN,),
        f"{layer}shared_head.head.weight": (VOCABULARY, HIDDEN),
    }


def qwen_vision_encoder(prefix: str, blocks: int) -> Shapes:
    """Qwen2.5-VL's vision transformer with its merger."""
    shapes: Shapes = {f"{prefix}patch_embed.proj.weight": (24, 3, 2, 4, 4)}
    for number in range(blocks):
        block = f"{prefix}blocks.{number}."
        shapes |= {
            f"{block}norm1.weight": (24,),
            f"{block}norm2.weight": (24,),
            f"{block}attn.qkv.weight": (72, 24),
            f"{block}attn.qkv.bias": (72,),
            f"{block}attn.proj.weight": (24, 24),
            f"{block}attn.proj.bias": (24,),
            f"{block}mlp.gate_proj.weight": (48, 24),
            f"{block}mlp.up_proj.weight": (48, 24),
            f"{block}mlp.down_proj.weight": (24, 48),
        }
    return shapes


def whisper_encoder(prefix: str, layers: int) -> Shapes:
    """The audio encoder of Whisper: two convolutions, then transformer layers."""
    shapes: Shapes = {
        f"{prefix}conv1.weight": (24, 16, 3),
        f"{prefix}conv1.bias": (24,),
        f"{prefix}conv2.weight": (24, 24, 3),
        f"{prefix}conv2.bias": (24,),
        f"{prefix}embed_positions.weight": (60, 24),
    }
    for number in range(layers):
        layer = f"{prefix}layers.{number}."
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes[f"{layer}self_attn.{name}.weight"] = (24, 24)
        shapes |= {
            f"{layer}self_attn_layer_norm.weight": (24,),
            f"{layer}fc1.weight": (48, 24),
            f"{layer}fc2.weight": (24, 48),
            f"{layer}final_layer_norm.weight": (24,),
        }
    return shapes | {f"{prefix}layer_norm.weight": (24,)}


def clip_text_encoder() -> Shapes:
    """The text tower of CLIP as diffusion pipelines carry it."""
    shapes: Shapes = {
        "text_model.embeddings.token_embedding.weight": (VOCABULARY, HIDDEN),
        "text_model.embeddings.position_embedding.weight": (16, HIDDEN),
    }
    layer = "text_model.encoder.layers.0."
    for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
        shapes[f"{layer}self_attn.{name}.weight"] = (HIDDEN, HIDDEN)
    return shapes | {
        f"{layer}mlp.fc1.weight": (64, HIDDEN),
        f"{layer}mlp.fc2.weight": (HIDDEN, 64),
        "text_model.final_layer_norm.weight": (HIDDEN,),
    }


def unet() -> Shapes:
    """The denoiser of latent diffusion, cut to one block a side."""
    return {
        "conv_in.weight": (16, 4, 3, 3),
        "time_embedding.linear_1.weight": (32, 16),
        "down_blocks.0.resnets.0.conv1.weight": (16, 16, 3, 3),
        "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight": (16, HIDDEN),
        "mid_block.resnets.0.conv1.weight": (16, 16, 3, 3),
        "up_blocks.0.resnets.0.conv1.weight": (16, 32, 3, 3),
        "conv_out.weight": (4, 16, 3, 3),
    }


def autoencoder() -> Shapes:
    """The variational autoencoder of latent diffusion."""
    return {
        "encoder.conv_in.weight": (16, 3, 3, 3),
        "encoder.conv_out.weight": (8, 16, 3, 3),
        "quant_conv.weight": (8, 8, 1, 1),
        "post_quant_conv.weight": (4, 4, 1, 1),
        "decoder.conv_in.weight": (16, 4, 3, 3),
        "decoder.conv_out.weight": (3, 16, 3, 3),
    }
