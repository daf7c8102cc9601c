"""One honest sentence a quantity: estimated, reported, documented, and the assumption below it."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.evidence.quantity import PERCENT, PERSONS, PartOf, Quantity, Range
from estimators.evidence.study import Study, assumed_shares, rests_on, status
from estimators.inference.checks import NotPublishableError
from estimators.inference.estimate import Estimate
from estimators.inference.prior_part import is_too_narrow, prior_part
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import CONFLICT, Conflict, p_text
from estimators.models.reference import described
from estimators.publish.escaping import plain
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import Said, counted, listed, said_of, span
from estimators.publish.units import heads

_PARTICIPLES = frozenset(
    {"held", "kept", "sent", "shot", "lost", "taken", "driven", "hidden", "seen", "hurt", "caught"}
)
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

    Raises
    ------
    NotPublishableError
        If no claim touches the quantity (it is assumed, and no estimate), or its interval is
        narrower than three origins or fewer can know.
    ValueError
        If the conflict is that of another quantity.

    Notes
    -----
    The lower end comes first and ends are rounded outwards to two significant digits. What was
    documented (identified one by one), what was reported and what is estimated stay apart.
    """
    study = estimate.study
    said = said_of(study, id)
    if conflict is not None and conflict.quantity != id:
        raise ValueError(f"this conflict is not that of {id}; give es.conflict(estimate, {id!r})")
    if status(study, id) == "assumed":
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
    parts = [
        _estimated(estimate, said.quantity),
        *_both_sides(study, conflict),
        _reported(study, said),
        _documented(study, said),
        *_stated_shares(study, id),
        f"the result rests on the assumption that {assumption(estimate, id)}",
        *_scenarios(study, id, changes),
        *_prior_limited(estimate, id),
    ]
    return "; ".join(parts) + "."


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


def _prior_limited(estimate: Estimate, id: str) -> Iterator[str]:
    """Yield how far what is left open is the prior of errors that claims share."""
    part = prior_part(estimate).loc[id]
    if bool(part["prior_limited"]):
        share = round(100 * float(str(part["bias_r2"])))
        yield (
            f"the number is prior-limited: {share}% of what is left open is the error that "
            "claims share, which more claims of the same kind would not reduce"
        )


def assumption(estimate: Estimate, id: str) -> str:
    """Return the assumption that fixes the level of a quantity, in plain words.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    """
    size = estimate.recipe.assumptions.early_error
    if size == "none":
        return "claims are right on average, early ones too"
    how = "half its size" if size == "half" else "its full size"
    return (
        "claims are right on average but for an error that early claims share, taken at "
        f"{how}{_why_early(estimate.study, id)}"
    )


def stands_on(estimate: Estimate) -> str:
    """Return what the errors of claims rest on: known outcomes, or judgement.

    Parameters
    ----------
    estimate
        The estimate.
    """
    assumptions, study = estimate.recipe.assumptions, estimate.study
    if not assumptions.stands:
        return (
            "This study stands on no reference class: how far claims err is judgement, not "
            "learned from events whose count was settled later."
        )
    kind = study.category.replace("_", " ")
    read = f", read for events of the kind {kind}" if kind else ""
    return (
        "How far claims err is learned from events whose count was settled later: this study "
        f"stands on the reference class {described(assumptions.reference)}{read}."
    )


def _why_early(study: Study, id: str) -> str:
    reasons = {
        "closed": " because nobody could count there, then or since",
        "slow": " because it took long until anybody could count there",
    }
    return reasons.get(study.access_of(id), "")


def _estimated(estimate: Estimate, quantity: Quantity) -> str:
    if quantity.is_share:
        printed = Printed.of(estimate.interval(quantity.id), PERCENT)
        what = f"{lowered(quantity.label)} was between {as_text(printed.low)}%"
        return f"We estimate that the {what} and {as_text(printed.high)}% {_spread(printed)}"
    printed = Printed.of(estimate.interval(quantity.id))
    people = heads(estimate.study.unit_of(quantity.id))
    between = f"between {as_text(printed.low)} and {as_text(printed.high)}{people}"
    if is_participle(quantity.label):
        were = lowered(quantity.label)
        return f"We estimate that {between} {_spread(printed)} were {were}"
    label = plain(quantity.label)
    return f"{label}: we estimate that this was {between} {_spread(printed)}"


