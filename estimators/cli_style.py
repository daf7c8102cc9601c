"""The option --style of `undercount report`: a house style, read before anything is estimated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _read(folder: Path | None) -> Path | None:
    """Return the folder; end where no house style can be read from it."""
    if folder is None:
        return None
    from estimators.publish.fonts import StyleError
    from estimators.publish.house import read_house

    try:
        read_house(folder)
    except StyleError as error:
        raise typer.BadParameter(str(error)) from None
    return folder


Style = Annotated[
    Path | None,
    typer.Option(
        "--style",
        metavar="FOLDER",
        callback=_read,
        help="A house style: style.toml with name, colours, fonts, logo and language, and "
        "templates in place of those shipped.",
        show_default="the one shipped",
    ),
]
