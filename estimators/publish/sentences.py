"""One honest sentence a quantity: estimated, reported, documented, and the assumption below it."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.evidence.quantity import PERCENT, PERSONS, Quantity
from estimators.evidence.study import Study, rests_on, status
from estimators.inference.checks import NotPublishableError
from estimators.inference.estimate import Estimate
from estimators.inference.prior_part import is_too_narrow
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import CONFLICT, Conflict, p_text
from estimators.publish.escaping import plain
from estimators.publish.labels import is_participle, lowered
from estimators.publish.rests import assumption, prior_limited, stated_shares
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import Said, counted, listed, said_of, span
from estimators.publish.suppression import Cells
from estimators.publish.units import heads

_EARLY = {
    "none": "early claims share no error of their own",
    "half": "only half of that error stays",
    "full": "that error stays at its full size",
}


def sentence(
    estimate: Estimate,
    id: str,
    changes: Sensitivity | None = None,
    conflict: Conflict | None = None,
    suppress_below: int = 0,
) -> str:
    """Return one sentence on a quantity that can be printed as it stands.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    changes
        Changed fits; with them the sentence says what follows if the assumption fails.
    conflict
        What its direct claims say against the rest; below p = .05 the sentence says both.
    suppress_below
        Numbers of people from 1 to below this one are only said to be fewer than it.

    Raises
    ------
    NotPublishableError
        If no claim touches the quantity (it is assumed, and no estimate), or its interval is
        narrower than three origins or fewer can know.
    ValueError
        If the conflict is that of another quantity, or `suppress_below` is negative.

    Notes
    -----
    The lower end comes first and ends are rounded outwards to two significant digits. What was
    documented (identified one by one), what was reported and what is estimated stay apart.
    """
    study = estimate.study
    said = said_of(study, id)
    if conflict is not None and conflict.quantity != id:
        raise ValueError(f"this conflict is not that of {id}; give es.conflict(estimate, {id!r})")
    require_printable(estimate, id)
    cells = Cells(suppress_below if study.unit_of(id) == PERSONS else 0)
    parts = [
        _estimated(estimate, said.quantity, cells),
        *_both_sides(study, conflict, cells),
        _reported(study, said, cells),
        _documented(study, said, cells),
        *stated_shares(study, id),
        f"the result rests on the assumption that {assumption(estimate, id)}",
        *_scenarios(study, id, changes, cells),
        *prior_limited(estimate, id),
    ]
    return "; ".join(parts) + "."


def require_printable(estimate: Estimate, id: str) -> None:
    """Raise unless a quantity may be printed in a sentence.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.

    Raises
    ------
    NotPublishableError
        If no claim touches it, or its interval is narrower than its origins can know.
    """
    if status(estimate.study, id) == "assumed":
        raise NotPublishableError(
            f"no claim touches {id}, by itself or through an identity: its numbers are assumed, "
            "not estimated. Find a claim on it, or print its stated range as an assumption."
        )
    if is_too_narrow(estimate, id):
        raise NotPublishableError(
            f"the interval of {id} is narrower than x/1.25, on three origins or fewer and no "
            "register: that is more than they can know. Print the table, where it is marked, or "
            "find a register or a further origin."
        )


def is_printable(estimate: Estimate, id: str) -> bool:
    """Return whether a quantity gets a sentence: claims touch it, and it is not too narrow.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    return status(estimate.study, id) != "assumed" and not is_too_narrow(estimate, id)


def _estimated(estimate: Estimate, quantity: Quantity, cells: Cells) -> str:
    if quantity.is_share:
        printed = Printed.of(estimate.interval(quantity.id), PERCENT)
        what = f"{lowered(quantity.label)} was between {as_text(printed.low)}%"
        return f"We estimate that the {what} and {as_text(printed.high)}% {_spread(printed, cells)}"
    printed = Printed.of(estimate.interval(quantity.id))
    between = cells.between(printed, heads(estimate.study.unit_of(quantity.id)))
    if is_participle(quantity.label):
        were = lowered(quantity.label)
        return f"We estimate that {between} {_spread(printed, cells)} were {were}"
    label = plain(quantity.label)
    return f"{label}: we estimate that this was {between} {_spread(printed, cells)}"


