"""Rules on parents that a repository declares."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.provenance.rules.rule import Rule

_DECLARATION = "Correct the declaration, or show the training record of the part."

TABLE = (
    Rule(
        id="declared.base-model",
        signal=Signal.DECLARED,
        layer=Layer.WEIGHTS,
        reads="`base_model` of the card and the Hub's resolved base models, with their relation",
        concludes="the weights of the trained parts derive from the named model",
        cannot_show="that the statement is true, or how much was trained afterwards",
        relation=Relation.DERIVED,
        evidence=Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative="The card may have been taken over from a template or another model's card.",
        contest=_DECLARATION,
    ),
    Rule(
        id="declared.adapter-base",
        signal=Signal.DECLARED,
        layer=Layer.WEIGHTS,
        reads="`base_model_name_or_path` of adapter_config.json",
        concludes="the adapter runs on the named model, so that the core's weights are that model's",
        cannot_show="where the adapter's own weights come from",
        relation=Relation.DERIVED,
        evidence=Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative="The path may name a local copy or a mirror of another model.",
        contest=_DECLARATION,
    ),
    Rule(
        id="declared.name-or-path",
        signal=Signal.DECLARED,
        layer=Layer.WEIGHTS,
        reads="`_name_or_path` of a configuration, where it is the id of another repository",
        concludes="the named model is a declared origin; it moves no grade",
        cannot_show="that weights were loaded: the field also stays when only a configuration is reused",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative="The configuration may have been reused without the weights.",
        contest="Show how the weights were initialised, or correct the configuration.",
    ),
    Rule(
        id="declared.encoder-parent",
        signal=Signal.DECLARED,
        layer=Layer.WEIGHTS,
        reads="the same, and the id that an encoder is fetched by, for an encoder beside the core",
        concludes="the part's weights are in question: untested, beside a named outside model",
        cannot_show="that the weights are the named model's: they were not tested; it moves no grade",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.UNRESOLVED,
        alternative="The configuration may have been reused with weights trained from scratch.",
        contest="Show the part's training record, or let its weights be tested against the named model's.",
        severity=Severity.LOW,
        in_question=True,
    ),
    Rule(
        id="declared.tokenizer-parent",
        signal=Signal.DECLARED,
        layer=Layer.TOKENIZER,
        reads="`name_or_path` of tokenizer_config.json, where it is the id of another repository",
        concludes="the named repository is a declared origin of the tokenizer; it moves no grade",
        cannot_show="that the vocabulary is that of the named repository; anything about weights",
        relation=Relation.UNKNOWN,
        evidence=Evidence.E1,
        confidence=Confidence.DECLARED,
        alternative="The field stays when a vocabulary is replaced under the same class.",
        contest="Show how the vocabulary was made, or correct the configuration.",
    ),
)
