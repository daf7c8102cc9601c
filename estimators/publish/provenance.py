"""Figures as files: PNG, SVG and PDF of the same bytes each time, stamped with whence they come."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.text import Text

from estimators.publish.credit import Credit
from estimators.publish.escaping import plain
from estimators.publish.fonts import figure_families, refuse_missing
from estimators.publish.identity import digest, figure_id
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


def write_plate(plate: Plate, folder: str | Path, credit: Credit) -> Path:
    """Return the SVG of a figure, written beside a PNG, a PDF and a sidecar with id and caption.

    Parameters
    ----------
    plate
        The figure.
    folder
        Where to; made if it is not there.
    credit
        What made the figure, who said what it shows, and its licence.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    words = {name: plain(getattr(plate, name)) for name in ("title", "caption", "alt")}
    path = folder / f"{plate.name}.svg"
    id = _save_svg(plate, path, words, credit)
    for end in (".png", ".pdf"):
        _save(plate, path.with_suffix(end), _metadata(words["title"], _stamp(id, credit))[end])
    plt.close(figure_of(plate.axes))
    write_sidecar(path.with_suffix(".json"), id, words, credit)
    return path


def write_sidecar(path: Path, id: str, words: dict[str, Any], credit: Credit) -> None:
    """Write beside a figure or table what it is, whence it comes and the hashes of its files.

    Parameters
    ----------
    path
        The sidecar; the other files of its name in the folder are those that it speaks of.
    id
        The id of the figure or table.
    words
        Title, caption and what else is said of it.
    credit
        What made it, who said what it shows, and its licence.
    """
    files = sorted(p for p in path.parent.glob(f"{path.stem}.*") if p.suffix != ".json")
    sidecar = words | {
        "id": id,
        "name": path.stem,
        "sources": credit.sources,
        "licence": credit.licence,
        "provenance": dict(credit.provenance),
        "sha256": {p.name: digest(p.read_bytes()) for p in files},
    }
    text = json.dumps(sidecar, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _save_svg(plate: Plate, path: Path, words: dict[str, str], credit: Credit) -> str:
    """Return the id of a figure, written as SVG; it is drawn once, since a layout may yet move."""
    blank = f"{plate.name}-{'0' * 10}"
    drawn = BytesIO()
    _save(plate, drawn, _metadata(words["title"], _stamp(blank, credit))[".svg"])
    svg = drawn.getvalue()
    id = figure_id(plate.name, svg, words["caption"], words["alt"])
    path.write_bytes(svg.replace(blank.encode(), id.encode()))
    return id


def _save(plate: Plate, to: Path | BytesIO, metadata: dict[str, Any]) -> None:
    if not _missing(plate, to, metadata):
        return
    for text in figure_of(plate.axes).findobj(Text):
        text.set_fontfamily(figure_families(every=True))
    if isinstance(to, BytesIO):
        to.seek(0)
        to.truncate()
    # A letter that no font has would be drawn as a box.
    if letters := _missing(plate, to, metadata):
        raise refuse_missing(letters, f"the figure {plate.name}")


def _missing(plate: Plate, to: Path | BytesIO, metadata: dict[str, Any]) -> str:
    """Return the letters that the fonts of a figure lack, which is saved all the same."""
    form = to.suffix[1:] if isinstance(to, Path) else "svg"
    with style(), warnings.catch_warnings(record=True) as said:
        warnings.filterwarnings("always", message="Glyph .* missing from")
        figure_of(plate.axes).savefig(to, format=form, dpi=DPI, metadata=metadata)
    codes = {int(found[1]) for w in said if (found := _LACKS.match(str(w.message)))}
    return "".join(map(chr, sorted(codes)))


def _stamp(id: str, credit: Credit) -> dict[str, str]:
    name = id.rpartition("-")[0]
    return {**credit.provenance, "figure": name, "id": id, "licence": credit.licence}


def _metadata(title: str, stamp: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return what stands inside the file of each kind; nothing of it tells the time."""
    text, id = json.dumps(stamp, sort_keys=True), stamp["id"]
    told = {"Title": title, "Description": text}
    made = {"Title": title, "Subject": text, "Keywords": id, "Creator": "undercount"}
    return {
        ".svg": told | {"Date": None, "Creator": "undercount", "Identifier": id},
        ".png": told | {"Software": None},
        ".pdf": made | {"CreationDate": None, "Producer": None},
    }
