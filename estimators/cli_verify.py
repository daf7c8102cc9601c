"""The commands `undercount verify` and `sign`: whether a report is as it was written, and whose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from estimators.cli_words import UNSOUND, fail

app = typer.Typer()


@app.command(epilog="Example: undercount verify reports/north_korea")
def verify(
    path: Annotated[
        Path, typer.Argument(help="A report's folder, or one file of it.", metavar="FILE_OR_FOLDER")
    ],
    against: Annotated[
        Path | None,
        typer.Option(
            help="The report's folder that the file is said to be from.", metavar="FOLDER"
        ),
    ] = None,
    signed_by: Annotated[
        Path | None,
        typer.Option(help="The public key that it has to be signed with.", metavar="PUBKEY"),
    ] = None,
) -> None:
    """Say what a report or a file of it is, what made it, and whether it was altered.

    A file in the folder of its report is held against the manifest there; a file from elsewhere
    proves only what it says of itself. Exit code 0: nothing was found altered. 1: something was
    altered or is missing, or it is not signed with the key given.
    """
    from estimators.evidence.problems import EvidenceError
    from estimators.publish.verify import verify as look

    try:
        found = look(path, against=against, signed_by=signed_by)
    except (EvidenceError, OSError) as error:
        fail(str(error))
    for line in str(found).split("\n"):
        typer.echo("".join(c if c.isprintable() else " " for c in line))
    raise typer.Exit(UNSOUND if found.altered else 0)


@app.command(epilog="Example: undercount sign reports/north_korea --key ~/.ssh/id_ed25519")
def sign(
    folder: Annotated[Path, typer.Argument(help="The folder of a report.", show_default=False)],
    key: Annotated[Path, typer.Option(help="Your own private Ed25519 key: OpenSSH or PEM.")],
) -> None:
    """Sign the manifest of a report with your own key, so that others can see it is from you.

    Exit code 0: manifest.sig was written. 1: the report was altered, or the key cannot be used.
    """
    from estimators.evidence.problems import EvidenceError
    from estimators.publish.verify import sign as write

    try:
        fingerprint = write(folder, key, lambda: str(typer.prompt("Passphrase", hide_input=True)))
    except (EvidenceError, OSError) as error:
        fail(str(error))
    typer.echo(f"{folder / 'manifest.sig'}: signed with the key {fingerprint}")
