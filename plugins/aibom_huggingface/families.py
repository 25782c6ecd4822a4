"""What a `model_type` or a class name says about the kind of network, as data.

Read off the auto-model tables of transformers 5.23 (which task mapping names which model type).
A type that is not listed here falls back to the suffix of its architecture class.
"""

from __future__ import annotations

import re

from aibom.model import Role
from aibom_huggingface.tables import words

TEXT_ENCODERS = words(
    """albert bert bert-generation big-bird camembert canine clip-text-model convbert data2vec-text deberta
    deberta-v2 distilbert electra ernie esm esmc eurobert flaubert fnet funnel gte ibert
    jina-embeddings-v3 layoutlm layoutlmv2 layoutlmv3 longformer luke markuplm mega megatron-bert
    mobilebert modernbert mpnet mra neobert new nezha nomic-bert nystromformer qdqbert rembert roberta
    roberta-prelayernorm roc-bert roformer siglip-text-model siglip2-text-model splinter squeezebert
    t5encoder tapas xlm xlm-roberta xlm-roberta-xl xmod yoso"""
)
"""Model types whose network is a bidirectional text encoder."""

VISION_ENCODERS = words(
    """aimv2-vision-model beit bit blip-vision-model clip-vision-model clipseg-vision-model
    conditional-detr convnext convnextv2 cvt dab-detr data2vec-vision deformable-detr deit
    depth-anything depth-pro detr d-fine deimv2 dinat dinov2 dinov2-with-registers dinov3-convnext dinov3-vit
    donut-swin dpt efficientnet focalnet glpn hgnet-v2 hiera ijepa internvl-vision intern-vit-6b levit lw-detr
    mask2former maskformer maskformer-swin metaclip-2-vision-model mgp-str mllama-vision-model
    llama4-vision-model mlcd mlcd-vision-model mobilenet-v1 mobilenet-v2 mobilevit mobilevitv2 moonvit
    nat pixio pixtral poolformer pvt pvt-v2 regnet resnet rt-detr rt-detr-resnet rt-detr-v2 sam sam2
    segformer siglip-vision-model siglip2-vision-model swiftformer swin swin2sr swinv2 table-transformer
    timesformer timm-backbone timm-wrapper van videomae vit vit-hybrid vit-mae vit-msn vitdet vitmatte
    vitpose vivit yolos idefics3-vision smolvlm-vision"""
)
"""Model types whose network is an image or video encoder."""

AUDIO_ENCODERS = words(
    """audio-spectrogram-transformer clap-audio-model data2vec-audio fastconformer hubert lasr-encoder
    mctct parakeet-ctc parakeet-encoder qwen2-audio-encoder sew sew-d unispeech unispeech-sat
    voxtral-encoder wav2vec2 wav2vec2-bert wav2vec2-conformer wavlm whisper-encoder"""
)
"""Model types whose network is an audio or speech encoder."""

CODECS = words(
    """bigvgan dac encodec fastspeech2-conformer-hifigan hifigan mimi snac speecht5-hifigan univnet vocos
    xcodec xcodec2 hubert-codec"""
)
"""Model types that turn codes or spectrograms into sound (and back): vocoders and neural codecs."""

AUTOENCODERS = words(
    """autoencoder-kl vqgan chameleon-vqgan emu3-vqvae emu3-vq-vae emu3visionvq janus-vqgan autoencoder-dc"""
)
"""Model types that code images as latents."""

DUAL_ENCODERS = words(
    """aimv2 align altclip chinese-clip clap clip clipseg clvp flava groupvit metaclip-2 owlv2 owlvit siglip
    siglip2 vision-text-dual-encoder tipsv2 x-clip xclip jina-clip"""
)
"""Model types with a text encoder beside an image or audio encoder and no decoder."""

SEQ2SEQ = words(
    """bart bigbird-pegasus blenderbot blenderbot-small encoder-decoder fsmt led longt5 m2m-100 marian
    mbart mt5 mvp nllb-moe pegasus pegasus-x plbart prophetnet switch-transformers t5 t5gemma udop umt5
    xlm-prophetnet"""
)
"""Model types with a text encoder and a text decoder."""

SPEECH_SYNTHESIS = words("fastspeech2-conformer speecht5 vits")
"""Model types with a text encoder and a decoder that writes spectrograms or sound."""

SPEECH_SEQ2SEQ = words(
    """canary cohere-asr moonshine moonshine-streaming speech-encoder-decoder speech-to-text
    speech-to-text-2 whisper"""
)
"""Model types with an audio encoder and a text decoder."""

VISION_SEQ2SEQ = frozenset(["vision-encoder-decoder", "pix2struct", "trocr", "florence2", "nougat", "donut"])
"""Model types with an image encoder and a text decoder."""

_VISION = (Role.VISION_ENCODER,)
_AUDIO = (Role.AUDIO_ENCODER,)
MULTIMODAL: dict[str, tuple[Role, ...]] = {
    **dict.fromkeys(
        words("""aria aya-vision blip blip-2 cohere2-vision deepseek-ocr2 deepseek-vl deepseek-vl-hybrid
ernie4-5-vl-moe exaone4-5 fast-vlm florence2 gemma3 glm46v glm4v glm4v-moe glm-ocr got-ocr2
granite4-vision hunyuan-vl hyperclovax-vision-v2 idefics idefics2 idefics3 instructblip
instructblipvideo internvl internvl-chat janus kimi-k25 kimi-vl kosmos-2 kosmos-2-5 lfm2-vl
lighton-ocr llama4 llava llava-next llava-next-video llava-onevision minicpmv mistral3 mllama molmo
molmo2 ovis2 paddleocr-vl paligemma perception-lm qwen2-vl qwen2-5-vl qwen3-vl qwen3-vl-moe qwen3-5
qwen3-5-moe smolvlm video-llama-3 video-llava vipllava"""),
        _VISION,
    ),
    **dict.fromkeys(
        words("""audioflamingo3 glmasr granite-speech granite-speech-plus musicflamingo qwen2-audio qwen3-asr
ultravox vibevoice-asr voxtral voxtral-realtime"""),
        _AUDIO,
    ),
    **dict.fromkeys(
        words("""gemma3n gemma4 minicpmo nemotron-h-omni phi4-multimodal phi4mm qwen2-5-omni
            qwen2-5-omni-thinker
qwen3-omni-moe qwen3-omni-moe-thinker"""),
        (*_VISION, *_AUDIO),
    ),
}
"""Generative model types that are composed with encoders of other modalities, and which."""

