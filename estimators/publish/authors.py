"""Whom a report is credited to: authors, publisher, year, licence and where it is to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from estimators.evidence.study import Study

ANONYMOUS = "Anonymous"  # formats that ask for an author have one where nobody is named


@dataclass(frozen=True)
class Credits:
    """Whom to cite for a report.

    `authors` are organisations by their name, or persons as 'Family, Given'. `year` is that of
    publication; what is not known is left out. `licence` is an SPDX identifier, `doi` bare.
    """

    authors: tuple[str, ...] = ()
    publisher: str = ""
    year: int | None = None
    licence: str = "CC-BY-4.0"
    url: str = ""
    doi: str = ""

    @property
    def responsible(self) -> tuple[str, ...]:
        """Return the authors; where there are none the publisher, if there is one."""
        return self.authors or ((self.publisher,) if self.publisher else ())

    @property
    def licence_url(self) -> str:
        """Return where the text of the licence stands."""
        return f"https://spdx.org/licenses/{self.licence}.html"


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


def credits_of(study: Study) -> Credits:
    """Return whom a study says that its report is to be credited to.

    Parameters
    ----------
    study
        The study.
    """
    told = study.report
    names = (told.authors, told.publisher, told.year or None, told.licence, told.url, told.doi)
    return Credits(*names)