def _both_sides(study: Study, found: Conflict | None, cells: Cells) -> Iterator[str]:
    """Yield what direct claims say and what the rest implies, where the two are in conflict."""
    if found is None or found.p >= CONFLICT:
        return
    direct, rest = found.ends
    if any(cells.hides(side[0]) for side in (found.direct, found.rest)):
        direct, rest = (cells.ends(Printed.of(side)) for side in (found.direct, found.rest))
    other = "the rest of the account" if found.others else "its range before any claim"
    people = heads(study.unit_of(found.quantity))
    yield (
        f"but sources disagree on it ({found.verdict}, {p_text(found.p)}{found.doubt}): its direct "
        f"claims say {direct}{people}, {other} {rest}, and one interval for both hides this"
    )


def _spread(printed: Printed, cells: Cells) -> str:
    if printed.unit == PERCENT:
        return f"(90% interval; median {printed.middle})"
    if cells.hides(printed.high):
        return "(90% interval)"
    return f"(90% interval; median {cells.number(printed.median)})"


def _reported(study: Study, said: Said, cells: Cells) -> str:
    if not said.readings:
        kept = f" ({counted(said.kept, 'claim')} kept, not used)" if said.kept else ""
        others = _speaks_through(study, said.quantity.id)
        what = "these people" if study.unit_of(said.quantity.id) == PERSONS else "this by itself"
        return f"no claim counts {what}{kept}: the number follows from {others}"
    count = f"{counted(len(said.readings), 'reading')} by {counted(said.origins, 'origin')}"
    low, high = _quoted(said, cells)
    if said.runs:
        count += " over time"
    last = " last" if said.runs else ""
    if low == high:
        return f"it was{last} reported as {low} ({count})"
    return f"it was{last} reported as {low} at the lowest and {high} at the highest ({count})"


def _quoted(said: Said, cells: Cells) -> tuple[str, str]:
    """Return the lowest and the highest that was said, in its own words unless it is too small."""
    spans = [span(claim) for claim in said.numbered]
    numbers = (min(low for low, _ in spans), max(high for _, high in spans))
    low, high = (
        cells.number(number) if cells.hides(number) else f"“{words}”"
        for number, words in zip(numbers, said.ends, strict=True)
    )
    return low, high


def _speaks_through(study: Study, id: str) -> str:
    """Return in words through which claimed quantities this one is known."""
    mine = rests_on(study, id)
    read = dict.fromkeys(c.quantity for c in study.readings if mine & rests_on(study, c.quantity))
    near = [other for other in read if other in mine] or list(read)
    labels = [f"“{plain(study.by_id[other].label)}”" for other in near[:3]]
    if len(near) > 3:
        labels.append(counted(len(near) - 3, "other claimed quantity", "other claimed quantities"))
    return f"claims on {listed(labels)}"


def _documented(study: Study, said: Said, cells: Cells) -> str:
    unit = study.unit_of(said.quantity.id)
    if said.documented is None:
        one = f"{heads(unit) or ' cases'} known one by one"
        return f"no count of{' identified persons' if unit == PERSONS else one} exists"
    if unit != PERSONS:
        return f"{as_text(span(said.documented)[0])}{heads(unit)} are documented one by one"
    known = int(span(said.documented)[0])
    number = counted(known, "identified person")
    if cells.hides(known):
        number = f"{cells.number(known)} identified persons"
    origin = plain(study.source_by_id[said.documented.origin].name)
    exists = " is" if number.startswith("1 ") else " are"
    return (
        f"{number}{exists} documented (by {origin}), so this is not a count of identified persons"
    )


def _scenarios(study: Study, id: str, changes: Sensitivity | None, cells: Cells) -> Iterator[str]:
    if changes is None:
        return
    rows = changes.table
    mine = rows[(rows["quantity"] == id) & (rows["kind"] == "early error") & rows["converged"]]
    unit = study.unit_of(id)
    told = [
        f"{cells.ends(Printed.of((low, median, high), unit))} if {_EARLY[name]}"
        for name, low, median, high in mine[["name", "low", "median", "high"]].to_numpy()
        if name in _EARLY
    ]
    if told:
        yield f"if that fails, it is {listed(told)}"
