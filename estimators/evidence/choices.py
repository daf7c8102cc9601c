"""What a study decides for itself: defaults, checks, classes, coverages, anchors and scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal, get_args

from estimators.evidence.matched import Matched
from estimators.evidence.problems import Unfit
from estimators.evidence.quantity import Range

Reading = Literal["neutral", "signed", "floors"]
READINGS: tuple[str, ...] = get_args(Reading)
WIDEST_SPREAD = 5.0


@dataclass(frozen=True)
class Override:
    """A default of the model that this study changes, and why."""

    name: str
    value: str | float
    reason: str


@dataclass(frozen=True)
class Waiver:
    """A check that may fail in this study without stopping its report, and why."""

    check: str
    reason: str


@dataclass(frozen=True)
class SourceClass:
    """A class of sources of the study's own: `spread` is how far its origins differ (log sd)."""

    id: str
    spread: float
    reason: str


@dataclass(frozen=True)
class Coverage:
    """The part (percent) of a quantity that some claims count: a city, documented cases only."""

    id: str
    range: Range


@dataclass(frozen=True)
class Anchor:
    """What holds a count beside the claims: a register, a list that is a hard floor, or several.

    A register of `value` entries is complete within `complete_within` percent (a 90 % statement).
    `matched` are people found on several lists, from which the unseen are estimated. An anchor
    that is not used is only shown as a scenario.
    """

    id: str
    quantity: str
    reason: str
    value: float | None = None
    complete_within: float | None = None
    floor: float | None = None
    used: bool = True
    matched: Matched | None = None


@dataclass(frozen=True)
class Scenario:
    """A run beside the main one, with what it changes and why.

    `without` names origins, networks, classes, claims or anchors; all that has the name is left
    out. `assumptions` are pairs of a name and a value.
    """

    id: str
    reason: str
    reading: Reading = "neutral"
    without: tuple[str, ...] = ()
    with_anchors: tuple[str, ...] = ()
    assumptions: tuple[tuple[str, str | float], ...] = ()

    def __post_init__(self) -> None:
        """Make tuples of lists, and raise ValueError where a single text stands for a list."""
        for name in ("without", "with_anchors", "assumptions"):
            given = getattr(self, name)
            if isinstance(given, str):
                remedy = f"Give a list: {name} = [{given!r}]."
                raise Unfit("it is a text, not a list.", remedy, name)
            object.__setattr__(self, name, tuple(given))


def is_number(value: Any) -> bool:
    """Return whether a value is a number; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def unfit_spread(spread: Any) -> str:
    """Return why a value cannot be the spread of a class, '' where it can."""
    if not is_number(spread):
        return f"it is not a number but {type(spread).__name__}."
    if not 0 < spread <= WIDEST_SPREAD:
        return f"it must be above 0 and at most {WIDEST_SPREAD:g}, not {spread:g}."
    return ""
