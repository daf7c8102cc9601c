"""A study as a folder: study.toml, claims.csv and, where there are any, lists and references."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from estimators.evidence import rules
from estimators.evidence.matched_files import list_texts, with_captures
from estimators.evidence.outline import read_outline
from estimators.evidence.outline_writing import outline_text
from estimators.evidence.parts import ANYTHING
from estimators.evidence.problems import EvidenceError, Problem, refuse
from estimators.evidence.study import Study
from estimators.evidence.tables import Table, claims_text, read_claims

_TABLES = {
    "quantity": "quantities",
    "source": "sources",
    "split": "splits",
    "balance": "balances",
    "running_balance": "running_balances",
    "breakdown": "breakdowns",
    "series": "series",
    "assumption": "assumptions",
    "class": "classes",
    "coverage": "coverages",
    "anchor": "anchors",
    "scenario": "scenarios",
    "waiver": "waivers",
}


def read_study(folder: str | Path) -> Study:
    """Return the study that a folder holds.

    Parameters
    ----------
    folder
        A folder with study.toml and claims.csv, and references.json (CSL-JSON) or references.bib
        (BibTeX) where the report cites; where both are there the first is read. Anchors may name
        files of matched lists in it.

    Returns
    -------
    Study
        All that stands in the folder, every reference checked.

    Raises
    ------
    EvidenceError
        With every problem of all files: which file, which row, which column, what was got and
        what to do.
    """
    folder = Path(folder)
    _require_folder(folder)
    outline, unread, found = read_outline(folder / "study.toml")
    table = _claims(folder / "claims.csv", outline.obtain)
    references, wrong_references = _references(_bibliography(folder))
    outline.claims = tuple(table.claims)
    listed = len(outline.anchors)
    outline.anchors, wrong_lists = with_captures(outline.anchors, folder)
    if len(outline.anchors) < listed:  # scenarios may name those that could not be read
        unread = replace(unread, anchors=ANYTHING)
    lost = frozenset(table.unread) if table.is_complete else ANYTHING
    between = rules.problems(
        outline, replace(unread, claims=lost, drafts=table.drafts), table.places
    )
    found = [*found, *table.problems, *wrong_lists, *wrong_references, *map(_placed, between)]
    if found:
        raise EvidenceError(sorted(found, key=_position))
    parts = vars(outline) | {"name": outline.name or folder.resolve().name}
    return Study.of_checked(references=references, **parts)


def write_study(study: Study, folder: str | Path) -> None:
    """Write a study as a folder that `read_study` reads back unchanged.

    Parameters
    ----------
    study
        What to write.
    folder
        Where to; made if it is not there. Files of the same names in it are replaced.
    """
    folder = Path(folder)
    texts = {
        "study.toml": outline_text(study, folder.resolve().name),
        "claims.csv": claims_text(study.claims),
        **list_texts(study),
    }
    if study.references or _bibliography(folder).exists():
        texts[references_name(study.references)] = study.references
    contents = {name: text.encode() for name, text in texts.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    if "references.json" not in texts:  # it would be read first
        (folder / "references.json").unlink(missing_ok=True)


def _require_folder(folder: Path) -> None:
    if os.path.isdir(folder):
        return
    if os.path.exists(folder):
        remedy = "Give the folder that holds study.toml, not a file."
        raise refuse(str(folder), "it is not a folder.", remedy)
    remedy = "Give the folder that holds study.toml; 'undercount new FOLDER' makes one."
    raise refuse(str(folder), "there is no such folder.", remedy)


def _claims(path: Path, obtain: str) -> Table:
    """Return the claims; where they are missing and the study says how to get them, that."""
    if not obtain.strip() or os.path.lexists(path):
        return read_claims(path)
    remedy = f"Get them by: {obtain.strip().rstrip('.')}."
    wrong = "the file is missing: the rows of this study are not shipped with it."
    return Table(problems=[Problem(path.name, wrong, remedy)], is_complete=False)


def references_name(references: str) -> str:
    """Return the name of the file that references belong in: CSL-JSON begins with a bracket.

    Parameters
    ----------
    references
        CSL-JSON or BibTeX.
    """
    return f"references.{'json' if references.lstrip().startswith(('[', '{')) else 'bib'}"


def _bibliography(folder: Path) -> Path:
    path = folder / "references.json"
    return path if path.exists() else folder / "references.bib"


def _references(path: Path) -> tuple[str, list[Problem]]:
    if not path.exists():
        return "", []
    try:
        return path.read_bytes().decode("utf-8-sig"), []
    except OSError as error:
        wrong = f"it cannot be read ({error.strerror})."
        return "", [Problem(path.name, wrong, "Mend the file, or remove it: it is optional.")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        got = f"bytes {error.object[error.start : error.start + 8].hex(' ')}"
        return "", [
            Problem(
                f"{path.name} line {line}",
                "it is not UTF-8.",
                "Save it with the encoding UTF-8.",
                got=got,
            )
        ]


def _placed(problem: Problem) -> Problem:
    """Return a problem between the parts with the file and the table that it stands in."""
    kind, _, id = problem.subject.partition(" ")
    if kind in _TABLES and id:
        return replace(problem, subject=f"study.toml, [{_TABLES[kind]}.{id}]")
    files = {"study": "study.toml", "report": "study.toml, [report]", "claims": "claims.csv"}
    return replace(problem, subject=files.get(problem.subject, problem.subject))


def _position(problem: Problem) -> tuple[int, int]:
    """Return where a problem stands among the others: by file, then by row."""
    files = ("study", "claims", "references")
    file = problem.subject.partition(".")[0]
    row = re.search(r" row (\d+)", problem.subject)
    return files.index(file) if file in files else len(files), int(row[1]) if row else 0
