"""How `undercount report` looks and speaks: --style and --language, read before estimating."""

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

Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="CODE",
        help="What the report is written in: en, ko, or a language of which the house style has a "
        "catalogue, <language>.po.",
        show_default="that of the house style",
    ),
]


def known_language(name: str | None, style: Path | None) -> str | None:
    """Return the language; end where there is no catalogue of it.

    Parameters
    ----------
    name
        The language; None for that of the house style.
    style
        Folder of the house style, whose catalogues count too.
    """
    from estimators.publish.fonts import StyleError
    from estimators.publish.house import default_house, read_house
    from estimators.publish.languages import read_language

    try:
        house = read_house(style) if style else default_house()
        read_language(name or house.language, house.folder)
    except StyleError as error:
        raise typer.BadParameter(str(error), param_hint="--language") from None
    return name
