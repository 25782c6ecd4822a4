"""Rules that read a part off a tensor's name, as data.

A name is a dotted path of module names. Rules look at its segments in order, so that a scope
(`vision_tower`) decides for all that lies below it. Read off the module names of transformers 5.23,
of the original checkpoints of Meta, Mistral, OpenAI and DeepSeek, and of the field kit.
"""

from __future__ import annotations

import re

from aibom.model import Role

SCOPES: tuple[tuple[str, Role | None, str], ...] = (
    # segment pattern, role of all below, qualifier. None: a language model, its role is the context's.
    (r"(?:high_res_)?(?:vision|visual|image|img)_?(?:tower|model|encoder|backbone|transformer|processor|embed)?s?\d?",
     Role.VISION_ENCODER, ""),
    (r"vision_embed_tokens|vit|sam_model|clip_model|siglip|vpm|pixel_encoder", Role.VISION_ENCODER, ""),
    (r"gen_vision_model|vqmodel|vq_model|vqgan|vae|first_stage_model", Role.VAE, ""),
    (r"(?:audio|speech|whisper|sound|acoustic)_?(?:tower|model|encoder|backbone|embed)?s?|apm|mm_whisper_embeddings"
     r"|(?:continuous|discrete)_audio_model", Role.AUDIO_ENCODER, ""),
    (r"token2wav|code2wav|vocoder|hifi_?gan|bigvgan|codec_model|audio_decoder|speech_decoder|mimi|codec",
     Role.VOCODER, ""),
    (r"text_encoder|cond_stage_model|conditioner|question_encoder|ctx_encoder", Role.TEXT_ENCODER, ""),
    (r"talker", Role.DECODER_CORE, "talker"),
    (r"coarse_acoustics", Role.DECODER_CORE, "coarse-acoustics"),
    (r"fine_acoustics", Role.DECODER_CORE, "fine-acoustics"),
    (r"depth_decoder", Role.DECODER_CORE, "depth-decoder"),
    (r"diffusion_model|unet|diffusion_head|prediction_head", Role.DENOISER, ""),
    (r"(?:language|text|llm|lm|t2t)(?:_model|_decoder)?|llm|thinker|text_model", None, ""),
)  # fmt: skip

PROJECTOR_SEGMENT = (
    r"(?:\w+_)?(?:projector|merger|aligner|connector|resampler|abstractor|qformer|modality_projection)(?:_\w+)?"
    r"|(?:multi_modal|multimodal|mm|visual|vision|image|img|video|text|audio|speech|language|glb|encoder_decoder"
    r"|modal|hidden|thinker_to_talker|enc_to_dec)_(?:proj|projection|adapter|adaptor|proj_norm)s?"
    r"|vision_language_adapter|audio_language_adapter|pre_mm_projector_norm|query_tokens|perceiver"
    r"|image_newline|view_sep\w*|glb_GN|sub_GN|logit_scale|logit_bias|embed_vision|embed_audio|\w+_soft_emb_norm"
)
"""A module between two modalities. Looked for before any layer number, so that a block keeps its own."""

ENCODER_PROJECTIONS: dict[Role, str] = {
    # what stands at the end of an encoder and maps into the language model's width
    Role.VISION_ENCODER: r"merger|deepstack_merger_list|attn_pool|patch_merger|img_projection\w*",
    Role.AUDIO_ENCODER: r"proj\d?|audio_projection\w*|adapter",
}

AUDIO_WORD = re.compile(r"audio|speech|sound|whisper|acoustic")

TOP_PROJECTORS = re.compile(r"mlp1\.|custom_text_proj\.|embedding_proj\w*\.|mlp_AR\.")
"""Projectors whose names mean something else further down (InternVL's `mlp1`)."""

EMBEDDING_SEGMENT = (
    r"embed_tokens\w*|wte|wpe|word_embeddings?|tok_embeddings|token_embeddings?|shared|embed_in|embeddings?|embed"
    r"|emb|embed_positions|position_embeddings|embeddings_project|embedding_hidden_mapping_in|tokens_embed"
    r"|lang_embeddings|layer_norm_emb|embeddings_layernorm|word_embeddings_layernorm|code_embeddings|text_emb"
    r"|per_layer_model_projection|per_layer_projection_norm|input_embeds_layer|codec_embedding"
    r"|text_embedding|model_embed|bos_embed"
)
"""Token and position embeddings of a language model. Before any layer number."""

