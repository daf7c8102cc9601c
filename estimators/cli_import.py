"""The `undercount import` commands: published data sets made into the claims of a study."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from estimators.cli_words import fail

if TYPE_CHECKING:
    from estimators.evidence.radford2023_claims import Imported

app = typer.Typer(
    name="import",
    help="Published data sets: read from a file that you have, written as the claims of a study.",
    no_args_is_help=True,
)


@app.callback()
def main() -> None:
    """Leave everything to the commands; the help text stands above."""


@app.command(epilog="Example: undercount import radford2023 replication-data-pnas.csv")
def radford2023(
    file: Annotated[
        Path, typer.Argument(help="replication-data-pnas.csv, or the reports.csv made of it.")
    ],
    to: Annotated[Path, typer.Option(help="The study's folder.")] = Path("data/ukraine_losses"),
    any_file: Annotated[
        bool, typer.Option("--any", help="Import another file than the one that was checked.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace claims that are there and differ.")
    ] = False,
) -> None:
    """Write the loss reports of Radford et al. 2023 as claims.csv, and cleaning.csv beside it.

    The file is data/replication-data-pnas.csv of github.com/benradford/estimating-conflict-losses;
    nothing is downloaded. Exit code 0: written. 1: the file is unsound or another one, or other
    claims are there already; nothing was written.
    """
    from estimators.evidence.problems import EvidenceError
    from estimators.evidence.radford2023 import read_reports
    from estimators.evidence.radford2023_claims import cleaning_text, import_reports
    from estimators.evidence.tables import claims_text

    try:
        made = import_reports(read_reports(file, any_file))
    except EvidenceError as error:
        fail(str(error))
    texts = {"claims.csv": claims_text(made.claims), "cleaning.csv": cleaning_text(made.steps)}
    _write(texts, to, force)
    _tell(made, to)


def _write(texts: dict[str, str], to: Path, force: bool) -> None:
    """Write files, none where one that differs is there already."""
    contents = {to / name: text.encode() for name, text in texts.items()}
    try:
        for path, content in contents.items():
            if path.exists() and path.read_bytes() != content and not force:
                fail(f"{path} is there already and differs: give --force to replace it.")
        to.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            path.write_bytes(content)
    except OSError as error:
        fail(f"{to}: it cannot be written ({error.strerror}).")


def _tell(made: Imported, to: Path) -> None:
    """Print what was made of the reports, and what was cleaned."""
    claims = made.claims
    table = Table(show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    rows = {"reports": len(claims), "claims": len(claims)}
    rows |= {"used": sum(claim.used for claim in claims)}
    rows |= Counter(step.what for step in made.steps)
    rows |= {f"'{name}'": n for name, n in Counter(c.wording.name for c in claims).most_common()}
    rows["running totals"] = sum(claim.method == "running total" for claim in claims)
    rows["of one day"] = sum(claim.since is not None for claim in claims)
    for name, n in rows.items():
        table.add_row(name, f"{n:,}")
    out = Console()
    out.print(table)
    said = f"{to / 'claims.csv'}, and cleaning.csv beside it: what was done, and why."
    out.print(said, markup=False, highlight=False, soft_wrap=True)
