"""What goes in and out of a model by the Hub's task names.

Source: https://huggingface.co/tasks and the Hub's list of pipeline tags.
"""

from __future__ import annotations

_TEXT, _IMAGE, _AUDIO, _VIDEO = "text", "image", "audio", "video"

MODALITIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "any-to-any": ((), ()),
    "audio-classification": ((_AUDIO,), (_TEXT,)),
    "audio-text-to-text": ((_AUDIO, _TEXT), (_TEXT,)),
    "audio-to-audio": ((_AUDIO,), (_AUDIO,)),
    "automatic-speech-recognition": ((_AUDIO,), (_TEXT,)),
    "depth-estimation": ((_IMAGE,), (_IMAGE,)),
    "document-question-answering": ((_IMAGE, _TEXT), (_TEXT,)),
    "feature-extraction": ((), ()),
    "fill-mask": ((_TEXT,), (_TEXT,)),
    "image-classification": ((_IMAGE,), (_TEXT,)),
    "image-feature-extraction": ((_IMAGE,), ()),
    "image-segmentation": ((_IMAGE,), (_IMAGE,)),
    "image-text-to-image": ((_IMAGE, _TEXT), (_IMAGE,)),
    "image-text-to-text": ((_IMAGE, _TEXT), (_TEXT,)),
    "image-to-image": ((_IMAGE,), (_IMAGE,)),
    "image-to-text": ((_IMAGE,), (_TEXT,)),
    "image-to-video": ((_IMAGE,), (_VIDEO,)),
    "mask-generation": ((_IMAGE,), (_IMAGE,)),
    "object-detection": ((_IMAGE,), (_TEXT,)),
    "question-answering": ((_TEXT,), (_TEXT,)),
    "sentence-similarity": ((_TEXT,), ()),
    "summarization": ((_TEXT,), (_TEXT,)),
    "table-question-answering": ((_TEXT,), (_TEXT,)),
    "text-classification": ((_TEXT,), (_TEXT,)),
    "text-generation": ((_TEXT,), (_TEXT,)),
    "text-ranking": ((_TEXT,), ()),
    "text-to-audio": ((_TEXT,), (_AUDIO,)),
    "text-to-image": ((_TEXT,), (_IMAGE,)),
    "text-to-speech": ((_TEXT,), (_AUDIO,)),
    "text-to-video": ((_TEXT,), (_VIDEO,)),
    "text2text-generation": ((_TEXT,), (_TEXT,)),
    "token-classification": ((_TEXT,), (_TEXT,)),
    "translation": ((_TEXT,), (_TEXT,)),
    "unconditional-image-generation": ((), (_IMAGE,)),
    "video-classification": ((_VIDEO,), (_TEXT,)),
    "video-text-to-text": ((_VIDEO, _TEXT), (_TEXT,)),
    "visual-document-retrieval": ((_IMAGE, _TEXT), ()),
    "visual-question-answering": ((_IMAGE, _TEXT), (_TEXT,)),
    "voice-activity-detection": ((_AUDIO,), ()),
    "zero-shot-classification": ((_TEXT,), (_TEXT,)),
    "zero-shot-image-classification": ((_IMAGE, _TEXT), (_TEXT,)),
    "zero-shot-object-detection": ((_IMAGE, _TEXT), (_TEXT,)),
}
"""Task → (inputs, outputs); an empty side is one that the task's name does not tell."""


def modalities(task: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Inputs and outputs of a task; nothing for a task that is not listed."""
    return MODALITIES.get(task or "", ((), ()))
