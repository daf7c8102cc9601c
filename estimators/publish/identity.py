"""Ids of figures and tables: their name and ten digits of the hash of what is in them."""

from __future__ import annotations

import json
import re
from hashlib import sha256

DIGITS = 10
_STAMPED = re.compile(rb"\s*<(title|metadata)>.*?</\1>", re.DOTALL)


def figure_id(name: str, svg: bytes, caption: str, alt: str) -> str:
    """Return the id of a figure: the same drawing with the same words has the same id.

    Parameters
    ----------
    name
        The name of the figure's files.
    svg
        The figure as SVG; what is stamped into it (title and metadata) does not count.
    caption
        The caption, on one line.
    alt
        What is said in words, on one line.
    """
    drawn = sha256(_STAMPED.sub(b"", svg, count=2)).hexdigest()
    return content_id(name, json.dumps([drawn, caption, alt]).encode())


def content_id(name: str, content: bytes) -> str:
    """Return the id of a table or of another file: its name and the hash of its bytes.

    Parameters
    ----------
    name
        The name of the file without its ending.
    content
        Its bytes; of a table those of its CSV.
    """
    return f"{name}-{digest(content)[:DIGITS]}"


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as hexadecimal digits."""
    return sha256(content).hexdigest()
