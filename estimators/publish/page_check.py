"""Whether words fit what they stand at: ids of sidecars, captions and pictures of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from estimators.publish.identity import content_id, figure_id
from estimators.publish.stamps import one_line, pictures_of, stamp_in

_NUMBER = re.compile(r"^\D{1,40}\d+\. ")


def unfit_sidecar(path: Path) -> str:
    """Return why the id of a sidecar is not that of what lies beside it; '' where it is.

    Parameters
    ----------
    path
        The sidecar of a figure or table.
    """
    told = _read(path)
    beside = path.with_suffix(".svg" if "alt" in told else ".csv")
    if not beside.is_file():
        return f"{beside.name}, from which its id is made, is missing"
    content = beside.read_bytes()
    words = str(told.get("caption", "")), str(told.get("alt", ""))
    is_figure = "alt" in told
    id = figure_id(path.stem, content, *words) if is_figure else content_id(path.stem, content)
    return "" if id == told.get("id") else f"its id does not fit: its content has {id}"


def unfit_page(page: Path) -> list[str]:
    """Return where pictures, captions or alternative texts of a page are not those of the folder.

    Parameters
    ----------
    page
        report.html, in the folder of its report.
    """
    return [
        fault for picture in pictures_of(page.read_bytes()) for fault in _faults(page, *picture)
    ]


def _faults(page: Path, picture: bytes, caption: str, alt: str) -> Iterator[str]:
    name = _name_in(picture)
    path = page.parent / "figures" / f"{name}.svg"
    told = _read(path.with_suffix(".json"))
    shown = name or "a picture"
    if not told or not path.is_file():
        yield f"{shown} on the page is no figure of this folder"
        return
    if path.read_bytes() != picture:
        yield f"the picture {shown} on the page is another than {path.name}"
    if _NUMBER.sub("", caption, count=1) != one_line(str(told.get("caption"))):
        yield f"the caption of {shown} on the page is another than in {name}.json"
    if one_line(alt) != one_line(str(told.get("alt"))):
        yield f"the alternative text of {shown} on the page is another than in {name}.json"


def _name_in(picture: bytes) -> str:
    """Return the name that a picture bears; '' where it has none that could be a file's."""
    try:
        name = str(json.loads(stamp_in(picture)).get("figure", ""))
    except (ValueError, SyntaxError, AttributeError, RecursionError):
        return ""
    return name if re.fullmatch(r"[\w-]+", name) else ""


def _read(path: Path) -> dict[str, Any]:
    """Return a sidecar; nothing where there is none that can be read."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