CLASS_SUFFIXES: tuple[tuple[str, Role], ...] = (
    # First match wins; the classes of diffusers come by their own names.
    (
        r"(UNet\w*|\w*Transformer2D\w*|\w*Transformer3D\w*|\w*TransformerModel|DiT\w*|PriorTransformer)$",
        Role.DENOISER,
    ),
    (r"(Autoencoder\w*|VQModel|\w*VAE|AsymmetricAutoencoder\w*)$", Role.VAE),
    (r"(\w*HifiGan|\w*Vocoder|\w*BigVGAN)$", Role.VOCODER),
    (
        r"(\w*VisionModel\w*|\w*ForImageClassification|\w*ForSemanticSegmentation|\w*ForObjectDetection)$",
        Role.VISION_ENCODER,
    ),
    (r"(\w*ForDepthEstimation|\w*ForMaskedImageModeling|\w*ForUniversalSegmentation)$", Role.VISION_ENCODER),
    (
        r"(\w*ForCTC|\w*ForAudioClassification|\w*ForAudioFrameClassification|\w*ForXVector)$",
        Role.AUDIO_ENCODER,
    ),
    (
        r"(\w*(?:CLIP|Clip|Siglip)\w*TextModel\w*|\w*EncoderModel|\w+Encoder|\w*ForMaskedLM|\w*ForQuestionAnswering)$",
        Role.TEXT_ENCODER,
    ),
    (r"(\w*ForTokenClassification|\w*ForPreTraining|\w*ForMultipleChoice)$", Role.TEXT_ENCODER),
    (r"(\w*ForCausalLM|\w*LMHeadModel|\w*ForConditionalGeneration|\w*ForRewardModel)$", Role.DECODER_CORE),
    (r"(\w*ForSequenceClassification)$", Role.DECODER_CORE),
)
"""Architecture class → role of its trunk, where the model type is not listed above."""

HEADED = re.compile(r"For[A-Z]\w*|LMHead\w*")
"""Class names that carry a head on top of the trunk."""
LANGUAGE_HEADED = re.compile(r"For(?:CausalLM|ConditionalGeneration|MaskedLM|PreTraining)|LMHead")
"""Class names whose head predicts tokens, and may share the token embedding's weights."""
PROJECTED = re.compile(r"WithProjection$")
"""Class names that map the trunk's result into a shared space."""

_TYPE_ROLES: tuple[tuple[frozenset[str], Role], ...] = (
    (TEXT_ENCODERS, Role.TEXT_ENCODER),
    (VISION_ENCODERS, Role.VISION_ENCODER),
    (AUDIO_ENCODERS, Role.AUDIO_ENCODER),
    (CODECS, Role.VOCODER),
    (AUTOENCODERS, Role.VAE),
)


_TYPE_ENDINGS = (
    (r"-(?:vision|visual|vit|vision-model|vision-encoder|image-encoder)$", Role.VISION_ENCODER),
    (r"-(?:audio|audio-model)$|(?:audio|speech|asr)[a-z0-9-]*-encoder$", Role.AUDIO_ENCODER),
)
"""What the last word of an unlisted model type says (`qwen3_5_moe_vision`)."""


def canonical(model_type: str) -> str:
    """A model type with dashes only and in lower case, the form of the tables here."""
    return re.sub(r"[-_. ]+", "-", model_type.strip().lower())


def role_of_type(model_type: str) -> Role | None:
    """The trunk's role by model type, or None where neither tables nor its last word tell."""
    kind = canonical(model_type)
    listed = next((role for kinds, role in _TYPE_ROLES if kind in kinds), None)
    if listed or kind in MULTIMODAL:
        return listed
    return next((role for ending, role in _TYPE_ENDINGS if re.search(ending, kind)), None)


def role_of_class(name: str) -> Role | None:
    """The trunk's role by class name, or None."""
    return next((role for pattern, role in CLASS_SUFFIXES if re.fullmatch(pattern, name)), None)


def encoder_of_type(model_type: str) -> Role | None:
    """What the encoder of an encoder-decoder type reads, or None where the type is none."""
    kind = canonical(model_type)
    if kind in SEQ2SEQ or kind in SPEECH_SYNTHESIS:
        return Role.TEXT_ENCODER
    if kind in SPEECH_SEQ2SEQ:
        return Role.AUDIO_ENCODER
    return Role.VISION_ENCODER if kind in VISION_SEQ2SEQ else None


def encoders_of_class(name: str) -> tuple[Role, ...]:
    """The encoders that a multimodal class is composed with (`Qwen3_5Moe…` → vision)."""
    match = re.fullmatch(r"(\w+?)(ForConditionalGeneration|Model)", name)
    if not match:
        return ()
    return _BY_STEM.get(re.sub(r"[^a-z0-9]", "", match.group(1).lower()), ())


_BY_STEM = {kind.replace("-", ""): roles for kind, roles in MULTIMODAL.items()}
