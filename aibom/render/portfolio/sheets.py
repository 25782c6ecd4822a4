"""The rows of several models for spreadsheets: no cell of them is ever read as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from aibom.render.portfolio.rows import Row

HEADINGS: Final = (
    *("Model", "Revision", "Publisher", "Country", "Level", "Ceiling", "Evidence", "Lower", "Upper", "Known"),
    *(
        "Core",
        "Encoders",
        "Tokenizer",
        "Code",
        "Licences",
        "Notable findings",
        "Security findings",
        "Unknowns",
    ),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "|", "%")
"""What makes a spreadsheet read a cell of CSV as a formula or a command (OWASP, CSV injection)."""
_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)
Value = str | int | float | None


def values(row: Row) -> tuple[Value, ...]:
    """The cells of a row, in the order of the headings."""
    return (
        *(row.model, row.revision, row.publisher, row.country, row.level, row.ceiling, row.evidence.name),
        *(round(row.lower, 2), round(row.upper, 2), round(row.coverage, 2), row.core),
        *("\n".join(row.encoders), row.tokenizer, row.code, ", ".join(row.licences)),
        *("\n".join(row.notable), row.security, row.unknowns),
    )


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """Comma-separated values in UTF-8 with a byte-order mark, as spreadsheets need it for Korean names."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([_guarded(value) for value in values(row)] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _guarded(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def xlsx_bytes(rows: Iterable[Row]) -> bytes:
    """An Excel workbook of one sheet; texts are stored as texts, whatever they begin with."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _EPOCH.replace(tzinfo=None)})
    sheet = book.add_worksheet("Models")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, HEADINGS, bold)
    shown = list(rows)
    for number, row in enumerate(shown, 1):
        for column, value in enumerate(values(row)):
            if isinstance(value, str):
                sheet.write_string(number, column, value, wrapped)
            elif value is not None:
                sheet.write_number(number, column, value, wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(shown), len(HEADINGS) - 1)
    sheet.set_column(0, len(HEADINGS) - 1, 22)
    book.close()
    return out.getvalue()
