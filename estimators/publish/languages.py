"""Languages: which one is spoken now, and the catalogue of each, a file of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from gettext import c2py
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ENGLISH = "en"
LOCALE = Path(str(files("estimators.publish") / "locale"))
HOLE = re.compile(r"\{(\w+)\}")
_PERCENT = re.compile(r"%%|%\((\w+)\)s")


@dataclass(frozen=True, eq=False)
class Spoken:
    """A language: its name as BCP 47 says it, and its words; `missing` are those it lacks."""

    name: str
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = lambda number: int(number != 1)
    missing: set[str] = field(default_factory=set)

    def said(self, message: str, form: int = 0) -> str:
        """Return a message in this language; in English where the catalogue lacks it.

        Parameters
        ----------
        message
            The message in English.
        form
            Which of its plurals.
        """
        found = self.words.get(message)
        if found is None:
            self.missing.add(message)
            return message
        return found[min(form, len(found) - 1)]


_NOW: ContextVar[Spoken | None] = ContextVar("language", default=None)


def now() -> Spoken | None:
    """Return the language now spoken; None for English."""
    return _NOW.get()


@contextmanager
def speaking(language: str, folder: str | Path | None = None) -> Iterator[Spoken]:
    """Say everything in a language for the time of a `with` block.

    Parameters
    ----------
    language
        As BCP 47 says it: 'en', 'ko', 'pt-BR'.
    folder
        A folder that is looked up for <language>.po before those that are shipped, such as that
        of a house style.

    Raises
    ------
    StyleError
        If there is no catalogue of the language, or it cannot be read.
    """
    spoken = read_language(language, None if folder is None else Path(folder))
    token = _NOW.set(None if spoken.name == ENGLISH else spoken)
    try:
        yield spoken
    finally:
        _NOW.reset(token)


def language() -> str:
    """Return the language now spoken, as BCP 47 says it."""
    now = _NOW.get()
    return ENGLISH if now is None else now.name


def read_language(name: str, folder: Path | None = None) -> Spoken:
    """Return a language with its catalogue: that of the folder where it has one, else one shipped.

    Parameters
    ----------
    name
        As BCP 47 says it; of a language with a region that of the language serves too.
    folder
        Looked up first.

    Raises
    ------
    StyleError
        If there is no catalogue of the language, or it cannot be read.
    """
    main = name.partition("-")[0].lower()
    for place in (folder, LOCALE):
        for stem in dict.fromkeys((name, main)):
            if place is not None and (path := place / f"{stem}.po").is_file():
                return _read(name, path)
    if main == ENGLISH:
        return Spoken(ENGLISH)
    known = ", ".join([ENGLISH, *sorted(path.stem for path in LOCALE.glob("*.po"))])
    raise _refused(
        f"there is no catalogue of the language {name!r}; there are: {known}. Translate the texts "
        f"of {LOCALE.name}/ko.po into a file {main}.po, put it into the folder of a house style, "
        "and give that with --style."
    )


def _read(name: str, path: Path) -> Spoken:
    """Return a language as its file has it; what is not sure ('fuzzy') or empty is left out."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            made = read_po(file, locale=name.replace("-", "_"), abort_invalid=True)
        return Spoken(name, _words(made), c2py(made.plural_expr))
    except (OSError, ValueError, PoFileError) as error:
        raise _refused(f"{path}: it is no catalogue ({error}). Mend the file.") from None


def _words(made: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the messages with their texts; of a language without forms of plural one text.

    Raises
    ------
    ValueError
        If a text has a place that its message has not, so that nothing could fill it.
    """
    found = {}
    for message in made:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        if ids[0] and all(strings) and not message.fuzzy:
            found[ids[0]] = tuple(map(str, strings))
            there = set().union(*map(places, ids))
            of_template = any(map(_PERCENT.search, ids))
            for text in found[ids[0]]:
                if wrong := places(text, of_template) - there:
                    raise ValueError(f"{', '.join(sorted(wrong))} in {text!r} is not in {ids[0]!r}")
    return found


def places(message: str, of_template: bool = False) -> set[str]:
    """Return the places of a message, as they are written in it: '{low}', '%(label)s'.

    Parameters
    ----------
    message
        In any language. A brace or, in a message of the template, a percent sign that belongs to
        no place is given as it is.
    of_template
        Whether it is a message of the template, which its percent signs may not show.
    """
    found = {f"{{{name}}}" for name in HOLE.findall(message)}
    found |= set(re.findall(r"[{}]", HOLE.sub("", message)))
    if not (of_template or _PERCENT.search(message)):
        return found
    found |= {f"%({name})s" for name in _PERCENT.findall(message) if name}
    return found | set(re.findall("%", _PERCENT.sub("", message)))


def _refused(why: str) -> Exception:
    from estimators.publish.fonts import StyleError  # fonts are slow to load

    return StyleError(why)
