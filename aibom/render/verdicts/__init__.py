"""A verdict as a table, JSON, SARIF, JUnit XML, and Markdown for a pull request."""

from aibom.render.verdicts.document import VERDICT_SCHEMA, verdict_json
from aibom.render.verdicts.junit import junit_xml
from aibom.render.verdicts.markdown import summary
from aibom.render.verdicts.sarif import sarif_json

__all__ = ["VERDICT_SCHEMA", "junit_xml", "sarif_json", "summary", "verdict_json"]
