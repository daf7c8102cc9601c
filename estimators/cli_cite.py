"""The `undercount cite` and `undercount reproduce` commands: a report cited, and made again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from estimators.cli_words import UNSOUND

if TYPE_CHECKING:
    from estimators.publish.reproduce import Reproduction

DIFFERENT = 1

app = typer.Typer()


@app.command(
    epilog="Example: undercount cite reports/north_korea/figures/account.svg --style chicago"
)
def cite(
    file: Annotated[
        Path, typer.Argument(help="A report's folder, or a document, figure or table in it.")
    ],
    style: Annotated[str, typer.Option(help="apa, chicago, bibtex or csl (JSON).")] = "apa",
) -> None:
    """Print how to cite a report, a figure or a table, and a sentence to copy.

    With bibtex and csl the entry alone goes to the standard output, so that it can be added to a
    file. Exit code 0: printed. 1: the file is part of no report, or was changed since.
    """
    with _told():
        from estimators.publish.cite import STYLES, Style
        from estimators.publish.cite import cite as cite_file

        if style not in STYLES:
            raise typer.BadParameter(f"it is {', '.join(STYLES)}", param_hint="--style")
        chosen: Style = style  # type: ignore[assignment]
        made = cite_file(file, chosen)
    typer.echo(made.entry)
    for text in made.sentences:
        typer.echo(f"\n{text}", err=style in ("bibtex", "csl"))


@app.command(epilog="Example: undercount reproduce reports/north_korea --study data/north_korea")
def reproduce(
    folder: Annotated[Path, typer.Argument(help="The report's folder.")],
    study: Annotated[
        Path | None,
        typer.Option(help="The study's folder.", show_default="data/<name of the report's folder>"),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write the whole comparison to this file too.")
    ] = None,
) -> None:
    """Estimate a report's study again and compare every number with what was printed.

    Exit code 0: all the same, or within Monte Carlo error. 1: something is different, or the
    report or study cannot be read.
    """
    with _told():
        from estimators.publish.reproduce import reproduce as make_again

        made = make_again(folder, study)
        if csv is not None:
            made.table.to_csv(csv, index=False, lineterminator="\n")
    _print(made)
    if made.verdict == "different":
        raise typer.Exit(DIFFERENT)


def _print(made: Reproduction) -> None:
    """Print what did not come out the same, where that comes from, and the verdict."""
    from estimators.publish.escaping import plain

    out = Console()
    changed = made.table[made.table["verdict"] != "same"].drop(columns=["allowed"])
    for told in (changed, made.origins):
        if len(told):
            table = Table(*map(str, told.columns), box=None)
            for row in told.itertuples(index=False):
                table.add_row(*(_short(plain(cell)) for cell in row))
            out.print(table)
    out.print(str(made), markup=False, highlight=False, style="bold", soft_wrap=True)


def _short(text: str) -> str:
    from rich.markup import escape

    from estimators.publish.escaping import shortened

    return escape(shortened(text, 60))


@contextmanager
def _told() -> Iterator[None]:
    """End with the exit code of unsound evidence and no traceback where a file is not right."""
    from estimators.evidence.problems import EvidenceError

    try:
        yield
    except (EvidenceError, ValueError, OSError) as error:
        Console(stderr=True).print(
            str(error), style="red", highlight=False, markup=False, soft_wrap=True
        )
        raise typer.Exit(UNSOUND) from None
