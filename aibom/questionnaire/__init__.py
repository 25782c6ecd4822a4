"""What cannot be seen from a repository, asked of the vendor: the form, and its answers."""

from aibom.questionnaire.answers import Answer, Answers, Document
from aibom.questionnaire.belonging import belonging
from aibom.questionnaire.documents import DocumentCheck, DocumentState, check_documents
from aibom.questionnaire.faults import Fault
from aibom.questionnaire.form import Subject, html_form, yaml_form
from aibom.questionnaire.questions import SCHEMA, Kind, Question, Section, sections
from aibom.questionnaire.reading import Checked, check, read

__all__ = [
    "SCHEMA",
    "Answer",
    "Answers",
    "Checked",
    "Document",
    "DocumentCheck",
    "DocumentState",
    "Fault",
    "Kind",
    "Question",
    "Section",
    "Subject",
    "belonging",
    "check",
    "check_documents",
    "html_form",
    "read",
    "sections",
    "yaml_form",
]
