"""G7, "Software Bill of Materials for AI: Minimum Elements" (2026-05-12)."""

from __future__ import annotations

from aibom.compliance.element import Vocabulary
from aibom.compliance.vocabularies.g7_data import DATA
from aibom.compliance.vocabularies.g7_models import MODELS
from aibom.compliance.vocabularies.g7_operation import OPERATION
from aibom.compliance.vocabularies.g7_system import DOCUMENT, SYSTEM

G7 = Vocabulary(
    ident="g7",
    title="G7 Software Bill of Materials for AI: Minimum Elements",
    date="2026-05-12",
    source="BSI, ACN, ANSSI, CSE, CISA, NCSC and NCO with the European Commission; element ids by the public"
    " vocabulary openregtech/sbom, g7ai.ttl 0.1.0",
    note="The elements are not mandatory, and stand beside those of a classic SBOM. Ids and names are those"
    " of the vocabulary named; another count of the same list has 51, with the models split into 14.",
    elements=(*DOCUMENT, *SYSTEM, *MODELS, *DATA, *OPERATION),
)
"""50 elements in seven clusters."""
