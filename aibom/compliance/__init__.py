"""Forms that others ask for: SPDX, the G7 elements, the model documentation of the EU."""

from aibom.compliance.element import Answer, Element, ElementsReport, Found, Status, Supply, Vocabulary
from aibom.compliance.evaluation import elements
from aibom.compliance.form import gpai_form
from aibom.compliance.spdx_document import spdx
from aibom.compliance.vocabularies.classic import BSI, CISA, NTIA
from aibom.compliance.vocabularies.g7 import G7
from aibom.compliance.vocabularies.gpai import GPAI

__all__ = [
    "GPAI",
    "VOCABULARIES",
    "Answer",
    "Element",
    "ElementsReport",
    "Found",
    "Status",
    "Supply",
    "Vocabulary",
    "elements",
    "gpai_form",
    "spdx",
]

VOCABULARIES = {each.ident: each for each in (G7, NTIA, CISA, BSI)}
"""Vocabularies by their name on the command line."""
