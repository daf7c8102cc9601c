"""The manifest of a report: every file in its folder with its hash, its size and its id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from estimators.evidence.problems import refuse
from estimators.publish.credit import Credit
from estimators.publish.identity import content_id, digest

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_FORMAT = 1
_REMEDY = "Get the folder anew from where it was published, or write the report again."


@dataclass(frozen=True)
class Entry:
    """One file of a report as it was written: its path in the folder, SHA-256, bytes and id."""

    path: str
    sha256: str
    size: int
    id: str


@dataclass(frozen=True)
class Manifest:
    """All files of a report by their paths, and what made them; `is_whole` as its digest says."""

    made: Mapping[str, str]
    entries: Mapping[str, Entry]
    digest: str
    is_whole: bool


def write_manifest(folder: Path, credit: Credit) -> Path:
    """Return manifest.json, which lists every file that a folder holds.

    Parameters
    ----------
    folder
        A report, all of it written.
    credit
        What made it, and its licence.
    """
    entries = [_entry(folder, name) for name in files_of(folder)]
    told = {
        "format": _FORMAT,
        "licence": credit.licence,
        "provenance": dict(credit.provenance),
        "files": [asdict(entry) for entry in entries],
    }
    text = json.dumps(told | {"digest": _digest(told)}, indent=2, ensure_ascii=False)
    path = folder / MANIFEST
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a report's folder.

    Parameters
    ----------
    folder
        The folder that manifest.json lies in.

    Raises
    ------
    EvidenceError
        If it cannot be read, or is none.
    """
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        entries = [Entry(**given) for given in told["files"]]
        _require_sound(told, entries)
    except OSError as error:
        raise refuse(MANIFEST, f"it cannot be read ({error.strerror}).", _REMEDY) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise refuse(MANIFEST, "it is not the manifest of a report.", _REMEDY) from None
    made, claimed = told["provenance"], told.pop("digest", "")
    return Manifest(made, {e.path: e for e in entries}, claimed, claimed == _digest(told))


def files_of(folder: Path) -> list[str]:
    """Return the paths of all files of a report, but those of the manifest and its signature.

    Parameters
    ----------
    folder
        The report.
    """
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in found if name not in (MANIFEST, SIGNATURE))


def _entry(folder: Path, name: str) -> Entry:
    path = folder / name
    content, sidecar = path.read_bytes(), path.with_suffix(".json")
    is_described = path.parent != folder and sidecar.is_file()
    id = json.loads(sidecar.read_bytes())["id"] if is_described else content_id(path.stem, content)
    return Entry(name, digest(content), len(content), id)


def _digest(told: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what a manifest says, whatever its spaces and the order of its keys."""
    return digest(json.dumps(told, sort_keys=True, separators=(",", ":")).encode())


def _require_sound(told: Mapping[str, Any], entries: list[Entry]) -> None:
    """Raise ValueError unless all is text and no path leads out of the folder."""
    made = told["provenance"]
    texts = [*made, *made.values(), *(t for e in entries for t in (e.path, e.sha256, e.id))]
    if told["format"] != _FORMAT or not all(isinstance(text, str) for text in texts):
        raise ValueError
    paths = [PurePosixPath(entry.path) for entry in entries]
    if any(path.is_absolute() or ".." in path.parts for path in paths):
        raise ValueError