HEAD_SEGMENT = (
    r"(?:\w+_)?(?:lm_)?heads?(?:_\w+)?|embed_out|output_layer|output|proj_out|cls|classifier|score|qa_outputs|"
    r"qa_classifier|predictions|generator_predictions|discriminator_predictions|vocab_\w+|pre_classifier|"
    r"\w+_classifier|bbox_predictor|final_logits_bias|logits_dense|lm_logits|reward|seq_relationship|out_proj_head|"
    r"unembedding|pooler_start|answer_class|start_logits|end_logits|generator_lm_head|classification_head"
)
"""Output layers. Before any layer number."""

EXPERT_SEGMENT = (
    r"(?:moe_|routed_|local_|shared_|share_|sparse_|fused_|mlp_)?experts?(?:_\d+)?|shared_mlp|deepspeed_moe"
)
"""Expert networks of a sparse layer, shared ones included. At any depth."""

FUSED_EXPERTS = re.compile(
    r"\.(?:block_sparse_moe|moe)\.(?:input_linear|output_linear|gate_proj|up_proj|down_proj)\b"
)
"""Experts fused into one tensor without a segment of their own (Granite MoE, Step)."""

ROUTER = re.compile(
    r"\.(?:router|shared_expert_gate|moe_statics|gate\.wg|e_score_correction_bias|router_bias|expert_bias|correction_bias)\b"
    r"|\.(?:mlp|block_sparse_moe|moe|feed_forward|ffn|mixer|sparse_moe|moe_layer)\.gate\.(?!proj)"
    r"|\.(?:block_sparse_moe|moe)\.(?:gate|router)\b"
)
"""What chooses the experts; read only where the model has experts."""

MTP_SEGMENT = r"mtp\w*|nextn\w*|multi_token_prediction\w*|medusa\w*|model_mtp"
"""Multi-token-prediction heads under a name of their own."""

MTP_MARK = re.compile(r"\.layers\.(\d{1,9})\.(?:eh_proj|enorm|hnorm|shared_head)\b")
"""DeepSeek's form: an extra layer after the last, recognised by its joining projection."""

CORE_SEGMENT = (
    r"model|transformer|backbone|decoder|encoder|layers|layer|h|blocks|block|norm\w*|final_\w*norm\w*|ln_f|ln_\w*"
    r"|weight|bias|inv_freq|gpt_neox|rotary_\w*|rope\w*|stack|module|base_model|_orig_mod|trunk|final_norm|norm_f|lm|_fsdp_wrapped_module"
)
"""Segments that a language model without a scope of its own is made of, in a composed model."""

ENCODER_SCOPES = frozenset({"encoder", "encoders"})
DECODER_SCOPES = frozenset({"decoder", "text_decoder", "decoders"})
"""The two halves of an encoder-decoder."""

LAYER_NUMBER = re.compile(r"\.layers\.(\d{1,9})\.")
TOP_HEADS = re.compile(r"decoder\.(?:weight|bias)$")
"""Output layers whose names mean something else elsewhere (ModernBERT)."""

LAYER_HINTS: tuple[tuple[str, Role], ...] = (
    # without a configuration, the shape of the block names tells the network; first match wins
    (r"(^|\.)(?:vit|vision_model|visual)\.", Role.VISION_ENCODER),
    (r"(^|\.)feature_extractor\.conv_layers\.", Role.AUDIO_ENCODER),
    (r"(^|\.)encoder\.layers?\.\d+\.(?:attention\.self|attn\.Wqkv|attention\.(?:attn|output)|mlp\.)",
     Role.TEXT_ENCODER),
    (r"(^|\.)(?:down_blocks|mid_block|up_blocks)\.", Role.DENOISER),
    (r"(^|\.)(?:single_)?transformer_blocks\.\d+\.", Role.DENOISER),
    (r"(^|\.)(?:layers|h|blocks)\.\d+\.(?:self_attn|attn|attention|mlp|linear_attn|mixer|self_attention)\b",
     Role.DECODER_CORE),
)  # fmt: skip
