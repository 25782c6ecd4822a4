"""Several models side by side: rows, and what is made of them for a terminal and for spreadsheets."""

from aibom.render.portfolio.rows import Row, row
from aibom.render.portfolio.sheets import csv_bytes, xlsx_bytes
from aibom.render.portfolio.table import comparison

__all__ = ["Row", "comparison", "csv_bytes", "row", "xlsx_bytes"]
