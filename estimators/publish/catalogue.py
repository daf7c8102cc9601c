"""All words of a report in one catalogue: English in the code, other languages a file each."""

from __future__ import annotations

import re
from functools import cache

from estimators.publish.languages import HOLE, now
from estimators.publish.local_forms import in_digits

_NUMBER = r"[\d.,]+(?:e[+-]?\d+)?%?"
_INNER = "_"  # a place whose name ends so holds words of the program too


def say(message: str, /, **values: object) -> str:
    """Return a message in the language now spoken, its places in braces filled.

    Parameters
    ----------
    message
        The message in English, which is how the catalogue knows it.
    values
        What stands in its places.
    """
    spoken = now()
    text = message if spoken is None else spoken.said(message)
    return text.format(**values) if values else text


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """Return a message that counts; {number} in it is the number with thousands separated.

    Parameters
    ----------
    one, many
        The message in English for one, and for any other number.
    number
        How many.
    values
        What stands in its other places.
    """
    spoken = now()
    text = one if number == 1 else many
    if spoken is not None and one in spoken.words:
        text = spoken.said(one, spoken.form(number))
    elif spoken is not None:
        spoken.missing.add(one)
    return text.format(number=in_digits(number), **values)


def marked(message: str) -> str:
    """Return a message as it is: it belongs into the catalogue, but is said elsewhere."""
    return message


def retold(text: str) -> str:
    """Return a text that was made in English in the language now spoken.

    Parameters
    ----------
    text
        A message, or one of `estimators.publish.made_below` with its places filled. What is
        neither (a study's own words) stays as it is.
    """
    spoken = now()
    if spoken is None or not text:
        return text
    if text in spoken.words:
        return spoken.said(text)
    for message, form in _forms():
        if found := form.fullmatch(text):
            given = found.groupdict()
            inner = {k: retold(v) if k.endswith(_INNER) else v for k, v in given.items()}
            return spoken.said(message).format(**inner)
    return text


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the messages made below, each with what recognises it when its places are filled."""
    from estimators.publish.made_below import SENTENCES

    return tuple((message, _pattern(message)) for message in SENTENCES)


def _pattern(message: str) -> re.Pattern[str]:
    parts = HOLE.split(message)
    texts = (_place(part) if k % 2 else re.escape(part) for k, part in enumerate(parts))
    return re.compile("".join(texts), re.DOTALL)


def _place(name: str) -> str:
    return f"(?P<{name}>{_NUMBER if name.startswith('number') else '.+?'})"
