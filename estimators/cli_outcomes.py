"""The `undercount outcomes` commands: files of known outcomes, checked and added to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from estimators.cli_words import UNSOUND

if TYPE_CHECKING:
    from estimators.evidence.outcome import Outcomes

app = typer.Typer(
    name="outcomes",
    help="Known outcomes: events whose count was settled later, and the claims made before.",
    no_args_is_help=True,
)

Set = Annotated[Path, typer.Argument(help="A file of known outcomes, or its folder.")]


@app.command(epilog="Example: undercount outcomes check data/known_outcomes")
def check(path: Set) -> None:
    """Read a file of known outcomes and say what is wrong with it, and what it holds.

    Exit code 0: sound. 1: unsound, with every problem and its remedy.
    """
    from estimators.evidence.outcomes import read_outcomes

    _tell(_sound(lambda: read_outcomes(path)))


@app.command(epilog="Example: undercount outcomes add my_outcomes.csv new_rows.csv")
def add(
    path: Annotated[Path, typer.Argument(help="The file to add to; begun where there is none.")],
    rows: Annotated[Path, typer.Argument(help="A file with the same columns.")],
) -> None:
    """Add the rows of one file to another, if both together are sound.

    Exit code 0: added. 1: unsound; the file stays as it was.
    """
    from estimators.evidence.outcomes import add_outcomes

    _tell(_sound(lambda: add_outcomes(path, rows)))


def _sound(read: Callable[[], Outcomes]) -> Outcomes:
    from estimators.evidence.problems import EvidenceError

    try:
        return read()
    except EvidenceError as error:
        Console(stderr=True).print(
            str(error), style="red", highlight=False, markup=False, soft_wrap=True
        )
        raise typer.Exit(UNSOUND) from None


def _tell(found: Outcomes) -> None:
    """Print what a set holds."""
    out = Console()
    table = Table("", "outcomes", "claims", box=None)
    for name, of in (
        ("category", "category"),
        ("how it came in", "selection"),
        ("quality", "quality"),
    ):
        events = Counter(getattr(event, of) for event in found.events)
        claims = Counter(getattr(event, of) for event in found.events for _ in event.claims)
        for key, n in events.most_common():
            table.add_row(f"{name}: {key}", f"{n:,}", f"{claims[key]:,}")
    out.print(table)
    for line in found.unread:
        out.print(line, style="yellow", markup=False, highlight=False)
    clusters = len({event.cluster for event in found.events})
    out.print(
        f"[green]Sound:[/green] {len(found.events):,} outcomes in {clusters:,} clusters, "
        f"{found.n_claims:,} claims, {len(found.unread):,} of them unread."
    )
