"""What lies beside a finished report for programs and spreadsheets: citation, schema, workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from estimators.evidence.report_words import ReportWords
from estimators.publish.citation_files import CITATION, citation_cff
from estimators.publish.crate import CRATE, crate
from estimators.publish.data_package import DATA_PACKAGE, data_package
from estimators.publish.folder import ReportFolder
from estimators.publish.workbook import WORKBOOK, write_workbook

COMPANIONS = (CITATION, DATA_PACKAGE, WORKBOOK, CRATE)


def write_companions(folder: str | Path, credits: ReportWords | None = None) -> tuple[Path, ...]:
    """Return CITATION.cff, datapackage.json, tables.xlsx and ro-crate-metadata.json, written.

    Parameters
    ----------
    folder
        A finished report, with its results.json, figures and tables.
    credits
        Whom to cite, and the licence; nobody, and CC-BY-4.0, if not given.

    Raises
    ------
    ValueError
        If the folder holds no report.
    """
    report, credits = ReportFolder.read(folder), credits or ReportWords()
    _write(report.path / CITATION, citation_cff(report, credits))
    _write(report.path / DATA_PACKAGE, _json(data_package(report, credits)))
    write_workbook(report, credits, report.path / WORKBOOK)
    _write(report.path / CRATE, _json(crate(report, credits)))  # it lists all the others
    return tuple(report.path / name for name in COMPANIONS)


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
