"""datapackage.json: the tables of a report with type, unit and meaning of every column."""

from __future__ import annotations

from typing import Any

from estimators.evidence.report_words import ReportWords
from estimators.publish.authors import filled, licence_url, responsible
from estimators.publish.columns import Column, about, columns_of
from estimators.publish.escaping import plain
from estimators.publish.folder import ReportFolder, Table
from estimators.publish.identity import digest

DATA_PACKAGE = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def data_package(report: ReportFolder, credits: ReportWords) -> dict[str, Any]:
    """Return a report's tables as a Frictionless data package (version 2).

    Parameters
    ----------
    report
        The report.
    credits
        Whom to cite, and the licence.
    """
    contributors = [{"title": plain(name), "roles": ["author"]} for name in responsible(credits)]
    return filled(
        {
            "$schema": _PROFILE,
            "name": f"undercount-{report.id}",
            "title": plain(report.title),
            "description": plain(report.question),
            "version": report.id,
            "homepage": credits.url,
            "licenses": [{"name": credits.licence, "path": licence_url(credits.licence)}],
            "contributors": contributors,
            "sources": [{"title": "claims.csv and study.toml of the study"}],
            "resources": [_resource(table) for table in report.tables],
        }
    )


def _resource(table: Table) -> dict[str, Any]:
    title, read = about(table)
    return filled(
        {
            "name": table.name.lower(),
            "type": "table",
            "path": f"tables/{table.path.name}",
            "title": title,
            "description": read,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": table.path.stat().st_size,
            "hash": f"sha256:{digest(table.path.read_bytes())}",
            "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
            "schema": _schema(table),
        }
    )


def _schema(table: Table) -> dict[str, Any]:
    columns = columns_of(table)
    fields = [_field(column, table.columns[column.name]) for column in columns]
    first = table.columns[table.heads[0]]
    key = [table.heads[0]] if len(set(first)) == len(first) else None
    return filled({"fields": fields, "missingValues": [""], "primaryKey": key})


def _field(column: Column, cells: list[str]) -> dict[str, Any]:
    """Return a column as a field; `unit` is ours, no word of the format."""
    field: dict[str, Any] = {"name": column.name, "type": column.kind}
    if column.kind == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.is_numeric and any("," in cell for cell in cells):
        field |= {"groupChar": ","}
    return field | filled({"description": column.meaning, "unit": column.unit})
