"""The command line: the only place that prints or exits.

Modules of the library load inside the commands, so that `aibom --help` stays fast.
"""

from __future__ import annotations

import click

from aibom.cli import (
    catalog,
    check,
    compare,
    contest,
    diff,
    explain,
    export,
    generate,
    index,
    knowledge,
    lint,
    questionnaire,
    record,
    report,
    signing,
    verify,
)
from aibom.cli.program import Program

__all__ = ["main"]


@click.group(
    "aibom", cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="aibom", message="%(package)s %(version)s")
def main() -> None:
    """The bill of materials of an AI model: its parts, where each came from, on what evidence.

    Results go to standard output, progress and errors to standard error. Nothing of a model is ever
    executed, and nothing is sent anywhere but to the Hub that a target names, and with `--keyless` to
    Sigstore.

    \b
    Exit codes:
      0   done
      1   a gate failed: `check`, `verify`, `diff`, or `lint` found errors
      2   the command was used wrongly
      3   too little is known for a verdict, or for --strict and --on-unknown fail
      4   the target cannot be read, or the network failed
      70  internal error
    """


main.add_command(generate.generate)
main.add_command(record.record)
main.add_command(check.check)
main.add_command(verify.verify)
main.add_command(diff.diff)
main.add_command(lint.lint)
main.add_command(explain.explain)
main.add_command(export.export)
main.add_command(compare.compare)
main.add_command(report.report)
main.add_command(report.badge)
main.add_command(report.card)
main.add_command(questionnaire.questionnaire)
main.add_command(contest.contest)
main.add_command(signing.sign)
main.add_command(signing.verify_signature)
main.add_command(catalog.catalog)
main.add_command(index.index)
main.add_command(knowledge.plugins)
main.add_command(knowledge.policies)
main.add_command(knowledge.profiles)
main.add_command(knowledge.organisations)
