"""Which fonts reports and figures are set in, which letters they have, and which are missing."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontEntry, fontManager

MAIN = "Fira Sans"
_EAST_ASIA = "Noto Sans CJK KR"
_KOREAN = 1  # its place in the collection, whose fonts all have the same letters
_FIGURES_LAST = "DejaVu Sans"  # comes with matplotlib
_FIGURES_OFTEN = ("Noto Sans Arabic", _EAST_ASIA)
# What has no shape of its own: marks that join, choose a variant or turn the direction.
_SHAPELESS = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_VARIANTS = range(0xFE00, 0xFE10)
_SHOWN = 20


class StyleError(ValueError):
    """A house style or its template cannot be used, or its fonts lack letters of the study."""


@dataclass(frozen=True)
class Face:
    """A family of fonts with a file that has its letters, and the folder that it lies in."""

    family: str
    path: Path
    index: int = 0


def _package(name: str, inside: str = "") -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise StyleError(f"the fonts of the package {name} are missing: install undercount again")
    return Path(spec.origin).parent / inside


@cache
def main_files() -> tuple[Path, ...]:
    """Return the files of the family that a report has without a house style."""
    folder = _package("fontpkg_fira_sans", "files")
    cuts = ("Regular", "Italic", "SemiBold", "SemiBoldItalic", "Bold", "BoldItalic")
    return tuple(folder / f"FiraSans-{cut}.ttf" for cut in cuts)


@cache
def spare_faces() -> tuple[Face, ...]:
    """Return the families that stand in for letters which the main one lacks, in this order."""
    folder = _package("manimgx_fonts")
    scripts = [
        Face(_family(p), p) for p in folder.glob("NotoSans*[[]*.ttf") if "Ital" not in p.stem
    ]
    east = Face(_EAST_ASIA, _package("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc", _KOREAN)
    return (*sorted(scripts, key=lambda face: (len(face.family), face.family)), east)


def _family(path: Path) -> str:
    """Return the family of a file named as Noto names them: NotoSansArabic[wght].ttf."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", path.name.partition("[")[0])


def folders_of(files: Iterable[Path]) -> list[str]:
    """Return the folders of the fonts of a report, each once.

    Parameters
    ----------
    files
        The files of the main family.
    """
    every = [*files, *(face.path for face in spare_faces())]
    return [str(folder) for folder in dict.fromkeys(path.parent for path in every)]


@cache
def _letters(path: Path, index: int = 0) -> frozenset[int]:
    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing_letters(text: str, files: Iterable[Path]) -> str:
    """Return the letters of a text that no font has, each once; '' where all are there.

    Parameters
    ----------
    text
        The text.
    files
        The files of the main family; those that stand in for it are looked at too.
    """
    left = {c for c in set(text) if unicodedata.category(c) not in _SHAPELESS}
    left = {c for c in left if ord(c) not in _VARIANTS}
    for path, index in [*((p, 0) for p in files), *((f.path, f.index) for f in spare_faces())]:
        if not left:
            return ""
        left = {c for c in left if ord(c) not in _letters(path, index)}
    return "".join(sorted(left))


def refuse_missing(letters: str, where: str) -> StyleError:
    """Return the error for letters that no font has.

    Parameters
    ----------
    letters
        The letters.
    where
        What they stand in.
    """
    named = [f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'without a name')})" for c in letters]
    more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
    return StyleError(
        f"{where}: no font has the letters {', '.join(named[:_SHOWN])}{more}. Put a font that has "
        "them into a house style (files under [font] in its style.toml) and give it with --style, "
        "or write the text in other letters."
    )


@cache
def register(files: tuple[Path, ...]) -> None:
    """Make a family and those that stand in for it known to matplotlib.

    Parameters
    ----------
    files
        The files of the family.
    """
    for path in files:
        fontManager.addfont(path)
    for face in spare_faces():
        # One cut stands in for bold too: asked for another, matplotlib would warn of each.
        for weight in (400, 600, 700):
            fontManager.ttflist.append(_entry(face, weight))


def _entry(face: Face, weight: int) -> FontEntry:
    return FontEntry(
        fname=str(face.path),
        index=face.index,
        name=face.family,
        style="normal",
        variant="normal",
        weight=weight,
        stretch="normal",
        size="scalable",
    )


_LETTERING: ContextVar[tuple[str, tuple[Path, ...]] | None] = ContextVar("lettering", default=None)


@contextmanager
def lettering(family: str, files: tuple[Path, ...]) -> Iterator[None]:
    """Draw figures in a family of fonts for the time of a `with` block.

    Parameters
    ----------
    family
        Its name.
    files
        Its files.
    """
    token = _LETTERING.set((family, files))
    try:
        yield
    finally:
        _LETTERING.reset(token)


def figure_families(every: bool = False) -> list[str]:
    """Return the families that figures are set in, the main one first.

    Parameters
    ----------
    every
        Whether to name all that stand in for it. With each, matplotlib takes longer over every
        text; by default these are the ones with which most studies do.
    """
    family, files = _LETTERING.get() or (MAIN, main_files())
    register(files)
    spare = [face.family for face in spare_faces() if every or face.family in _FIGURES_OFTEN]
    return [family, *spare, _FIGURES_LAST]


def families_in(path: Path) -> set[str]:
    """Return the names by which programs know the family of a font file.

    Parameters
    ----------
    path
        A TTF or OTF file.
    """
    with path.open("rb") as file, TTFont(file, lazy=True) as font:
        return {str(n) for n in (font["name"].getDebugName(k) for k in (1, 16)) if n}
