"""ro-crate-metadata.json: what every file of a report is, and how all of it was made."""

from __future__ import annotations

from mimetypes import types_map
from pathlib import Path
from typing import Any

from estimators.evidence.report_words import ReportWords
from estimators.publish.authors import filled, licence_url, parts_of, responsible
from estimators.publish.columns import about
from estimators.publish.escaping import plain
from estimators.publish.folder import ReportFolder
from estimators.publish.identity import digest

CRATE = "ro-crate-metadata.json"
_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMATS = {
    ".cff": "application/yaml",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}
_HELD = frozenset({CRATE, "manifest.json"})  # a file cannot hold its own hash

type Entity = dict[str, Any]


def crate(report: ReportFolder, credits: ReportWords) -> dict[str, Any]:
    """Return what is in a report's folder as an RO-Crate (version 1.1).

    Parameters
    ----------
    report
        The report, with all files that are to be described.
    credits
        Whom to cite, and the licence.

    Notes
    -----
    A crate must say when it was published, which only the study knows (`year` under [report]):
    without it that is left out, and the crate is to be completed before it is deposited.
    """
    files = [_file(report, path) for path in report.files if path.name not in _HELD]
    people = [_agent(name) for name in responsible(credits)]
    publisher = [_agent(credits.publisher)] if credits.publisher else []
    agents = {agent["@id"]: agent for agent in (*people, *publisher)}
    inputs = _inputs(report)
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": _ref("./"),
            "conformsTo": _ref(_PROFILE),
        },
        _root(report, credits, files),
        *files,
        *agents.values(),
        {"@id": licence_url(credits.licence), "@type": "CreativeWork", "name": credits.licence},
        *inputs,
        _software(report),
        _making(report, inputs),
    ]
    return {"@context": _CONTEXT, "@graph": graph}


def _root(report: ReportFolder, credits: ReportWords, files: list[Entity]) -> Entity:
    return filled(
        {
            "@id": "./",
            "@type": "Dataset",
            "name": plain(report.title),
            "description": plain(report.question) or plain(report.title),
            "datePublished": str(credits.year or ""),
            "license": _ref(licence_url(credits.licence)),
            "author": [_ref(_agent(name)["@id"]) for name in responsible(credits)],
            "publisher": _ref(_agent(credits.publisher)["@id"]) if credits.publisher else None,
            "identifier": f"https://doi.org/{credits.doi}" if credits.doi else report.id,
            "url": credits.url,
            "version": report.id,
            "hasPart": [_ref(file["@id"]) for file in files],
            "mentions": _ref("#making"),
        }
    )


def _file(report: ReportFolder, path: Path) -> Entity:
    """Return one file: what it is, in which format, how large, and its hash."""
    whole = report.path / path
    title, said = _told(report, path)
    return filled(
        {
            "@id": path.as_posix(),
            "@type": "File",
            "name": plain(title),
            "description": plain(said),
            "encodingFormat": _FORMATS.get(path.suffix) or types_map.get(path.suffix),
            "contentSize": str(whole.stat().st_size),
            "sha256": digest(whole.read_bytes()),
        }
    )


def _told(report: ReportFolder, path: Path) -> tuple[str, str]:
    """Return the title of a file and what is to be said of it."""
    if path.parent.name == "figures":
        beside = report.sidecar(path)
        what = "what stands below the figure, in words and data" if path.suffix == ".json" else ""
        return str(beside.get("title", path.stem)), what or str(beside.get("caption", ""))
    tables = {table.name: table for table in report.tables}
    table = tables.get(path.stem) if path.parent.name == "tables" else None
    return about(table) if table else (path.name, "")


def _agent(name: str) -> Entity:
    """Return a person or an organisation."""
    parts = parts_of(plain(name))
    if "literal" in parts:
        return {"@id": _id("organisation", name), "@type": "Organization", "name": plain(name)}
    whole = f"{parts['given']} {parts['family']}"
    named = {"familyName": parts["family"], "givenName": parts["given"], "name": whole}
    return {"@id": _id("person", name), "@type": "Person", **named}


def _inputs(report: ReportFolder) -> list[Entity]:
    """Return the files of the study, known by their hashes: they lie elsewhere."""
    hashes = {
        name.removeprefix("sha256 "): value
        for name, value in report.provenance.items()
        if name.startswith("sha256 ") and name != "sha256 recipe"
    }
    return [
        {
            "@id": f"#input-{name}",
            "@type": "CreativeWork",
            "name": f"{name} of the study",
            "identifier": f"sha256:{value}",
        }
        for name, value in sorted(hashes.items())
    ]


def _software(report: ReportFolder) -> Entity:
    commit = report.provenance.get("commit", "")
    return filled(
        {
            "@id": "#undercount",
            "@type": "SoftwareApplication",
            "name": "Undercount",
            "softwareVersion": report.provenance.get("version undercount", ""),
            "identifier": f"commit {commit}" if commit else "",
        }
    )


def _making(report: ReportFolder, inputs: list[Entity]) -> Entity:
    """Return how the report came from the study: what went in, by which program."""
    seed = report.results.get("recipe", {}).get("seed")
    return filled(
        {
            "@id": "#making",
            "@type": "CreateAction",
            "name": "Estimation and report",
            "description": f"Seed {seed}; results.json holds the recipe and all versions.",
            "instrument": _ref("#undercount"),
            "object": [_ref(one["@id"]) for one in inputs],
            "result": _ref("./"),
        }
    )


def _ref(id: str) -> dict[str, str]:
    return {"@id": id}


def _id(kind: str, name: str) -> str:
    return f"#{kind}-{'-'.join(''.join(c if c.isalnum() else ' ' for c in name).split())}"
