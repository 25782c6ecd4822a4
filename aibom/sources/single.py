"""One model file as a source, with the external data that lies beside an ONNX graph."""

from __future__ import annotations

from pathlib import Path

from aibom.errors import InputError
from aibom.formats.fileclass import classify
from aibom.model import FileClass, Target, TargetKind
from aibom.sources.folder import LocalSource
from aibom.sources.layout import recognise
from aibom.sources.names import escaped, refusal
from aibom.sources.options import SourceOptions
from aibom.sources.walk import Listing

# The names that exporters give to the tensors that they keep outside the graph.
_BESIDE = ("_data", ".data")


def open_file(ref: str, file: Path, options: SourceOptions) -> LocalSource:
    """Open a single .onnx, .gguf, .safetensors, .bin, .pt (…) file.

    Raises:
        InputError: it is no model file by its name, or cannot be read.
    """
    if classify(file.name) is not FileClass.WEIGHTS:
        raise InputError(
            f"{escaped(ref)}: not a model file by its name",
            advice="Name a .onnx, .gguf, .safetensors, .bin or .pt file, or the folder that holds it.",
        )
    layout = recognise(file.absolute().parent)
    listing = Listing()
    for name in (file.name, *(file.name + end for end in _BESIDE)):
        path = file.parent / name
        if refusal(name) is not None or not path.is_file():
            continue
        if path.is_symlink() and path != file and layout is None:
            listing.refuse(name, "a link beside the named file is not followed")
            continue
        place = path.resolve()
        listing.take(name, place, place.stat().st_size)
    if file.name not in listing.files:
        raise InputError(f"{escaped(ref)}: not a regular file with a plain name")
    repository = options.alias or (layout.repository if layout else None)
    target = Target(
        ref=ref,
        kind=TargetKind.FILE,
        name=repository.rpartition("/")[2] if repository else file.stem,
        repository=repository,
        revision=layout.revision if layout else None,
    )
    return LocalSource(target, listing, options, layout)
