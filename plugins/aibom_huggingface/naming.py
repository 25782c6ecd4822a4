"""Rules that read a part off a tensor's name, as data.

A name is a dotted path of module names. Rules look at its segments in order, so that a scope
(`vision_tower`) decides for all that lies below it. Read off the module names of transformers 5.23,
of the original checkpoints of Meta, Mistral, OpenAI and DeepSeek, and of the field kit. Every table
but those that say otherwise matches one whole segment.
"""

from __future__ import annotations

import re

from aibom.model import Role
from aibom_huggingface.tables import alternatives

SCOPES: tuple[tuple[str, Role | None, str], ...] = (
    # segment, role of all below, qualifier. None: a language model, whose role the context gives.
    (
        alternatives(
            r"""(?:vision|visual|image|img|video)_?(?:tower|model|encoder|backbone)?s?\d?
            (?:vision|image|img)_(?:transformer|processor|embed) high_res_vision\w*
            vit sam_model clip_model siglip vpm pixel_encoder"""
        ),
        Role.VISION_ENCODER,
        "",
    ),
    (alternatives("gen_vision_model vqmodel vq_model vqgan vae first_stage_model"), Role.VAE, ""),
    (
        alternatives(
            r"""(?:audio|speech|whisper|sound|acoustic)_?(?:tower|model|encoder(?:_model)?|backbone|embed)?s?
            (?:semantic|acoustic)_(?:tokenizer_)?(?:encoder|model) perception apm
            mm_whisper_embeddings (?:continuous|discrete)_audio_model"""
        ),
        Role.AUDIO_ENCODER,
        "",
    ),
    (
        alternatives(
            "token2wav code2wav vocoder hifi_?gan bigvgan codec_model codec mimi (?:audio|acoustic)_decoder"
        ),
        Role.VOCODER,
        "",
    ),
    (
        alternatives(
            "text_encoder(?:_model)? cond_stage_model conditioner text_backbone (?:question|ctx)_encoder"
        ),
        Role.TEXT_ENCODER,
        "",
    ),
    ("talker", Role.DECODER_CORE, "talker"),
    ("coarse_acoustics", Role.DECODER_CORE, "coarse-acoustics"),
    ("fine_acoustics", Role.DECODER_CORE, "fine-acoustics"),
    ("depth_decoder", Role.DECODER_CORE, "depth-decoder"),
    (alternatives("diffusion_model unet diffusion_head prediction_head"), Role.DENOISER, ""),
    (alternatives("(?:language|text|llm|lm)(?:_model|_decoder)? thinker semantic"), None, ""),
    (alternatives(r"flow conformer_layers (?:duration|pitch|energy)_\w+ posterior_encoder"), None, ""),
)

ENCODER_SCOPE = r"(?:\w+_)?encoders?(?:_model)?"
DECODER_SCOPE = r"(?:\w+_)?decoders?(?:_model)?"
"""The two halves of an encoder-decoder; read only where the configuration describes one."""

PROJECTOR_SEGMENT = alternatives(
    r"""(?:\w+_)?(?:projector|merger|aligner|connector|resampler|abstractor|qformer)(?:_\w+)?
    (?:\w+_)?modality_projection
    (?:multi_modal|multimodal|modal|mm|visual|vision|image|img|video|glb)_(?:proj|projection|adaptor)s?
    (?:multi_modal|multimodal|modal|mm|visual|vision)_adapters?
    (?:text|audio|speech|language|hidden|encoder_decoder|enc_to_dec|thinker_to_talker)_(?:proj|projection)s?
    vision_language_adapter audio_language_adapter pre_mm_projector_norm mm_proj_norm
    \w+_to_\w+_(?:proj|projection) patch_merge_mlp visual_embeddings_table
    query_tokens perceiver image_newline view_sep\w* glb_GN sub_GN
    logit_scale\w* logit_bias temperature cross_modal\w*
    vision_embed_tokens embed_vision embed_audio \w+_soft_emb_norm"""
)
"""A module between two modalities. Looked for before any layer number, so that a block keeps its own."""

ENCODER_PROJECTIONS: dict[Role, str] = {
    # what stands right below an encoder and maps into the language model's width
    Role.VISION_ENCODER: alternatives(
        r"merger deepstack_merger_list attn_pool patch_merger img_projection\w*"
    ),
    Role.AUDIO_ENCODER: alternatives(r"proj\d? audio_projection\w* adapter"),
}

AUDIO_WORD = re.compile(r"audio|speech|sound|whisper|acoustic")
"""Found anywhere in a projector's path, it maps from an audio encoder."""

TOP_PROJECTORS = re.compile(r"(?:mlp1|custom_text_proj|embedding_proj\w*|mlp_AR)\.")
"""The start of a whole name: projectors whose names mean something else further down."""

