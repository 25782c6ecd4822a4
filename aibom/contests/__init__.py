"""A vendor's objection to a finding: filed, assessed in a log that is only added to, applied, shown."""

from aibom.contests.applying import Contested, apply
from aibom.contests.assessing import Standing, assess, needed, register, standings, states
from aibom.contests.entries import ContestState, Entry, Log
from aibom.contests.filing import PAYLOAD, Contest, Exhibit, exhibit, file_contest, parse, strength
from aibom.contests.laying import lay, score_words
from aibom.contests.log import day, read_log

__all__ = [
    "PAYLOAD",
    "Contest",
    "ContestState",
    "Contested",
    "Entry",
    "Exhibit",
    "Log",
    "Standing",
    "apply",
    "assess",
    "day",
    "exhibit",
    "file_contest",
    "lay",
    "needed",
    "parse",
    "read_log",
    "register",
    "score_words",
    "standings",
    "states",
    "strength",
]
