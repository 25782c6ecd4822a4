"""One root error. Every failure a user can meet carries an exit code and one line of advice.

Exit codes: 0 pass · 1 gate failed · 2 usage · 3 undetermined · 4 input or network · 70 internal.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a process that ran aibom tells the shell."""

    PASS = 0
    GATE_FAILED = 1
    USAGE = 2
    UNDETERMINED = 3
    INPUT = 4
    INTERNAL = 70


class AibomError(Exception):
    """Root of all errors that aibom raises on purpose."""

    exit_code: ClassVar[ExitCode] = ExitCode.INTERNAL
    default_advice: ClassVar[str] = "Run again with --debug and report the trace."

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice or self.default_advice

    def diagnostics(self) -> str:
        """Two lines for a person: the cause, then what to do about it."""
        return f"error: {self.message}\nadvice: {self.advice}"


class UsageError(AibomError):
    """The caller asked for something that has no meaning."""

    exit_code = ExitCode.USAGE
    default_advice = "See `aibom --help`."


class UndeterminedError(AibomError):
    """Too little is known to answer, and the caller asked not to go on without."""

    exit_code = ExitCode.UNDETERMINED
    default_advice = "Read the unknowns in the report; supply what they name, or drop --strict."


class InputError(AibomError):
    """The target cannot be read, or is no model."""

    exit_code = ExitCode.INPUT
    default_advice = "Check the target's name and that it can be read."


class NotFoundError(InputError):
    """The repository, revision or file does not exist (or is private to this caller)."""


class AccessError(InputError):
    """The target exists and this caller may not read it (gated, private, disabled)."""

    default_advice = "Ask for access, then pass the token's variable with --token-env."


class NetworkError(InputError):
    """The network, or a server on it, did not give a usable answer."""

    default_advice = "Try again later, or check --hub-url and the proxy settings."


class OfflineError(InputError):
    """The network was needed and is switched off."""

    default_advice = "Drop --offline, or scan a local folder or a recorded snapshot."


class ReadError(InputError):
    """One file could not be read; the scan goes on and reports it as an Unknown."""

    default_advice = "The rest of the target was read; see the unknowns."


class LimitError(ReadError):
    """A bound of the reader was hit. `limit` names it, so that the report can."""

    def __init__(self, message: str, *, limit: str, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.limit = limit


class FormatError(ReadError):
    """A file breaks the laws of its format."""


class DataError(AibomError):
    """A data file that the user supplied (profile, registry, BOM) breaks its schema."""

    exit_code = ExitCode.USAGE
    default_advice = "Hold the file against its schema in `schemas/`."


class InternalError(AibomError):
    """aibom broke a promise of its own: a document it built does not pass its own checks."""

    default_advice = "Nothing was written. Report this with the target's name."
