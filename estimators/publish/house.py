"""A house style: who publishes, in which colours, fonts and language, and with which templates."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from estimators.evidence.fields import Fields
from estimators.evidence.problems import Problem
from estimators.publish.escaping import plain
from estimators.publish.fonts import MAIN, StyleError, families_in, main_files, spare_faces

TEMPLATES = Path(str(files("estimators.publish") / "templates"))
REPLACEABLE = ("report.md", "report.css", "report.typ", "reference.docx")
_TEXT = 4.5  # contrast with white from which on text can be read (WCAG 2.2, AA)
_LOGOS = (".svg", ".png")


@dataclass(frozen=True)
class House:
    """How a publisher's reports look.

    `name` stands at the head of each page and `footer` at its foot. `accent` and `ink` are colours
    as #rrggbb, `files` those of the font `family`. `figure` and `table` are what captions call
    figures and tables.
    """

    name: str
    footer: str
    accent: str
    ink: str
    language: str
    family: str
    files: tuple[Path, ...]
    logo: Path | None
    figure: str
    table: str
    folder: Path

    @property
    def families(self) -> tuple[str, ...]:
        """Return the font family and those that stand in for letters it lacks."""
        return (self.family, *(face.family for face in spare_faces()))

    def file(self, name: str) -> Path:
        """Return a template: that of the house where it has one, else the one shipped.

        Parameters
        ----------
        name
            The file's name.
        """
        own = self.folder / name
        return own if own.is_file() else TEMPLATES / name


def read_house(folder: str | Path) -> House:
    """Return the house style that a folder holds.

    Parameters
    ----------
    folder
        A folder with style.toml; what it leaves out is as in the style that is shipped.

    Raises
    ------
    StyleError
        With everything that is wrong: a key that is unknown or of the wrong type, a colour too
        light to read, a font or logo that is not there.
    """
    folder = Path(folder)
    problems: list[Problem] = []
    given = Fields("style.toml", "", _default() | _toml(folder), problems)
    font = given.table("font")
    family = font.text("family") or MAIN
    made = House(
        name=plain(given.text("name", needed=True)),
        footer=plain(given.text("footer")),
        accent=_colour(given, "accent"),
        ink=_colour(given, "ink"),
        language=_matching(given, "language", r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "en or pt-BR"),
        family=family,
        files=_fonts(font, folder, family),
        logo=_logo(given, folder),
        figure=plain(given.text("figure", needed=True)),
        table=plain(given.text("table", needed=True)),
        folder=folder,
    )
    font.close()
    given.close()
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise StyleError(f"the house style {folder} cannot be used:\n{lines}")
    return made


@cache
def default_house() -> House:
    """Return the house style that reports have without one of their own."""
    return read_house(TEMPLATES)


def _default() -> dict[str, Any]:
    with (TEMPLATES / "style.toml").open("rb") as file:
        return tomllib.load(file)


def _toml(folder: Path) -> dict[str, Any]:
    path = folder / "style.toml"
    if not path.is_file():
        raise StyleError(
            f"{folder}: there is no style.toml in it. Give the folder of a house style, with at "
            'least style.toml and name = "…" in it.'
        )
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StyleError(f"{path}: it is not TOML in UTF-8 ({error}). Mend the file.") from None


def _matching(given: Fields, key: str, pattern: str, example: str) -> str:
    text = given.text(key, needed=True)
    if text and not re.fullmatch(pattern, text):
        given.wrong(key, "it has not the form that is needed.", f"Write {example}.", text)
    return text


def _colour(given: Fields, key: str) -> str:
    """Return a colour, or note that it is none or too light for text on white."""
    text = _matching(given, key, r"#[0-9A-Fa-f]{6}", 'a colour as "#00558a"')
    if re.fullmatch(r"#[0-9A-Fa-f]{6}", text) and (got := contrast(text)) < _TEXT:
        wrong = f"its contrast with white is {got:.1f}, which few can read."
        given.wrong(key, wrong, f"Take a darker colour: {_TEXT} at least.", text)
    return text


def contrast(colour: str, other: str = "#ffffff") -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it.

    Parameters
    ----------
    colour, other
        The colours as #rrggbb.
    """
    dark, light = sorted((_luminance(colour), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _inside(given: Fields, key: str, folder: Path, name: str) -> Path | None:
    """Return a file of the folder, or note that it is not there."""
    path = folder / name
    if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
        return path
    given.wrong(key, "there is no such file in the folder.", "Put it beside style.toml.", name)
    return None


def _logo(given: Fields, folder: Path) -> Path | None:
    name = given.text("logo")
    path = _inside(given, "logo", folder, name) if name else None
    if path is not None and path.suffix.lower() not in _LOGOS:
        given.wrong("logo", "it is neither SVG nor PNG.", "Save it as one of these.", name)
    return path


def _fonts(given: Fields, folder: Path, family: str) -> tuple[Path, ...]:
    """Return the files of the family, or note which are missing or of another family."""
    found = [_inside(given, "files", folder, name) for name in given.texts("files")]
    own = tuple(path for path in found if path is not None)
    if not found and family == MAIN:
        return main_files()
    known = {name for path in own for name in _names(given, path)}
    if family not in known and len(own) == len(found):
        remedy = f"The files are of: {', '.join(sorted(known)) or 'none'}. Name one of these."
        given.wrong("family", "no file under files is of this family.", remedy, family)
    return own


def _names(given: Fields, path: Path) -> set[str]:
    try:
        return families_in(path)
    except Exception as error:  # whatever bytes a file holds
        given.wrong("files", f"it is no font ({error}).", "Give TTF or OTF files.", path.name)
        return set()
