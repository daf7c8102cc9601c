"""What is wrong with the evidence, said so that a person can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

_FEW = 300


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, why, what was got, and the remedy."""

    subject: str
    wrong: str
    remedy: str
    column: str = ""
    got: str = ""

    def __str__(self) -> str:
        """Return the problem as one line of plain English."""
        place = f"{self.subject}, {self.column}" if self.column else self.subject
        got = f" Got {shorten(self.got)!r}." if self.got else ""
        return _on_one_line(f"{place}: {self.wrong}{got} {self.remedy}")


class EvidenceError(ValueError):
    """The evidence cannot be used as it stands; `problems` lists every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the evidence:\n{lines}")

    def __reduce__(self) -> tuple[type[EvidenceError], tuple[tuple[Problem, ...]]]:
        """Return what pickle needs, since the message is not the argument."""
        return type(self), (self.problems,)


class Unfit(ValueError):
    """A value that cannot be what it should be: why not, the remedy, and the field at fault."""

    def __init__(self, wrong: str, remedy: str, column: str = "") -> None:
        self.wrong, self.remedy, self.column = wrong, remedy, column
        super().__init__(f"{column}: {wrong} {remedy}" if column else f"{wrong} {remedy}")

    def __reduce__(self) -> tuple[type[Unfit], tuple[str, str, str]]:
        """Return what pickle needs, since the message is not the argument."""
        return type(self), (self.wrong, self.remedy, self.column)


def refuse(subject: str, wrong: str, remedy: str, column: str = "", got: str = "") -> EvidenceError:
    """Return the error for a single problem."""
    return EvidenceError([Problem(subject, wrong, remedy, column, got)])


def shorten(text: str, longest: int = 80) -> str:
    """Return the text cut to a length that fits a line of an error message."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def nearest(got: str, allowed: Collection[str]) -> str:
    """Return 'Did you mean …? ' with the name most like it, or nothing where none is."""
    if len(allowed) > _FEW:  # a comparison with each would take long
        return ""
    return _nearest(got[:100], tuple(allowed))


@lru_cache(maxsize=1000)  # one slip often stands in many rows
def _nearest(got: str, allowed: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(got, allowed, n=1)
    return f"Did you mean {shorten(close[0])!r}? " if close else ""


def suggestion(got: str, allowed: Collection[str], shown: int = 25, add_to: str = "") -> str:
    """Return 'Did you mean …? ' and the allowed names, as far as a line holds them."""
    if not allowed:
        return f"Add it to {add_to}." if add_to else "There is none to choose from: add one."
    or_add = f" Or add it to {add_to}." if add_to else ""
    if len(allowed) > _FEW:  # nobody reads the list
        return f"Use one of the {len(allowed):,} that there are.{or_add}"
    names = sorted(allowed)
    listed = ", ".join(shorten(name) for name in names[:shown])
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return f"{nearest(got, names)}Use one of: {listed}{more}.{or_add}"


def _on_one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
