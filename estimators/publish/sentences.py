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
from estimators.publish.catalogue import marked, retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.labels import is_participle, lowered
from estimators.publish.rests import assumption, prior_limited, stated_shares
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import Said, listed, said_of, span
from estimators.publish.sentences_counted import counted_one_by_one
from estimators.publish.suppression import Cells
from estimators.publish.units import heads

_EARLY = {
    "none": marked("early claims share no error of their own"),
    "half": marked("only half of that error stays"),
    "full": marked("that error stays at its full size"),
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
        *([] if said.by_lists_alone else [_reported(study, said, cells)]),
        *counted_one_by_one(study, said, cells),
        *stated_shares(study, id),
        say(
            "the result rests on the assumption that {assumption}",
            assumption=assumption(estimate, id),
        ),
        *_scenarios(study, id, changes, cells),
        *prior_limited(estimate, id),
    ]
    return say("; ").join(parts) + "."


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
        return say(
            "We estimate that the {what} was between {low}% and {high}% {spread}",
            what=lowered(quantity.label),
            low=as_text(printed.low),
            high=as_text(printed.high),
            spread=_spread(printed, cells),
        )
    printed = Printed.of(estimate.interval(quantity.id))
    between = cells.between(printed, heads(estimate.study.unit_of(quantity.id)))
    spread = _spread(printed, cells)
    if is_participle(quantity.label):
        were = lowered(quantity.label)
        return say(
            "We estimate that {between} {spread} were {were}",
            between=between,
            spread=spread,
            were=were,
        )
    return say(
        "{label}: we estimate that this was {between} {spread}",
        label=plain(quantity.label),
        between=between,
        spread=spread,
    )


def _both_sides(study: Study, found: Conflict | None, cells: Cells) -> Iterator[str]:
    """Yield what direct claims say and what the rest implies, where the two are in conflict."""
    if found is None or found.p >= CONFLICT:
        return
    direct, rest = (retold(end) for end in found.ends)
    if any(cells.hides(side[0]) for side in (found.direct, found.rest)):
        direct, rest = (cells.ends(Printed.of(side)) for side in (found.direct, found.rest))
    other = say("the rest of the account") if found.others else say("its range before any claim")
    yield say(
        "but sources disagree on it ({verdict}, {p}{doubt}): its direct claims say "
        "{direct}{people}, {other} {rest}, and one interval for both hides this",
        verdict=retold(found.verdict),
        p=p_text(found.p),
        doubt=retold(found.doubt),
        direct=direct,
        people=heads(study.unit_of(found.quantity)),
        other=other,
        rest=rest,
    )


def _spread(printed: Printed, cells: Cells) -> str:
    if printed.unit == PERCENT:
        return say("(90% interval; median {median})", median=printed.middle)
    if cells.hides(printed.high):
        return say("(90% interval)")
    return say("(90% interval; median {median})", median=cells.number(printed.median))


def _reported(study: Study, said: Said, cells: Cells) -> str:
    if not said.readings:
        return _through_others(study, said)
    count = say(
        "{readings} by {origins}",
        readings=say_many("{number} reading", "{number} readings", len(said.readings)),
        origins=say_many("{number} origin", "{number} origins", said.origins),
    )
    if said.runs:
        count = say("{count} over time", count=count)
    low, high = _quoted(said, cells)
    if low == high:
        if said.runs:
            return say("it was last reported as {low} ({count})", low=low, count=count)
        return say("it was reported as {low} ({count})", low=low, count=count)
    ends = {"low": low, "high": high, "count": count}
    if said.runs:
        return say(
            "it was last reported as {low} at the lowest and {high} at the highest ({count})",
            **ends,
        )
    return say("it was reported as {low} at the lowest and {high} at the highest ({count})", **ends)


def _through_others(study: Study, said: Said) -> str:
    """Return that no claim counts a quantity by itself, and through which others it is known."""
    given = {
        "kept": say_many(" ({number} claim kept, not used)", " ({number} claims kept, not used)", n)
        if (n := said.kept)
        else "",
        "others": _speaks_through(study, said.quantity.id),
    }
    if study.unit_of(said.quantity.id) == PERSONS:
        return say("no claim counts these people{kept}: the number follows from {others}", **given)
    return say("no claim counts this by itself{kept}: the number follows from {others}", **given)


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
    labels = [say("“{label}”", label=plain(study.by_id[other].label)) for other in near[:3]]
    if len(near) > 3:
        labels.append(
            say_many(
                "{number} other claimed quantity",
                "{number} other claimed quantities",
                len(near) - 3,
            )
        )
    return say("claims on {labels}", labels=listed(labels))


def _scenarios(study: Study, id: str, changes: Sensitivity | None, cells: Cells) -> Iterator[str]:
    if changes is None:
        return
    rows = changes.table
    mine = rows[(rows["quantity"] == id) & (rows["kind"] == "early error") & rows["converged"]]
    unit = study.unit_of(id)
    told = [
        say(
            "{ends} if {early}",
            ends=cells.ends(Printed.of((low, median, high), unit)),
            early=retold(_EARLY[name]),
        )
        for name, low, median, high in mine[["name", "low", "median", "high"]].to_numpy()
        if name in _EARLY
    ]
    if told:
        yield say("if that fails, it is {told}", told=listed(told))
