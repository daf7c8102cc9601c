"""The `undercount` command: a thin face over the public names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from estimators.cli_import import app as imports
from estimators.cli_outcomes import UNSOUND
from estimators.cli_outcomes import app as outcomes

if TYPE_CHECKING:
    from estimators.evidence.screening import Screening
    from estimators.evidence.study import Study

REFUSED = 3

_HELP = """
Turn what was [bold]said[/bold] about a hidden population into what can be [bold]believed[/bold].

A study is a folder with study.toml (what is counted, who spoke, what is
assumed) and claims.csv (one row for each thing that somebody said). From it
comes a report: estimates with intervals, figures, tables, and the reasons.

[bold]To begin[/bold]
  undercount new data/my_study      write an example to fill in
  undercount check data/my_study    is the evidence sound? (no model)
  undercount report data/my_study   write reports/my_study/report.html
  undercount outcomes check FILE    events whose count was settled later
  undercount import radford2023 FILE  the rows of data/ukraine_losses

[bold]Exit codes[/bold]
  0  done
  1  the evidence is unsound; every problem is printed
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

app.add_typer(outcomes)
app.add_typer(imports)

Folder = Annotated[Path, typer.Argument(help="The study's folder.", show_default=False)]


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

    study = _read(folder)
    out = Console()
    out.print(_safe(study.title), style="bold")
    out.print(_summary(study))
    _print_findings(out, screen(study))
    out.print("[green]Sound:[/green] this study can be estimated.")


@app.command(epilog="Example: undercount report data/north_korea --to reports/north_korea")
def report(
    folder: Folder,
    to: Annotated[
        Path | None,
        typer.Option(help="Where to write.", show_default="reports/<name of the study's folder>"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed: the same gives the same numbers.")] = 2023,
    draws: Annotated[int, typer.Option(min=1, help="Draws a chain.")] = 2000,
    chains: Annotated[int, typer.Option(min=1, help="Chains.")] = 4,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the fits that show what would change it.")
    ] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Make changed fits of this kind only: origin, network, class, scenario, anchor, "
            "'early error' or prior. May be given several times; all kinds by default.",
        ),
    ] = None,
    waive: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECK=REASON",
            help="Print although this check failed, and say why. May be given several times.",
        ),
    ] = None,
) -> None:
    """Estimate a study and write its report: one page, figures, tables, results.

    Exit code 0: written. 1: the evidence is unsound. 3: a check failed that nobody waived;
    nothing was written.
    """
    waivers = _waivers(waive or [])
    study = _read(folder)
    target = to or Path("reports") / folder.resolve().name
    err = Console(stderr=True)
    with _refusing(err), _stages(err) as stage:
        kinds = () if quick else tuple(changes or ()) or None
        page = _make_report(study, target, seed, (draws, chains), kinds, waivers, stage)
    typer.echo(str(page))


@app.command(epilog="Example: undercount new data/my_study")
def new(folder: Folder) -> None:
    """Write an example study with comments, to fill in; it passes `undercount check`."""
    from estimators.evidence.problems import EvidenceError
    from estimators.evidence.skeleton import write_skeleton

    try:
        made = write_skeleton(folder)
    except (EvidenceError, OSError) as error:
        _fail(str(error))
    typer.echo(f"{_clean(made)}: fill in study.toml and claims.csv, then")
    typer.echo(f"  undercount check {_clean(made)}")


def _make_report(
    study: Study,
    to: Path,
    seed: int,
    size: tuple[int, int],
    kinds: tuple[str, ...] | None,
    waivers: dict[str, str],
    stage: Callable[[str], None],
) -> Path:
    stage("loading the model")
    logging.getLogger("pymc").setLevel(logging.WARNING)  # it names what it samples
    from estimators.inference.checks import check as check_estimate
    from estimators.inference.compute import Draws
    from estimators.inference.estimate import estimate
    from estimators.inference.prior import prior
    from estimators.inference.sensitivity import kinds_of, sensitivity
    from estimators.publish.report import require_passed, write_report

    try:
        kinds_of(kinds)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--changes") from None
    draws = Draws(draws=size[0], tune=max(size[0] // 4, 300), chains=size[1])
    stage("estimating")
    made = estimate(study, seed=seed, draws=draws, progress=False)
    stage("checking")
    checks = check_estimate(made, waivers)
    require_passed(checks)
    stage("drawing what the ranges alone mean")
    before = prior(study, seed=seed)
    changes = None
    if kinds != ():
        stage("changing one thing at a time")
        changes = sensitivity(made, kinds=kinds, progress=False)
    stage("writing")
    return write_report(made, changes, to=to, checks=checks, prior=before)


def _read(folder: Path) -> Study:
    """Return the study of a folder; end with every problem where there is none."""
    from estimators.evidence.files import read_study
    from estimators.evidence.problems import EvidenceError

    try:
        return read_study(folder)
    except EvidenceError as error:
        _fail(str(error))


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
        table.add_row(name, _safe(f"{value:,}" if isinstance(value, int) else value))
    return table


def _print_findings(out: Console, screening: Screening) -> None:
    """Print what screening found, the open findings in full."""
    for finding in screening.open:
        out.print(f"[yellow]{_safe(finding.kind)}[/yellow]: {_safe(finding.why)}")
        out.print(f"  {_safe(finding.proposal)}", style="dim")
    settled = len(screening.findings) - len(screening.open)
    out.print(f"{len(screening.open)} to look at, {settled} already settled.")


def _waivers(given: list[str]) -> dict[str, str]:
    """Return waivers as check and reason; end where one has not the form CHECK=REASON."""
    found = {}
    for text in given:
        name, equals, reason = text.partition("=")
        if not (equals and name.strip() and reason.strip()):
            raise typer.BadParameter(f"{text!r} is not CHECK=REASON", param_hint="--waive")
        found[name.strip()] = reason.strip()
    return found


@contextmanager
def _refusing(err: Console) -> Iterator[None]:
    """End with an exit code and no traceback where evidence or checks stand against a report."""
    from estimators.evidence.problems import EvidenceError

    try:
        yield
    except EvidenceError as error:
        _fail(str(error))
    except Exception as error:
        if type(error).__name__ != "NotPublishableError":
            raise
        err.print(f"[red]Not publishable:[/red] {_lines(str(error))}", highlight=False)
        raise typer.Exit(REFUSED) from None


@contextmanager
def _stages(err: Console) -> Iterator[Callable[[str], None]]:
    """Show which stage runs; on a terminal with a spinner, elsewhere one line a stage."""
    if not err.is_terminal:
        yield lambda text: err.print(f"{text} …", highlight=False)
        return
    with err.status("starting") as status:
        yield lambda text: status.update(f"{text} …")


def _fail(message: str) -> NoReturn:
    """Print what is wrong and end with the exit code of unsound evidence."""
    Console(stderr=True).print(_lines(message), style="red", highlight=False, soft_wrap=True)
    raise typer.Exit(UNSOUND)


def _safe(text: object) -> str:
    """Return a text on one line in which nothing is markup or a control character."""
    return escape(_clean(text))


def _lines(text: str) -> str:
    """Return a text with its lines kept, in which nothing is markup or a control character."""
    return "\n".join(
        line[: len(line) - len(line.lstrip(" "))] + _safe(line) for line in text.split("\n")
    )


def _clean(text: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
