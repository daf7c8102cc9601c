"""How wide a text is in a figure: letters of Hangul, Kana and Han are as wide as two of Latin."""

from __future__ import annotations

import textwrap
import unicodedata


def width_of(text: str) -> int:
    """Return how many Latin letters a text is as wide as.

    Parameters
    ----------
    text
        The text.
    """
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def weight_of(text: str) -> str:
    """Return the weight of a heading: bold, but not where letters of it have no bold cut.

    Parameters
    ----------
    text
        The heading.
    """
    return "bold" if width_of(text) == len(text) else "normal"


def wrapped(text: str, width: int, most: int | None = None) -> list[str]:
    """Return a text in lines that are no wider than so many Latin letters.

    Parameters
    ----------
    text
        The text.
    width
        How many fit on a line.
    most
        How many lines at most; the last ends with an ellipsis where text is left.
    """
    if width_of(text) == len(text):
        return textwrap.wrap(text, width, max_lines=most, placeholder="…")
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer) <= width:
            lines[-1] = longer
            continue
        *whole, last = _broken(word, width)
        lines += [*whole, last]
    kept = [line for line in lines if line]
    if most is None or len(kept) <= most:
        return kept
    return [*kept[: most - 1], cut(kept[most - 1], width - 1) + "…"]


def _broken(word: str, width: int) -> list[str]:
    """Return a word in pieces that fit; one that fits stays whole."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def cut(text: str, width: int) -> str:
    """Return as much of the start of a text as is no wider than so many Latin letters.

    Parameters
    ----------
    text
        The text.
    width
        How many fit.
    """
    while width_of(text) > width:
        text = text[: len(text) - max(1, (width_of(text) - width) // 2)]
    return text
