"""Telling a Hub id (`org/name`) from a path on somebody's disk."""

from __future__ import annotations

import re

from aibom_huggingface.tables import words

_HUB_ID = re.compile(r"[A-Za-z0-9](?:[\w.-]{0,94}\w)?/[A-Za-z0-9_](?:[\w.-]{0,94}\w)?")

LOCAL_FOLDERS = words(
    """model models ckpt ckpts checkpoint checkpoints output outputs out result results save saves saved
    saved_model saved_models trained tmp temp data dataset datasets workspace home root mnt opt var usr
    etc users content fsx scratch weights pretrained pretrained_models experiments experiment exp exps
    runs run logs log work works dev src local cache storage volume volumes job jobs project projects
    llm llms hf huggingface_models lora loras adapters merged base"""
)
"""First segments that name a folder far more often than an account of the Hub."""

_STEP = re.compile(r"(?:checkpoint|ckpt|step|epoch|iter|global_step)[-_]?\d+", re.IGNORECASE)


def hub_id(value: object) -> str | None:
    """`value` where it is a Hub id, else None. In doubt it is a path, for a path is no origin."""
    if not isinstance(value, str) or not _HUB_ID.fullmatch(value):
        return None
    namespace, _, name = value.partition("/")
    if namespace.lower() in LOCAL_FOLDERS or "--" in value or ".." in value or _STEP.fullmatch(name):
        return None
    return value
