"""Rules on what licences ask. None gives an origin: a duty says what is asked, found and not known."""

from __future__ import annotations

from aibom.model import Confidence, Evidence, Layer, Relation, Severity, Signal
from aibom.provenance.rules.rule import Rule

_OTHER_PERMISSION = "The parent's owner may have permitted it otherwise, or the declaration may be in error."
_SHOW_PERMISSION = "Show the permission, correct the declared licence, or show that the parent is none."
_OR_IN_FORCE = "The licence may not reach this model: whether it does is a question of law."
_DATA_FREE = "A model may be no adaptation of its data, or the owner of the data may have permitted the use."
_SHOW_DATA = "Show the permission, that the dataset stands under other terms, or that it was not trained on."


def _duty(
    name: str,
    severity: Severity,
    *,
    reads: str,
    concludes: str,
    cannot_show: str,
    alternative: str,
    contest: str,
    signal: Signal = Signal.DECLARED,
) -> Rule:
    return Rule(
        id=f"licence.duty-{name}",
        signal=signal,
        layer=Layer.LICENCE,
        reads=reads,
        concludes=concludes,
        cannot_show=cannot_show,
        relation=Relation.UNKNOWN,
        evidence=Evidence.E0,
        confidence=Confidence.INFERRED,
        alternative=alternative,
        contest=contest,
        severity=severity,
    )


TABLE = (
    _duty(
        "attribution",
        Severity.MEDIUM,
        signal=Signal.CODE,
        reads="code under `code.print`, the notices of the reference's files, and the notices in the target",
        concludes="the reference's licence asks that its notices be kept; none of its holder was found",
        cannot_show="whether the source that the code was made from carried the notice; a missing notice "
        "says nothing of weights",
        alternative="The notice may stand in a file that was not read, or the holder may have waived it.",
        contest="Show the notice, or that the code was written without the reference.",
    ),
    _duty(
        "restricted",
        Severity.INFO,
        reads="the licences that the model and its declared parents stand under; a parent's as its "
        "repository declares it, else as the catalogue says of well-known ones (unverified)",
        concludes="a licence limits who may use the work, or what for",
        cannot_show="whether a use keeps within the limits, or whether the parent's terms reach the model",
        alternative=_OR_IN_FORCE,
        contest="Show that the model does not stand under the named licence.",
    ),
    _duty(
        "non-commercial",
        Severity.MEDIUM,
        reads="a declared parent's licence that bars commercial use, and those of the model",
        concludes="the model's licences do not carry the limit",
        cannot_show="whether the model may be licensed so",
        alternative=_OTHER_PERMISSION,
        contest=_SHOW_PERMISSION,
    ),
    _duty(
        "share-alike",
        Severity.MEDIUM,
        reads="a share-alike licence of a declared parent, or carried in the target, and those declared",
        concludes="no licence of the model asks to share alike",
        cannot_show="whether the model is a derivative work in the sense of the licence; which share-alike "
        "licences are compatible with each other is not judged",
        alternative="The licence may cover a bundled component that the model does not derive from.",
        contest="Show the permission, what the licence covers, or a licence that allows the change.",
    ),
    _duty(
        "no-derivatives",
        Severity.MEDIUM,
        reads="a declared parent's licence that bars sharing what is made from it",
        concludes="a model made from it is published all the same",
        cannot_show="whether the model is a derivative work in the sense of the licence",
        alternative=_OTHER_PERMISSION,
        contest=_SHOW_PERMISSION,
    ),
    _duty(
        "changed",
        Severity.MEDIUM,
        reads="a declared parent's licence that asks for its terms to be passed on, and those of the model",
        concludes="the model declares other terms",
        cannot_show="whether the model may be licensed so",
        alternative=_OTHER_PERMISSION,
        contest=_SHOW_PERMISSION,
    ),
    _duty(
        "dropped",
        Severity.LOW,
        reads="a declared parent's licence that asks for something, and that the model names no licence",
        concludes="the parent's terms are not passed on in what was read",
        cannot_show="which terms the model is offered under",
        alternative="The licence may stand in a file that was not read.",
        contest="Declare the licence, or add its text.",
    ),
    _duty(
        "naming",
        Severity.LOW,
        reads="a licence that asks for a name, displayed words or a notice; the repository's name, the card "
        "and the notices",
        concludes="something asked for was not found in what was read",
        cannot_show="what a website or product shows; whether the model is one that the licence asks it of",
        alternative="What is asked for may stand elsewhere, or the licence may not ask it of this model.",
        contest="Show where it stands, or that the licence does not ask it of this model.",
    ),
    _duty(
        "naming-met",
        Severity.INFO,
        reads="the same",
        concludes="all that is asked for was found",
        cannot_show="whether it is shown as the licence asks",
        alternative=_OR_IN_FORCE,
        contest="Show that the named place does not hold it.",
    ),
    _duty(
        "data-non-commercial",
        Severity.LOW,
        reads="training datasets that the card names, what the catalogue says that they stand under, and the "
        "licences of the model",
        concludes="data that bars commercial use is named, and the model's licences do not carry the limit",
        cannot_show="whether the data was trained on, in which version, or whether its terms reach a model",
        alternative=_DATA_FREE,
        contest=_SHOW_DATA,
    ),
    _duty(
        "data-share-alike",
        Severity.INFO,
        reads="the same",
        concludes="data to be shared alike is named, and no licence of the model asks to share alike",
        cannot_show="whether the data was trained on, in which version, or whether its terms reach a model",
        alternative=_DATA_FREE,
        contest=_SHOW_DATA,
    ),
)
