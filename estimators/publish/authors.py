"""Whom a report is credited to: its authors or publisher, as programs for citations want them."""

from __future__ import annotations

from typing import Any

from estimators.evidence.report_words import ReportWords

ANONYMOUS = "Anonymous"  # formats that ask for an author have one where nobody is named


def responsible(words: ReportWords) -> tuple[str, ...]:
    """Return the authors of a report; where there are none the publisher, if there is one.

    Parameters
    ----------
    words
        What the study says of its report.
    """
    return words.authors or ((words.publisher,) if words.publisher else ())


def licence_url(licence: str) -> str:
    """Return where the text of a licence stands.

    Parameters
    ----------
    licence
        Its SPDX id.
    """
    return f"https://spdx.org/licenses/{licence}.html"


def parts_of(author: str) -> dict[str, str]:
    """Return an author as family and given name, or as 'literal' where it is no person's name.

    Parameters
    ----------
    author
        'Family, Given', or the name of an organisation.
    """
    family, comma, given = (part.strip() for part in author.partition(","))
    return {"family": family, "given": given} if comma and given else {"literal": author.strip()}


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return the entries that say something: none that are None, '' or empty.

    Parameters
    ----------
    values
        Names and values.
    """
    return {name: value for name, value in values.items() if value or value == 0}
