"""Text from a study is data: it reaches Markdown, figures and terminals escaped."""

from __future__ import annotations

import string
import unicodedata
from urllib.parse import urlsplit

from estimators.publish.widths import cut, width_of, wrapped

_ACTIVE = frozenset(string.punctuation)
# Line ends, tabs and other controls; format characters such as those that turn the direction of
# writing; halves of characters. The joiners are kept: some scripts are not legible without them.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")


class Safe(str):
    """Markdown made by the program itself: `escape` leaves it as it is."""

    __slots__ = ()


def plain(text: object) -> str:
    """Return a text on one line, without control characters.

    Parameters
    ----------
    text
        Whatever a study says.
    """
    kept = (
        c if c in _JOINERS or unicodedata.category(c) not in _HIDDEN else " " for c in str(text)
    )
    return " ".join("".join(kept).split())


def escape(text: object) -> Safe:
    """Return a text whose every Markdown-active character comes out literally.

    Parameters
    ----------
    text
        Whatever a study says; what is `Safe` already stays as it is.
    """
    if isinstance(text, Safe):
        return text
    return Safe("".join(f"\\{c}" if c in _ACTIVE else c for c in plain(text)))


def is_web(url: str) -> bool:
    """Return whether an address may become a link: http or https with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def link(text: object, url: str) -> Safe:
    """Return a Markdown link, or the text alone where the address is none of the web.

    Parameters
    ----------
    text
        What to show.
    url
        Where it leads.
    """
    address = plain(url)
    if not is_web(address) or any(c.isspace() for c in address):
        return escape(text)
    target = "".join(f"\\{c}" if c in _ACTIVE else c for c in address)
    return Safe(f"[{escape(text)}](<{target}>)")


def for_figure(text: object) -> str:
    """Return a text in which matplotlib sees no formula."""
    return plain(text).replace("$", r"\$")


def shortened(text: str, longest: int) -> str:
    """Return a text cut at a word, with an ellipsis, so that it fits.

    Parameters
    ----------
    text
        The text.
    longest
        How many characters fit.
    """
    if width_of(text) <= longest:
        return text
    start = cut(text, longest - 1)
    words = start.rsplit(" ", 1)[0]
    return (words if width_of(words) > longest // 2 else start).rstrip(" ,;:.") + "…"


def two_lines(text: object, width: int = 38) -> str:
    """Return a label for a figure on one line or two, cut where it needs more.

    Parameters
    ----------
    text
        The label, as a study says it.
    width
        How many characters fit on a line.
    """
    lines = wrapped(shortened(plain(text), 2 * width - 4), width)[:2]
    return "\n".join(for_figure(line) for line in lines)
