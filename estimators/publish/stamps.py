"""What a file says of itself: the stamp inside a picture, a page, results or a sidecar."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

_PICTURE = "data:image/svg+xml;base64,"
_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"


def stamp_of(path: Path) -> dict[str, str]:
    """Return what a file says of itself: what it is, and what made it; nothing where it is mute.

    Parameters
    ----------
    path
        A picture (SVG, PNG, PDF), a page (HTML), or JSON. A file that is damaged is mute.
    """
    read = _READERS.get(path.suffix.lower())
    try:
        told = json.loads(read(path)) if read else {}
    except (ValueError, OSError, SyntaxError, RecursionError):  # as the readers tell of damage
        return {}
    return _texts(told) if isinstance(told, dict) else {}


def kind_of(path: Path, stamp: Mapping[str, str]) -> str:
    """Return what a file is: figure, table, results, document, or just a file.

    Parameters
    ----------
    path
        The file.
    stamp
        What it says of itself.
    """
    if path.parent.name == "figures" or "figure" in stamp or "alt" in stamp:
        return "figure"
    if path.parent.name == "tables" or "caption" in stamp or path.suffix == ".csv":
        return "table"
    if path.name == "results.json" or "question" in stamp:
        return "results"
    return "document" if path.suffix in (".html", ".pdf", ".docx") else "file"


def stamp_in(svg: bytes) -> str:
    """Return the stamp inside an SVG, '{}' where it has none.

    Parameters
    ----------
    svg
        The picture.

    Raises
    ------
    SyntaxError
        If it is not XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = next(etree.fromstring(svg, parser).iter(_DESCRIPTION), None)
    return str(found.text) if found is not None else "{}"


def pictures_of(page: bytes) -> Iterator[tuple[bytes, str, str]]:
    """Yield the SVG of each figure of a page, with its caption and alternative text.

    Where another picture stands in a figure, or one that is not embedded, it is empty.

    Parameters
    ----------
    page
        The page as HTML.
    """
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    if not page.strip():
        return
    for figure in html.document_fromstring(page, parser=parser).iter("figure"):
        caption = one_line(" ".join(c.text_content() for c in figure.iter("figcaption")))
        for image in figure.iter("img"):
            yield _embedded(image.get("src", "")), caption, image.get("alt", "")


def _embedded(source: str) -> bytes:
    if not source.startswith(_PICTURE):
        return b""
    try:
        return b64decode(source.removeprefix(_PICTURE))
    except ValueError:
        return b""


def one_line(text: str) -> str:
    """Return a text with every stretch of space made one space."""
    return " ".join(text.split())


def _of_png(path: Path) -> str:
    from PIL import Image

    try:
        with Image.open(path) as image:
            return str(getattr(image, "text", {}).get("Description", "{}"))
    except Image.DecompressionBombError as error:
        raise ValueError(str(error)) from None


def _of_pdf(path: Path) -> str:
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            return str(pdf.docinfo.get("/Subject", "{}"))
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from None


def _of_page(path: Path) -> str:
    for picture, _, _ in pictures_of(path.read_bytes()):
        told = {"figure": None, "id": None, "licence": None}  # those of the picture, not the page
        return json.dumps(json.loads(stamp_in(picture)) | told)
    return "{}"


_READERS: Mapping[str, Callable[[Path], str | bytes]] = {
    ".svg": lambda path: stamp_in(path.read_bytes()),
    ".png": _of_png,
    ".pdf": _of_pdf,
    ".html": _of_page,
    ".json": Path.read_bytes,
}


def _texts(told: dict[Any, Any]) -> dict[str, str]:
    """Return all texts of a stamp, those of its provenance among them."""
    inner = told.get("provenance")
    flat = told | inner if isinstance(inner, dict) else told
    return {str(name): value for name, value in flat.items() if isinstance(value, str)}
