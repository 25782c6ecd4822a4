"""What a plug-in sees, beside `aibom.model` and `aibom.formats`.

A plug-in registers an object that meets `Inspector` under the entry-point group
`aibom.inspectors`. It is given a `View` that shows only the files it asked for, and yields values
of `aibom.model`. A plug-in that raises is isolated: the scan goes on and reports an Unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol, TypeVar, cast, runtime_checkable

from aibom.errors import AibomError, FormatError, LimitError, ReadError
from aibom.model import Depth, Emission, FileEntry

API_VERSION = 1
"""Raised when `Inspector`, `View` or the meaning of an emission changes incompatibly."""
READ_AHEAD: Final = 128 * 1024
"""`View.read_ahead` where a read is a round trip; it holds the tensor table of most files."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Range:
    """`length` bytes of `path` from `offset`; `length` None reads to the end of the file."""

    path: str
    offset: int = 0
    length: int | None = None


@runtime_checkable
class View(Protocol):
    """A bounded, read-only look at the target, wherever it lies."""

    @property
    def files(self) -> Mapping[str, FileEntry]:
        """Path to entry, sorted by path."""
        ...

    @property
    def depth(self) -> Depth:
        """How far this scan may read; an inspector reads no tensor table at `metadata`."""
        ...

    @property
    def read_ahead(self) -> int:
        """Bytes up to which a longer read costs about as much as a short one.

        A reader that does not know yet how much it needs asks for as many first: `READ_AHEAD` where
        each read is a round trip, less where it is a call of the operating system.
        """
        return READ_AHEAD

    @property
    def shared(self) -> MutableMapping[tuple[object, str], object]:
        """What `once` keeps, of the whole target."""
        ...

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Bytes of one file; fewer than `length` only at its end.

        Raises:
            LimitError: the read would pass a bound (whole-file reads are bounded too).
            ReadError: the file is not here, is a Git-LFS pointer, or cannot be read.
        """
        ...

    def read_many(self, ranges: Sequence[Range]) -> Sequence[bytes | ReadError]:
        """Many ranges at once, answered in order; one failure does not lose the rest."""
        ...

    def glob(self, *patterns: str) -> tuple[str, ...]:
        """Paths that match a pattern (`*` within a segment, `**` over segments), sorted."""
        ...


@runtime_checkable
class Inspector(Protocol):
    """Turns the files it asked for into parts and facts."""

    ident: ClassVar[str]
    """Unique name, `huggingface`."""
    summary: ClassVar[str]
    """One line for `aibom plugins list`."""
    globs: ClassVar[tuple[str, ...]]
    """The files it wants to see, in the syntax of `View.glob`."""
    api: ClassVar[int]
    """The `API_VERSION` it was written for."""

    def inspect(self, view: View) -> Iterator[Emission]:
        """Yield what is there; an Unknown for what could not be read."""
        ...


def once(view: View, reader: Callable[[View, str], T], path: str) -> T:
    """`reader(view, path)`, called once for a target however many inspectors ask.

    For files that several inspectors look into. The answer is theirs to share and not to change; a
    ReadError that the reader raises is raised to each of them.
    """
    key = (reader, path)
    if key not in view.shared:
        try:
            view.shared[key] = reader(view, path)
        except ReadError as error:
            view.shared[key] = error
    answer = view.shared[key]
    if isinstance(answer, ReadError):
        raise answer
    return cast(T, answer)


__all__ = [
    "API_VERSION",
    "READ_AHEAD",
    "AibomError",
    "Depth",
    "Emission",
    "FileEntry",
    "FormatError",
    "Inspector",
    "LimitError",
    "Range",
    "ReadError",
    "View",
    "once",
]
