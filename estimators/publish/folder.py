"""A report as it lies in its folder: results, figures and tables, read back from the files."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from estimators.publish.identity import DIGITS, digest

_RESULTS = "results.json"


@dataclass(frozen=True)
class Table:
    """A table as its CSV file holds it: the names of its columns, and its rows as texts."""

    path: Path
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """Return the name of the table: that of its file."""
        return self.path.stem

    @property
    def columns(self) -> dict[str, list[str]]:
        """Return the cells of each column by its name."""
        return {head: [row[k] for row in self.rows] for k, head in enumerate(self.heads)}


@dataclass(frozen=True)
class ReportFolder:
    """A finished report: where it lies, and what its results.json says."""

    path: Path
    results: dict[str, Any]

    @classmethod
    def read(cls, path: str | Path) -> ReportFolder:
        """Return the report that lies in a folder.

        Parameters
        ----------
        path
            The folder that `write_report` wrote.

        Raises
        ------
        ValueError
            If there is no results.json in it, or one that no report has.
        """
        file = Path(path) / _RESULTS
        if not file.is_file():
            raise ValueError(f"{path} is no report: it has no {_RESULTS}; give the report's folder")
        try:
            results = json.loads(file.read_text("utf-8"))
            if not isinstance(results, dict) or not isinstance(results["title"], str):
                raise TypeError("it has no title")
        except (ValueError, KeyError, TypeError) as error:
            remedy = "write the report again with `undercount report`"
            raise ValueError(f"{file} is not that of a report ({error}); {remedy}") from None
        return cls(Path(path), results)

    @classmethod
    def around(cls, path: str | Path) -> ReportFolder:
        """Return the report that a file is part of, or that a folder is.

        Parameters
        ----------
        path
            The report's folder, or a document, figure or table in it.

        Raises
        ------
        ValueError
            If there is no such file, or it is part of no report.
        """
        path = Path(path)
        if not path.exists():
            raise ValueError(
                f"{path}: there is no such file; give a report's folder or a file in it"
            )
        near = path.absolute()
        for folder in (near, *near.parents[:2]):
            if (folder / _RESULTS).is_file():
                return cls.read(folder)
        raise ValueError(
            f"{path} is part of no report: neither beside it nor above is a {_RESULTS}; "
            "give a file in a folder that `undercount report` wrote"
        )

    @property
    def title(self) -> str:
        """Return the title of the study."""
        return str(self.results["title"])

    @property
    def question(self) -> str:
        """Return what the study asks."""
        return str(self.results.get("question", ""))

    @property
    def provenance(self) -> dict[str, str]:
        """Return hashes of the inputs, versions and commit."""
        return dict(self.results.get("provenance", {}))

    @cached_property
    def id(self) -> str:
        """Return the name of these results: the first digits of the hash of results.json."""
        return digest((self.path / _RESULTS).read_bytes())[:DIGITS]

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables, by name."""
        return tuple(read_table(path) for path in sorted((self.path / "tables").glob("*.csv")))

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Return every file of the report, as paths inside it, by name."""
        every = (path for path in self.path.rglob("*") if path.is_file())
        return tuple(sorted(path.relative_to(self.path) for path in every))

    def sidecar(self, path: Path) -> dict[str, Any]:
        """Return what stands beside a figure or table of its name, title, caption and hash.

        Parameters
        ----------
        path
            The file, inside the report or from where this runs.
        """
        beside = (path if path.is_absolute() else self.path / path).with_suffix(".json")
        is_part = beside.parent.name in ("figures", "tables") and beside.is_file()
        return dict(json.loads(beside.read_text("utf-8"))) if is_part else {}


def read_table(path: Path) -> Table:
    """Return a table as its CSV file holds it.

    Parameters
    ----------
    path
        The file.
    """
    with path.open(encoding="utf-8", newline="") as file:
        heads, *rows = (tuple(row) for row in csv.reader(file))
    return Table(path, heads, tuple(rows))
