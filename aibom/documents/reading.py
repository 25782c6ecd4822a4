"""Anyone's BOM, or our own report, told apart by what it says it is and read into one shape."""

from __future__ import annotations

import hashlib
import re

from aibom.documents.cyclonedx import read_cyclonedx
from aibom.documents.limits import MAX_BYTES
from aibom.documents.page import Page
from aibom.documents.report import SCHEMA, read_report
from aibom.documents.spdx import is_spdx3, read_spdx2, read_spdx3
from aibom.errors import FormatError, LimitError
from aibom.formats.text import parse_json
from aibom.formats.values import JsonValue, as_str, clean
from aibom.model import Dossier

ADVICE = "Give a CycloneDX 1.4 to 1.7, SPDX 2.3 or SPDX 3.0 document in JSON, or a JSON report of aibom."
_CONVERT = "Convert the document to JSON (with {}, for instance) and give that."
_SPDX_TAGS = re.compile(rb"(?m)^SPDXVersion:")
_HEAD = 4096


def is_document(head: bytes) -> bool:
    """Whether a file that begins so is a BOM or a report, rather than a model.

    Told by its first bytes, a few thousand at most: a JSON object, SPDX's tags, or XML of CycloneDX. No
    format of model files that aibom opens is a JSON object by itself.
    """
    start = head[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return b"cyclonedx" in start.lower()
    return start.startswith(b"{") or _SPDX_TAGS.search(start) is not None


def read(data: bytes, name: str) -> Dossier:
    """What a document says of a model.

    Args:
        data: the whole document.
        name: what it is called; every locator and unknown carries it as its path.

    Raises:
        LimitError: the document is larger than `MAX_BYTES`.
        FormatError: it is none of the forms that are read, or breaks the laws of JSON.
    """
    if len(data) > MAX_BYTES:
        raise LimitError(f"{name}: larger than {MAX_BYTES:,} bytes", limit="file size", advice=ADVICE)
    start = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        raise FormatError(f"{name}: XML is not read", advice=_CONVERT.format("cyclonedx-cli"))
    if _SPDX_TAGS.search(start):
        why = f"{name}: SPDX in tag-value form is not read"
        raise FormatError(why, advice=_CONVERT.format("pyspdxtools"))
    try:
        value = parse_json(data, name)
    except FormatError as error:
        raise FormatError(error.message, advice=ADVICE) from error
    return _read(value, Page(clean(name)), hashlib.sha256(data).hexdigest())


def _read(value: JsonValue, page: Page, digest: str) -> Dossier:
    """By the mark that each form carries."""
    if not isinstance(value, dict):
        raise FormatError(f"{page.name}: no JSON object", advice=ADVICE)
    if value.get("bomFormat") == "CycloneDX":
        return read_cyclonedx(value, page, digest)
    if value.get("schema") == SCHEMA:
        return read_report(value, page, digest)
    if (as_str(value.get("spdxVersion")) or "").startswith("SPDX-2."):
        return read_spdx2(value, page, digest)
    if is_spdx3(value):
        return read_spdx3(value, page, digest)
    raise FormatError(f"{page.name}: neither CycloneDX, SPDX nor a report of aibom", advice=ADVICE)
