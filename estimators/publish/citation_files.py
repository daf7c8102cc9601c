"""CITATION.cff: how a report wants to be cited, as programs read it, written and read back."""

from __future__ import annotations

from typing import Any

import yaml

from estimators.evidence.report_words import LICENCE, ReportWords
from estimators.publish.authors import ANONYMOUS, filled, parts_of, responsible
from estimators.publish.escaping import plain
from estimators.publish.folder import ReportFolder

CITATION = "CITATION.cff"
_PERSON = {"family": "family-names", "given": "given-names", "literal": "name"}


def citation_cff(report: ReportFolder, credits: ReportWords) -> str:
    """Return the text of CITATION.cff (Citation File Format 1.2.0) of a report.

    Parameters
    ----------
    report
        The report.
    credits
        Whom to cite.
    """
    whole = _whole(report, credits) | {"license": credits.licence}
    told = {
        "cff-version": "1.2.0",
        "message": "If you cite a number, a figure or a table of this report, cite the report.",
        **whole,
        "type": "dataset",
        "abstract": plain(report.question),
        "version": report.id,
        "keywords": ["Bayesian statistics", "human rights", "population estimation"],
        "preferred-citation": _preferred(report, credits),
        "references": [_software(report)],
    }
    return yaml.safe_dump(filled(told), sort_keys=False, allow_unicode=True, width=100)


def _whole(report: ReportFolder, credits: ReportWords) -> dict[str, Any]:
    """Return what the data and the report have in common: title, authors, where to find them."""
    names = [parts_of(plain(author)) for author in responsible(credits) or (ANONYMOUS,)]
    authors = [{_PERSON[part]: text for part, text in name.items()} for name in names]
    found = {"title": plain(report.title), "authors": authors}
    return found | filled({"url": credits.url, "doi": credits.doi})


def _preferred(report: ReportFolder, credits: ReportWords) -> dict[str, Any]:
    publisher = {"name": plain(credits.publisher)} if credits.publisher else None
    rest = filled({"year": credits.year or None, "publisher": publisher})
    return {"type": "report", **_whole(report, credits), **rest}


def _software(report: ReportFolder) -> dict[str, Any]:
    """Return the program that made it, so that it is cited too."""
    return filled(
        {
            "type": "software",
            "title": "Undercount",
            "authors": [{"name": "The Undercount developers"}],
            "version": report.provenance.get("version undercount", ""),
            "license": "BSD-3-Clause",
        }
    )


def credits_of(report: ReportFolder) -> ReportWords:
    """Return whom a report's CITATION.cff credits; nobody where it has none.

    Parameters
    ----------
    report
        The report.

    Raises
    ------
    ValueError
        If the file cannot be read.
    """
    file = report.path / CITATION
    if not file.is_file():
        return ReportWords()
    try:
        return _credits(yaml.safe_load(file.read_text("utf-8")))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        remedy = "mend it, or write the report again"
        raise ValueError(f"{file} cannot be read ({plain(error)}); {remedy}") from None


def _credits(told: dict[str, Any]) -> ReportWords:
    report = told.get("preferred-citation", told)
    authors = tuple(map(_author, report["authors"]))
    publisher = str(report.get("publisher", {}).get("name", ""))
    nobody = authors in ((ANONYMOUS,), (publisher,))
    return ReportWords(
        authors=() if nobody else authors,
        publisher=publisher,
        year=report.get("year", 0),
        licence=str(told.get("license", LICENCE)),
        url=str(report.get("url", "")),
        doi=str(report.get("doi", "")),
    )


def _author(told: dict[str, str]) -> str:
    return told["name"] if "name" in told else f"{told['family-names']}, {told['given-names']}"
