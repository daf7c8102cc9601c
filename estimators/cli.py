"""The `undercount` command: a thin face over the public names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from estimators.cli_cite import app as citing
from estimators.cli_import import app as imports
from estimators.cli_outcomes import app as outcomes
from estimators.cli_report import report
from estimators.cli_verify import app as verifying
from estimators.cli_words import Folder, clean, fail, read, safe

if TYPE_CHECKING:
    from estimators.evidence.screening import Screening
    from estimators.evidence.study import Study

_HELP = """
Turn what was [bold]said[/bold] about a hidden population into what can be [bold]believed[/bold].

A study is a folder with study.toml (what is counted, who spoke, what is
assumed) and claims.csv (one row for each thing that somebody said). From it
comes a report: estimates with intervals, figures, tables, and the reasons.

[bold]To begin[/bold]
  undercount new data/my_study      write an example to fill in
  undercount check data/my_study    is the evidence sound? (no model)
  undercount report data/my_study   write reports/my_study: HTML, PDF, Word
  undercount cite FILE              how to cite a report, a figure, a table
  undercount reproduce FOLDER       make a report's numbers again, and compare
  undercount verify reports/my_study  is it as it was written, and by whom?
  undercount outcomes check FILE    events whose count was settled later
  undercount import radford2023 FILE  the rows of data/ukraine_losses

[bold]Exit codes[/bold]
  0  done
  1  the evidence is unsound; every problem is printed; or a report was altered
  2  the command was not understood
  3  the estimate failed its checks; no report was written
"""

app = typer.Typer(
    name="undercount",
    help=_HELP,
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)

app.command(epilog="Example: undercount report data/north_korea --to reports/north_korea")(report)
app.add_typer(outcomes)
app.add_typer(imports)
app.add_typer(citing)
app.add_typer(verifying)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"undercount {version('undercount')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is.", is_eager=True, callback=_say_version
        ),
    ] = False,
) -> None:
    """Leave everything to the commands; the help text stands above."""


@app.command(epilog="Example: undercount check data/north_korea")
def check(folder: Folder) -> None:
    """Read a study and say what is wrong with it, without any model.

    Exit code 0: sound. 1: unsound, with every problem and its remedy.
    """
    from estimators.evidence.screening import screen

    study = read(folder)
    out = Console()
    out.print(safe(study.title), style="bold")
    out.print(_summary(study))
    _print_findings(out, screen(study))
    out.print("[green]Sound:[/green] this study can be estimated.")


@app.command(epilog="Example: undercount new data/my_study")
def new(folder: Folder) -> None:
    """Write an example study with comments, to fill in; it passes `undercount check`."""
    from estimators.evidence.problems import EvidenceError
    from estimators.evidence.skeleton import write_skeleton

    try:
        made = write_skeleton(folder)
    except (EvidenceError, OSError) as error:
        fail(str(error))
    typer.echo(f"{clean(made)}: fill in study.toml and claims.csv, then")
    typer.echo(f"  undercount check {clean(made)}")


def _summary(study: Study) -> Table:
    """Return what a study holds as a small table."""
    readings = study.readings
    rows = {
        "claims": len(study.claims),
        "used": sum(claim.used for claim in study.claims),
        "kept, not used": sum(not claim.used for claim in study.claims),
        "used as readings": len(readings),  # a floor and its ceiling are one
        "origins of readings": len({claim.origin for claim in readings}),
        "networks of informants": len({claim.network or claim.origin for claim in readings}),
        "quantities": len(study.quantities),
        "headline": ", ".join(study.headline) or "none named",
    }
    table = Table(show_header=False, box=None)
    for name, value in rows.items():
        table.add_row(name, safe(f"{value:,}" if isinstance(value, int) else value))
    return table


def _print_findings(out: Console, screening: Screening) -> None:
    """Print what screening found, the open findings in full."""
    for finding in screening.open:
        out.print(f"[yellow]{safe(finding.kind)}[/yellow]: {safe(finding.why)}")
        out.print(f"  {safe(finding.proposal)}", style="dim")
    settled = len(screening.findings) - len(screening.open)
    out.print(f"{len(screening.open)} to look at, {settled} already settled.")
