"""What all commands share: reading a study, saying what is wrong, text that cannot be markup."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from estimators.evidence.study import Study

UNSOUND, REFUSED = 1, 3  # exit codes

Folder = Annotated[Path, typer.Argument(help="The study's folder.", show_default=False)]


def read(folder: Path) -> Study:
    """Return the study of a folder; end with every problem where there is none."""
    from estimators.evidence.files import read_study
    from estimators.evidence.problems import EvidenceError

    try:
        return read_study(folder)
    except EvidenceError as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """Print what is wrong and end with the exit code of unsound evidence."""
    Console(stderr=True).print(lines(message), style="red", highlight=False, soft_wrap=True)
    raise typer.Exit(UNSOUND)


def safe(text: object) -> str:
    """Return a text on one line in which nothing is markup or a control character."""
    return escape(clean(text))


def lines(text: str) -> str:
    """Return a text with its lines kept, in which nothing is markup or a control character."""
    return "\n".join(
        line[: len(line) - len(line.lstrip(" "))] + safe(line) for line in text.split("\n")
    )


def clean(text: object) -> str:
    """Return a text on one line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
