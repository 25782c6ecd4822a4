"""One complete document for each version, byte for byte."""

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension

from aibom import bom
from tests import samples


class CycloneDx(SingleFileSnapshotExtension):
    """A snapshot is the file that a user would get."""

    file_extension = "cdx.json"


@pytest.mark.parametrize("spec", ["1.6", "1.7"])
def test_complete_document(snapshot, spec, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1768435200")
    document = bom.build(samples.rich(), spec=spec, reproducible=True)

    assert bom.serialise(document) == snapshot(extension_class=CycloneDx)
