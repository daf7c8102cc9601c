"""Figures as files: PNG and SVG of the same bytes each time, stamped with where they come from."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.text import Text

from estimators.publish.escaping import plain
from estimators.publish.fonts import figure_families, refuse_missing
from estimators.publish.style import figure_of, style

DPI = 200
_LACKS = re.compile(r"Glyph (\d+) .*missing from", re.DOTALL)


@dataclass(frozen=True)
class Plate:
    """A figure for print: its name, what is drawn, a caption, and the same said in words."""

    name: str
    axes: Axes
    title: str
    caption: str
    alt: str


def write_plate(plate: Plate, folder: str | Path, provenance: Mapping[str, str]) -> Path:
    """Return the SVG of a figure, written beside a PNG and a sidecar with caption and provenance.

    Parameters
    ----------
    plate
        The figure.
    folder
        Where to; made if it is not there.
    provenance
        Hashes of the inputs, versions and commit, as an estimate carries them.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = json.dumps({"figure": plate.name, **provenance}, sort_keys=True)
    path = folder / f"{plate.name}.svg"
    _save(plate, path, _svg_metadata(plate, stamp))
    _save(plate, path.with_suffix(".png"), _png_metadata(plate, stamp))
    sidecar = {
        "name": plate.name,
        "title": plain(plate.title),
        "caption": plain(plate.caption),
        "alt": plain(plate.alt),
        "provenance": dict(provenance),
        "sha256": {p.name: _digest(p) for p in (path.with_suffix(".png"), path)},
    }
    plt.close(figure_of(plate.axes))
    text = json.dumps(sidecar, indent=2, sort_keys=True, ensure_ascii=False)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _save(plate: Plate, path: Path, metadata: dict[str, Any]) -> None:
    if not _missing(plate, path, metadata):
        return
    for text in figure_of(plate.axes).findobj(Text):
        text.set_fontfamily(figure_families(every=True))
    # A letter that no font has would be drawn as a box.
    if letters := _missing(plate, path, metadata):
        raise refuse_missing(letters, f"the figure {plate.name}")


def _missing(plate: Plate, path: Path, metadata: dict[str, Any]) -> str:
    """Return the letters that the fonts of a figure lack, which is saved all the same."""
    with style(), warnings.catch_warnings(record=True) as said:
        warnings.filterwarnings("always", message="Glyph .* missing from")
        figure_of(plate.axes).savefig(path, dpi=DPI, metadata=metadata)
    codes = {int(found[1]) for w in said if (found := _LACKS.match(str(w.message)))}
    return "".join(map(chr, sorted(codes)))


def _png_metadata(plate: Plate, stamp: str) -> dict[str, Any]:
    return {"Software": None, "Title": plain(plate.title), "Description": stamp}


def _svg_metadata(plate: Plate, stamp: str) -> dict[str, Any]:
    return {
        "Date": None,
        "Creator": "undercount",
        "Title": plain(plate.title),
        "Description": stamp,
    }


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
