"""What must hold of the numbers that a wording is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from estimators.evidence.problems import Unfit

LEVEL = 80.0


def require_only(name: str, wanted: Sequence[str], numbers: Mapping[str, float | None]) -> None:
    """Raise ValueError unless just the wanted numbers stand there."""
    takes = " and ".join(wanted)
    missing = [key for key in wanted if numbers[key] is None]
    if missing:
        wrong = f"{name!r} needs a number in {' and '.join(missing)}."
        raise Unfit(wrong, f"Write the number in {' and '.join(missing)}.", missing[0])
    extra = [key for key, number in numbers.items() if number is not None and key not in wanted]
    if extra:
        wrong = f"{name!r} takes {f'only {takes}' if takes else 'no number'}."
        raise Unfit(wrong, f"Leave {' and '.join(extra)} empty.", extra[0])


def require_positive(column: str, number: Any) -> None:
    """Raise ValueError unless a value is a positive, finite number."""
    is_number = isinstance(number, float | int | Real) and not isinstance(number, bool)
    if not is_number:
        wrong = f"it is not a number but {type(number).__name__}."
        raise Unfit(wrong, "Give a number, without quotation marks.", column)
    if not 0 < number < float("inf"):
        raise Unfit(
            f"it must be a positive, finite number, not {number:g}.",
            "A denial is kept with used = no and the wording 'many'.",
            column,
        )


def require_level(level: Any) -> None:
    """Raise ValueError unless a value is a percentage between 0 and 100."""
    is_number = isinstance(level, Real) and not isinstance(level, bool)
    if not is_number or not 0 < level < 100:
        got = f"{level:g}" if is_number else type(level).__name__
        wrong = f"it must be a percentage between 0 and 100, not {got}."
        raise Unfit(wrong, f"Write e.g. 95, or leave it empty for {LEVEL:g}.", "level")


def require_rising(low: float, high: float) -> None:
    """Raise ValueError unless the low end is the lower one."""
    if low >= high:
        raise Unfit(
            f"low ({low:g}) is not below high ({high:g}).",
            "Write the lower number in low; a single number takes another wording.",
            "low",
        )


def require_inside(best: float, low: float, high: float) -> None:
    """Raise ValueError unless the best number lies between the ends of its range."""
    if not low < best < high:
        column, end, side = ("low", low, "below") if low >= best else ("high", high, "above")
        wrong = f"{column} ({end:g}) is not {side} the best number ({best:g})."
        raise Unfit(wrong, "Write low, value and high in rising order.", column)