EMBEDDING_SEGMENT = alternatives(
    r"""embed_(?:\w+_)?tokens\w* wte wpe word_embeddings? tok_embeddings token_embeddings? shared embed_in
    embeddings? embed emb embed_positions position_embeddings embeddings_project tokens_embed
    embedding_hidden_mapping_in lang_embeddings layer_norm_emb embeddings_layernorm
    word_embeddings_layernorm code_embeddings text_emb text_embedding codec_embedding
    per_layer_model_projection per_layer_projection_norm model_embed bos_embed
    input_embeds_layer generation_embeddings token_type_embeddings"""
)
"""Token and position embeddings of a language model. Before any layer number."""

HEAD_SEGMENT = alternatives(
    r"""(?:\w+_)?(?:lm_)?heads?(?:_\w+)? embed_out output_layer output proj_out cls classifier score
    qa_outputs qa_classifier predictions generator_predictions discriminator_predictions vocab_\w+
    pre_classifier \w+_classifier bbox_predictor final_logits_bias logits_dense lm_logits reward
    seq_relationship unembedding answer_class start_logits end_logits"""
)
"""Output layers. Before any layer number."""

TOP_HEADS = re.compile(r"decoder\.(?:weight|bias)$")
"""A whole name: output layers whose names mean something else elsewhere (ModernBERT)."""

EXPERT_SEGMENT = alternatives(
    r"(?:moe_|routed_|local_|shared_|share_|sparse_|fused_|mlp_)?experts?(?:_\d+)? shared_mlp deepspeed_moe"
)
"""Expert networks of a sparse layer, shared ones included. At any depth."""

FUSED_EXPERTS = re.compile(
    r"\.(?:block_sparse_moe|moe)\.(?:input_linear|output_linear|gate_proj|up_proj|down_proj)\b"
)
"""Anywhere: experts fused into one tensor without a segment of their own (Granite MoE, Step)."""

ROUTER = re.compile(
    r"\.(?:router|shared_expert_gate|moe_statics|gate\.wg|e_score_correction_bias|\w*correction_bias)\b"
    r"|\.(?:router_bias|expert_bias)\b"
    r"|\.(?:mlp|block_sparse_moe|moe|feed_forward|ffn|mixer|sparse_moe|moe_layer)\.gate\.(?!proj)"
    r"|\.(?:block_sparse_moe|moe)\.(?:gate|router)\b"
)
"""Anywhere: what chooses the experts; read only where the model has experts."""

MTP_SEGMENT = alternatives(r"mtp\w* nextn\w* multi_token_prediction\w* medusa\w* model_mtp")
"""Multi-token-prediction heads under a name of their own."""

LAYER_NUMBER = re.compile(r"\.layers\.(\d{1,9})\.")
MTP_MARK = re.compile(r"\.layers\.(\d{1,9})\.(?:eh_proj|enorm|hnorm|shared_head)\b")
"""DeepSeek's form: an extra layer after the last, recognised by its joining projection."""

CORE_SEGMENT = alternatives(
    r"""model transformer backbone(?:_model)? decoder encoder layers layer h blocks block stack trunk lm
    gated_cross_attn_layers
    norm\w* final_\w*norm\w* ln_\w* gpt_neox rotary_\w* rope\w* weight bias inv_freq
    module base_model _orig_mod _fsdp_wrapped_module"""
)
"""Segments that a language model without a scope of its own is made of, in a composed model."""

WAVE_DECODER = re.compile(r"decoder\.(?:conv_pre|upsampler|resblocks|conv_post)\b")
"""The start of a whole name: a HiFi-GAN inside a speech synthesiser (VITS)."""

LAYER_HINTS: tuple[tuple[str, Role], ...] = (
    # anywhere; without a configuration, the names of the blocks tell the network; first match wins
    (r"(^|\.)(?:vit|vision_model|visual)\.", Role.VISION_ENCODER),
    (r"(^|\.)feature_extractor\.conv_layers\.", Role.AUDIO_ENCODER),
    (
        r"(^|\.)encoder\.layers?\.\d+\.(?:attention\.self|attn\.Wqkv|attention\.(?:attn|output)|mlp\.)",
        Role.TEXT_ENCODER,
    ),
    (r"(^|\.)(?:down_blocks|mid_block|up_blocks)\.", Role.DENOISER),
    (r"(^|\.)(?:single_)?transformer_blocks\.\d+\.", Role.DENOISER),
    (
        r"(^|\.)(?:layers|h|blocks)\.\d+\.(?:self_attn|attn|attention|self_attention|linear_attn|mlp|mixer)\b",
        Role.DECODER_CORE,
    ),
)
