"""tables.xlsx: all tables of a report in one workbook, numbers as numbers, with their units."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from estimators.evidence.report_words import ReportWords
from estimators.publish.authors import responsible
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.columns import (
    Column,
    about,
    columns_of,
    is_mixed,
    number_of,
    unguarded,
)
from estimators.publish.escaping import plain, shortened
from estimators.publish.folder import ReportFolder, Table

WORKBOOK = "tables.xlsx"
_MADE = datetime(2000, 1, 1)  # the same report gives the same bytes
_HEAD_ROW = 3  # below title, how to read it, and units
_WIDEST, _NARROWEST = 60, 9
_LONGEST = 32_000  # characters that a cell holds
_READ = marked(
    "Low and high are the ends of 90% intervals: the truth lies between them with a probability "
    "of 90%, given what was said and what was assumed. Ends are rounded outwards to two digits. "
    "Estimated, reported and documented numbers are three things; assumed numbers are no "
    "estimates. Cite the interval, not the median alone. The sheet Columns says what each column "
    "means."
)


def write_workbook(report: ReportFolder, credits: ReportWords, path: Path) -> Path:
    """Return the workbook that the tables of a report were written to, one sheet a table.

    Parameters
    ----------
    report
        The report.
    credits
        Whom to cite.
    path
        The file.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        book.set_properties(
            {
                "title": plain(report.title),
                "author": "; ".join(map(plain, responsible(credits))),
                "comments": f"Results {report.id}",
                "created": _MADE,
            }
        )
        styles = Styles(book)
        _about(book.add_worksheet("About"), report, credits, styles)
        _meanings(book.add_worksheet("Columns"), report, styles)
        for table in report.tables:
            _sheet(book.add_worksheet(table.name[:31]), table, styles)
    return path


class Styles:
    """The formats of a workbook, one for each number of decimals."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.quiet = book.add_format({"italic": True, "font_color": "#595959"})
        self.head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
        self.text = book.add_format({"valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.name = book.add_format({"bold": True, "valign": "top"})

    def number(self, cell: str) -> Format:
        """Return the format that shows a number as it is printed.

        Parameters
        ----------
        cell
            The number as text: '1300', '0.35', '78%'.
        """
        decimals = len(cell.rstrip("%").partition(".")[2])
        form = "#,##0" + ("." + "0" * decimals if decimals else "")
        form += '"%"' if cell.endswith("%") else ""
        if form not in self._numbers:
            self._numbers[form] = self._book.add_format({"num_format": form, "valign": "top"})
        return self._numbers[form]


def _about(sheet: Worksheet, report: ReportFolder, credits: ReportWords, styles: Styles) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, plain(report.title), styles.title)
    told = {
        say("Question"): report.question,
        say("How to read"): retold(_READ),
        say("Authors"): "; ".join(responsible(credits)),
        say("Year"): str(credits.year or ""),
        say("Licence"): credits.licence,
        say("Results"): report.id,
        **{f"Sheet {table.name[:31]}": ". ".join(about(table)) for table in report.tables},
        **{f"Provenance: {name}": text for name, text in report.provenance.items()},
    }
    said = [(name, plain(text)) for name, text in told.items() if text]
    for row, (name, text) in enumerate(said, 2):
        sheet.write_string(row, 0, name, styles.name)
        sheet.write_string(row, 1, text, styles.wrapped)


def _meanings(sheet: Worksheet, report: ReportFolder, styles: Styles) -> None:
    """Write what each column of each sheet means."""
    rows = [
        (table.name, column.name, column.unit, column.meaning)
        for table in report.tables
        for column in columns_of(table)
    ]
    for place, (head, width) in enumerate(
        (
            (say("sheet"), 18),
            (say("column"), 22),
            (say("unit"), 28),
            (say("meaning"), 90),
        )
    ):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, head, styles.head)
    for row, texts in enumerate(rows, 1):
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, styles.text)
    sheet.freeze_panes(1, 0)


def _sheet(sheet: Worksheet, table: Table, styles: Styles) -> None:
    title, read = about(table)
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, read, styles.quiet)
    for place, column in enumerate(columns_of(table)):
        cells = table.columns[column.name]
        sheet.write_string(_HEAD_ROW - 1, place, column.unit, styles.quiet)
        sheet.write_string(_HEAD_ROW, place, column.name, styles.head)
        sheet.set_column(place, place, _width(column, cells))
        as_number = column.is_numeric or is_mixed(table, column.name)
        for row, cell in enumerate(cells, _HEAD_ROW + 1):
            _write(sheet, row, place, cell, as_number, styles)
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    if table.rows:
        sheet.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(table.rows), len(table.heads) - 1)


def _write(
    sheet: Worksheet, row: int, place: int, cell: str, as_number: bool, styles: Styles
) -> None:
    """Write one cell: a number where the column holds numbers, else text that nothing runs."""
    number = number_of(cell.rstrip("%")) if as_number else None
    if number is not None:
        sheet.write_number(row, place, number, styles.number(cell))
    elif cell:
        sheet.write_string(row, place, shortened(unguarded(cell), _LONGEST), styles.text)


def _width(column: Column, cells: list[str]) -> int:
    """Return how many characters wide a column is shown: as its texts, within bounds."""
    longest = max(map(len, (column.name, *cells)))
    return min(max(longest + 2, _NARROWEST), _WIDEST)
