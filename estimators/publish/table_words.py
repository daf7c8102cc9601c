"""What is said of the tables of a report: title, caption, notes, and the unit of each column."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

_OWN = "as the column unit says"
_QUANTITY = "persons; percent where the quantity is a share"
_RATIO = "ratio"
_NUMBER = "number"
_INTERVAL = (
    "Every interval holds 90% of the probability; its ends are rounded outwards to two digits."
)


@dataclass(frozen=True)
class TableWords:
    """What is said of a table; `units` names the columns that hold numbers."""

    title: str
    caption: str = ""
    notes: str = ""
    units: dict[str, str] = field(default_factory=dict)


def _three(kind: str, unit: str = _OWN, by: str = " ") -> dict[str, str]:
    return {f"{kind}{by}{end}": unit for end in ("low", "median", "high")}


def _each(unit: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, unit)


WORDS = {
    "estimates": TableWords(
        "Documented, reported and estimated",
        "What was identified one by one, what somebody said, and what all claims together support.",
        f"{_INTERVAL} A quantity that no claim touches has its numbers in the assumed columns.",
        _each(_OWN, "documented")
        | _three("estimated")
        | _three("assumed")
        | _each(_NUMBER, "readings", "origins"),
    ),
    "claims": TableWords(
        "All claims",
        "Every claim of the study in the words of its source, used or with the reason why not.",
        "The column phrase holds hedge and number as printed, in the language of the source.",
    ),
    "sources": TableWords(
        "Who asserted what was said",
        "Every source, its class, and how many of its claims are used as readings.",
        "Who only printed what another asserted is no source; it stands in the table of claims.",
        _each(_NUMBER, "used", "claims"),
    ),
    "ranges": TableWords(
        "What was plausible before any claim",
        "Every stated range with its reason.",
        "One chance in twenty that the number is lower than low, one that it is higher than high.",
        _each("persons; percent of a share or of a part", "low", "high"),
    ),
    "assumptions": TableWords(
        "Assumptions of the claim model",
        "Every number that the model of claims takes for granted, and why it was changed, if so.",
        "Standard deviations are those of the logarithm of a number (natural logarithm).",
        _each("as the column meaning says", "value"),
    ),
    "before_and_after": TableWords(
        "Before and after the claims",
        "What the ranges and identities alone mean for each quantity, and what claims made of it.",
        _INTERVAL,
        _three("before") | _three("after"),
    ),
    "checks": TableWords(
        "Checks",
        "Every check of the estimate: passed, or waived with the reason.",
    ),
    "predicted": TableWords(
        "What the estimate predicts for each reading",
        "What would be printed under the estimate, beside what was printed.",
        "A reading outside of its interval is marked. The column pit is where it lies in what is "
        "predicted: 0 at the low end, 1 at the high.",
        _each(_QUANTITY, "low", "high") | _each("probability", "pit"),
    ),
    "prior_part": TableWords(
        "How much of the answer is prior",
        "How far claims narrowed each quantity, and how many independent readings are behind it.",
        "Kept is the standard deviation after the claims over that before, of the logarithm of a "
        "number; bias_r2 is the part of the variance that goes with errors which claims share.",
        _each(_RATIO, "kept", "bias_r2")
        | _each(_NUMBER, "statements", "readings", "origins", "networks", "effective"),
    ),
    "over_time": TableWords(
        "Quantities over time",
        "The count so far, or the stock, on the last day of each cell, and what came in the cell.",
        _INTERVAL,
        {"low": _OWN, "median": _OWN, "high": _OWN} | _three("new"),
    ),
    "changes": TableWords(
        "What would change the answer",
        "Every quantity under every changed fit, the largest shift first.",
        f"{_INTERVAL} A shift is the median of the changed fit divided by that of the estimate.",
        _each(_QUANTITY, "interval", "median") | _each(_RATIO, "shift"),
    ),
    "outlook": TableWords(
        "What would narrow the estimate",
        "How far the interval reaches now, and after what may yet be said.",
        "A factor is the square root of the high end over the low one; kept is the width "
        "then over that of now, on the scale of ratios.",
        _three("now", "persons", by="_")
        | _each(_RATIO, "factor_now", "factor_then", "kept", "few"),
    ),
    "conflicts": TableWords(
        "What disagrees",
        "For each quantity what its direct claims say, and what the rest of the account implies.",
        f"{_INTERVAL} p_holm is p adjusted for the number of quantities.",
        _three("direct", by="_")
        | _three("rest", by="_")
        | _three("factor", _RATIO, by="_")
        | _each(_NUMBER, "claims", "others")
        | _each("probability", "p", "p_holm"),
    ),
}


def words_of(name: str, columns: Collection[str]) -> dict[str, Any]:
    """Return title, caption, notes and units of a table, as its sidecar holds them.

    Parameters
    ----------
    name
        The name of the table's files; of one that is not known here it is the title.
    columns
        The columns that the table has.
    """
    words = WORDS.get(name, TableWords(name.replace("_", " ").capitalize()))
    units = {column: unit for column, unit in words.units.items() if column in columns}
    return {"title": words.title, "caption": words.caption, "notes": words.notes, "units": units}
