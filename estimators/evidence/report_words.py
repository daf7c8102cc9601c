"""What a study says of its report: who answers for it, its licence, and how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from estimators.evidence.problems import Problem, Unfit

LICENCE = "CC-BY-4.0"
TEXTS = ("funding", "search", "inclusion", "earlier", "decisions")
_LINES = ("publisher", "licence", "url", "doi")
_FIRST, _LAST = 1900, 2100
_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True)
class ReportWords:
    """What a report needs to be cited, and what its study says of itself in words.

    `authors` are persons as 'Family, Given', or organisations by their name.
    `licence` is an SPDX expression for figures, tables and text; `year` is 0 where none is given.
    `funding` says who paid, `search` how claims were looked for, `inclusion` which were taken in,
    `earlier` which versions came before, `decisions` what was decided on the way and why.
    """

    authors: tuple[str, ...] = ()
    publisher: str = ""
    year: int = 0
    licence: str = LICENCE
    url: str = ""
    doi: str = ""
    funding: str = ""
    search: str = ""
    inclusion: str = ""
    earlier: str = ""
    decisions: str = ""

    def __post_init__(self) -> None:
        """Make a tuple of a list, and raise ValueError where a single text stands for it."""
        given: Any = self.authors
        if isinstance(given, str):
            remedy = f"Give a list: authors = [{given!r}]."
            raise Unfit("it is a text, not a list.", remedy, "authors")
        object.__setattr__(self, "authors", tuple(given))


NOTHING_SAID = ReportWords()


def problems(words: Any) -> Iterator[Problem]:
    """Yield everything that is wrong with what a study says of its report."""
    if not isinstance(words, ReportWords):
        wrong, remedy = "it is not a ReportWords.", "Give ReportWords(authors=[…], year=…)."
        yield Problem("study", wrong, remedy, "report", repr(words))
        return
    strangers = [name for name in (*_LINES, *TEXTS) if not isinstance(getattr(words, name), str)]
    for name in strangers:
        yield _problem(name, "it is not text.", "Give a text.", getattr(words, name))
    yield from _authors(words)
    yield from _year(words.year)
    checks = {"url": _url, "doi": _doi, "licence": _licence}
    for name, check in checks.items():
        if name not in strangers:
            yield from check(getattr(words, name))


def _problem(name: str, wrong: str, remedy: str, got: Any = "") -> Problem:
    return Problem("report", wrong, remedy, name, got if isinstance(got, str) else repr(got))


def _authors(words: ReportWords) -> Iterator[Problem]:
    for author in words.authors:
        if not isinstance(author, str) or not author.strip():
            remedy = 'Write authors = ["Family, Given", "An Organisation"].'
            yield _problem("authors", "one of them is no name.", remedy, author)
    if len(set(map(str, words.authors))) < len(words.authors):
        yield _problem(
            "authors", "a name stands twice.", "Drop one.", ", ".join(map(str, words.authors))
        )


def _year(year: Any) -> Iterator[Problem]:
    if type(year) is not int or not (year == 0 or _FIRST <= year <= _LAST):
        wrong = f"it is not a year from {_FIRST} to {_LAST}."
        yield _problem("year", wrong, "Write year = 2026, or leave it out.", year)


def _url(url: str) -> Iterator[Problem]:
    if url and not _ADDRESS.fullmatch(url):
        remedy = "Give an address that begins with https:// without spaces, or leave it out."
        yield _problem("url", "it is not a web address.", remedy, url)


def _doi(doi: str) -> Iterator[Problem]:
    if doi and not _DOI.fullmatch(doi):
        remedy = "Write it as 10.5281/zenodo.123, without https://doi.org/ before it."
        yield _problem("doi", "it is not a DOI.", remedy, doi)


def _licence(licence: str) -> Iterator[Problem]:
    if licence == LICENCE:  # as nearly always: the list of licences need not be loaded
        return
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    remedy = 'Write an SPDX id such as "CC-BY-4.0", or "LicenseRef-" and a word of your own.'
    try:
        known = canonicalize_license_expression(licence)
    except InvalidLicenseExpression:
        yield _problem("licence", "it is not a licence that SPDX knows.", remedy, licence)
        return
    if known != licence:
        yield _problem("licence", "SPDX writes it otherwise.", f'Write "{known}".', licence)
