"""How to cite a report, a figure or a table of it: in a style, as data, and in a sentence."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import pypandoc

from estimators.evidence.problems import suggestion
from estimators.evidence.report_words import ReportWords
from estimators.publish.authors import filled, parts_of, responsible
from estimators.publish.citation_files import credits_of
from estimators.publish.columns import about
from estimators.publish.escaping import plain
from estimators.publish.folder import ReportFolder, read_table
from estimators.publish.identity import content_id, digest

type Style = Literal["apa", "chicago", "bibtex", "csl"]

STYLES: tuple[str, ...] = get_args(Style.__value__)
_APA = files("estimators.publish") / "templates" / "apa.csl"
_KINDS = {"figures": "Figure", "tables": "Table"}


@dataclass(frozen=True)
class Citation:
    """How to cite one thing: the entry for the list of references, and sentences to copy.

    `entry` is in the style asked for. `sentences` end with the citation in brackets, except where
    the style is data: then they stand alone.
    """

    style: Style
    entry: str
    sentences: tuple[str, ...]

    def __str__(self) -> str:
        """Return the entry, and below it the sentences."""
        return "\n\n".join((self.entry, *self.sentences))


@dataclass(frozen=True)
class Cited:
    """What is cited: its title, what it is ('' for the whole report), its id and what it says."""

    title: str
    kind: str
    id: str
    sentences: tuple[str, ...]


def cite(path: str | Path, style: Style = "apa", credits: ReportWords | None = None) -> Citation:
    """Return how to cite a report, or a figure, table or document of it.

    Parameters
    ----------
    path
        The report's folder or a file in it.
    style
        'apa' (7th edition) or 'chicago' (author-date) as text; 'bibtex' or 'csl' (JSON) as data.
    credits
        Whom to cite; by default as the report's CITATION.cff says.

    Returns
    -------
    Citation
        Printed, it is the entry for the list of references and sentences to copy: those on the
        headline numbers for the whole report, the caption of a figure, how to read a table.

    Raises
    ------
    ValueError
        If the file is part of no report, has been changed since it was written, or there is no
        such style.

    Notes
    -----
    Entries are set by the Citation Style Language [1]_ in pandoc's citation processor.

    References
    ----------
    .. [1] https://citationstyles.org
    """
    if style not in STYLES:
        raise ValueError(f"no style {style!r}. {suggestion(style, STYLES)}")
    report = ReportFolder.around(path)
    cited = cited_of(report, Path(path))
    item = csl_item(report, cited, credits or credits_of(report))
    if style == "csl":
        entry = json.dumps([item], indent=2, ensure_ascii=False)
        return Citation(style, entry, cited.sentences)
    if style == "bibtex":
        return Citation(style, _bibtex(item, cited), cited.sentences)
    within, entry = _set(item, style)
    said = tuple(f"{text.rstrip(' .')} {within}." for text in cited.sentences)
    return Citation(style, entry, said)


def cited_of(report: ReportFolder, path: Path) -> Cited:
    """Return what a path names: a figure, a table, or the whole report.

    Parameters
    ----------
    report
        The report.
    path
        Its folder or a file in it.

    Raises
    ------
    ValueError
        If a figure or table has been changed since it was written.
    """
    kind = _KINDS.get(path.absolute().parent.name, "") if path.is_file() else ""
    if not kind:
        name = re.sub(r"[^\w-]", "_", f"{report.path.resolve().name}-{report.id}")
        return Cited(report.title, "", name, tuple(report.results.get("sentences", {}).values()))
    beside = report.sidecar(path.absolute())
    content = path.read_bytes()
    _require_unchanged(path, digest(content), beside.get("sha256", {}))
    title, said = _told(report, path, kind, beside)
    return Cited(title, kind, str(beside.get("id") or content_id(path.stem, content)), (said,))


def _told(report: ReportFolder, path: Path, kind: str, beside: dict[str, Any]) -> tuple[str, str]:
    """Return the title of a figure or table, and what is said of it."""
    if kind == "Figure":
        title = str(beside.get("title", path.stem))
        return title, str(beside.get("caption", title))
    file = path.absolute().with_suffix(".csv")
    title, read = about(read_table(file)) if file.is_file() else (path.stem, "")
    return str(beside.get("title", title)), read or f"{title}: a table of “{report.title}”"


def _require_unchanged(path: Path, found: str, hashes: object) -> None:
    known = hashes.get(path.name) if isinstance(hashes, dict) else None
    if known and found != known:
        raise ValueError(
            f"{path} is not the file that was written: its SHA-256 is {found[:10]}…, that "
            f"of the figure {known[:10]}…; cite the one in the report, or write the report again"
        )


def csl_item(report: ReportFolder, cited: Cited, credits: ReportWords) -> dict[str, Any]:
    """Return what is cited as one item of CSL-JSON.

    Parameters
    ----------
    report
        The report that it is part of.
    cited
        What is cited.
    credits
        Whom to cite.
    """
    publisher = credits.publisher if (credits.publisher,) != responsible(credits) else ""
    return filled(
        {
            "id": cited.id,
            "type": "chapter" if cited.kind else "report",
            "title": plain(cited.title),
            "genre": cited.kind,
            "container-title": plain(report.title) if cited.kind else "",
            "author": [parts_of(plain(author)) for author in responsible(credits)],
            "issued": {"date-parts": [[credits.year]]} if credits.year else None,
            "publisher": plain(publisher),
            "version": cited.id.rpartition("-")[2],
            "URL": credits.url,
            "DOI": credits.doi,
        }
    )


def _bibtex(item: dict[str, Any], cited: Cited) -> str:
    """Return an entry of BibTeX; it knows no DOI and no version, so they stand in others' place."""
    address = f"https://doi.org/{item['DOI']}" if "DOI" in item else item.get("URL", "")
    told = filled(item | {"URL": address, "note": f"{cited.kind} {cited.id}".strip()})
    return str(pypandoc.convert_text(json.dumps([told]), "bibtex", format="csljson")).strip()


def _set(item: dict[str, Any], style: Style) -> tuple[str, str]:
    """Return the citation in brackets and the entry of the list, as plain text."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "cited.json"
        source.write_text(json.dumps([item | {"id": "cited"}]), encoding="utf-8")
        options = ["--citeproc", f"--bibliography={source}", "--wrap=none"]
        options += [f"--csl={_APA}"] if style == "apa" else []
        options += ["--fail-if-warnings"]
        made = str(
            pypandoc.convert_text("[@cited]", "plain", format="markdown", extra_args=options)
        )
    within, _, entry = made.strip().partition("\n\n")
    return within, " ".join(entry.split())