def _both_sides(study: Study, found: Conflict | None) -> Iterator[str]:
    """Yield what direct claims say and what the rest implies, where the two are in conflict."""
    if found is None or found.p >= CONFLICT:
        return
    direct, rest = found.ends
    other = "the rest of the account" if found.others else "its range before any claim"
    people = heads(study.unit_of(found.quantity))
    yield (
        f"but sources disagree on it ({found.verdict}, {p_text(found.p)}{found.doubt}): its direct "
        f"claims say {direct}{people}, {other} {rest}, and one interval for both hides this"
    )


def _spread(printed: Printed) -> str:
    return f"(90% interval; median {printed.middle})"


def is_participle(label: str) -> bool:
    """Return whether a label such as 'Held in China' can follow 'people were'."""
    first = plain(label).split(" ")[0].lower()
    return first in _PARTICIPLES or (len(first) > 4 and first.endswith("ed"))


def lowered(label: str) -> str:
    """Return a label as it stands inside a sentence."""
    text = plain(label)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _reported(study: Study, said: Said) -> str:
    if not said.readings:
        kept = f" ({counted(said.kept, 'claim')} kept, not used)" if said.kept else ""
        others = _speaks_through(study, said.quantity.id)
        what = "these people" if study.unit_of(said.quantity.id) == PERSONS else "this by itself"
        return f"no claim counts {what}{kept}: the number follows from {others}"
    count = f"{counted(len(said.readings), 'reading')} by {counted(said.origins, 'origin')}"
    low, high = said.ends
    if said.runs:
        count += " over time"
    last = " last" if said.runs else ""
    if low == high:
        return f"it was{last} reported as “{low}” ({count})"
    return f"it was{last} reported as “{low}” at the lowest and “{high}” at the highest ({count})"


def _speaks_through(study: Study, id: str) -> str:
    """Return in words through which claimed quantities this one is known."""
    mine = rests_on(study, id)
    read = dict.fromkeys(c.quantity for c in study.readings if mine & rests_on(study, c.quantity))
    near = [other for other in read if other in mine] or list(read)
    labels = [f"“{plain(study.by_id[other].label)}”" for other in near[:3]]
    if len(near) > 3:
        labels.append(counted(len(near) - 3, "other claimed quantity", "other claimed quantities"))
    return f"claims on {listed(labels)}"


def _documented(study: Study, said: Said) -> str:
    unit = study.unit_of(said.quantity.id)
    if said.documented is None:
        known = f"{heads(unit) or ' cases'} known one by one"
        return f"no count of{' identified persons' if unit == PERSONS else known} exists"
    if unit != PERSONS:
        return f"{as_text(span(said.documented)[0])}{heads(unit)} are documented one by one"
    number = counted(int(span(said.documented)[0]), "identified person")
    origin = plain(study.source_by_id[said.documented.origin].name)
    exists = " is" if number.startswith("1 ") else " are"
    return (
        f"{number}{exists} documented (by {origin}), so this is not a count of identified persons"
    )


def _stated_shares(study: Study, id: str) -> Iterator[str]:
    """Yield, for each share that no claim speaks of, that it is a stated assumption."""
    for part in assumed_shares(study, id):
        match study.by_id[part].rule:
            case PartOf(whole, Range(low, high, _)):
                share = f"taken to be between {as_text(low)}% and {as_text(high)}%"
                of = f" of “{plain(study.by_id[whole].label)}”"
            case PartOf(whole, _):
                share, of = "as stated in the study", f" of “{plain(study.by_id[whole].label)}”"
            case _:
                continue
        name = "the share" if part == id else f"the share “{plain(study.by_id[part].label)}”"
        yield f"{name} ({share}{of}) is a stated assumption: no claim tells anything about it"


def _scenarios(study: Study, id: str, changes: Sensitivity | None) -> Iterator[str]:
    if changes is None:
        return
    rows = changes.table
    mine = rows[(rows["quantity"] == id) & (rows["kind"] == "early error") & rows["converged"]]
    unit = study.unit_of(id)
    told = [
        f"{Printed.of((low, median, high), unit).ends} if {_EARLY[name]}"
        for name, low, median, high in mine[["name", "low", "median", "high"]].to_numpy()
        if name in _EARLY
    ]
    if told:
        yield f"if that fails, it is {listed(told)}"
