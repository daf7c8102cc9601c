"""Captions of the figures, and the same said in words for those who cannot see them."""

from __future__ import annotations

from estimators.evidence.study import status
from estimators.inference.estimate import Estimate
from estimators.inference.origins import OriginsCurve
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.figure_account import flows_shown, stock_series
from estimators.publish.flow_blocks import MANY, Entry, blocks_of
from estimators.publish.plain_words import printed_of
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import said_of


def claims_caption(estimate: Estimate, id: str) -> str:
    """Return the caption of `plot_claims`."""
    said = said_of(estimate.study, id)
    basis = say("assumption") if status(estimate.study, id) == "assumed" else say("estimate")
    return say(
        "{label}: the {basis} and {readings}. Thick line and dark band: 50% "
        "interval; thin line and light band: 90%. Shapes are wordings; readings "
        "of one colour other than black share informants, whose network stands "
        "below the name. Grey rows are kept, not used.",
        label=plain(said.quantity.label),
        basis=basis,
        readings=_readings(estimate, id),
    )


def claims_alt(estimate: Estimate, id: str) -> str:
    """Return in words what `plot_claims` shows."""
    said = said_of(estimate.study, id)
    basis = say("assumed") if status(estimate.study, id) == "assumed" else say("estimated")
    reported = (
        say(" The readings run from {low} to {high}.", low=said.ends[0], high=said.ends[1])
        if said.readings
        else ""
    )
    return say(
        "Rows of claims below the {basis} 90% interval {interval} of {label}. "
        "{readings}.{reported}",
        basis=basis,
        interval=printed_of(estimate, id),
        label=plain(said.quantity.label),
        readings=_readings(estimate, id),
        reported=reported,
    )


def _readings(estimate: Estimate, id: str) -> str:
    said = said_of(estimate.study, id)
    if not said.readings:
        return say("no reading, since no claim of it is used")
    return say(
        "{readings} by {origins} in {networks} of informants",
        readings=say_many("{number} reading", "{number} readings", len(said.readings)),
        origins=say_many("{number} origin", "{number} origins", said.origins),
        networks=say_many("{number} network", "{number} networks", said.networks),
    )


def account_caption(estimate: Estimate) -> str:
    """Return the caption of `plot_account`."""
    return say(
        "The account over time: numbers at a date (above, where the study has "
        "any) and flows (below). Thick lines are 50% intervals, thin lines 90%. "
        "An open mark stands where no claim speaks of the number itself. Every "
        "draw balances: what was held before and came in equals what left and "
        "what was held after."
    )


def account_alt(estimate: Estimate) -> str:
    """Return in words what `plot_account` shows."""
    stocks = [id for series in stock_series(estimate.study) for id in series]
    flows = [id for id, _ in flows_shown(estimate.study)]
    told = [
        f"{plain(estimate.study.by_id[id].label)}: {printed_of(estimate, id)}"
        for id in (*stocks, *flows)
    ]
    return say("90% intervals over time. {told}.", told="; ".join(told))


def flows_caption(estimate: Estimate) -> str:
    """Return the caption of `plot_flows`."""
    counts = sum(not q.is_share for q in estimate.study.quantities)
    few = say(" Only what touches the headline is drawn.") if counts > MANY else ""
    return say(
        "What adds up to what: in each row of ribbons all on the left is all on "
        "the right, in every draw. Boxes are numbers at a date, arrows are "
        "flows; ribbons are as wide as medians, on a scale of its own in each "
        "row. Numbers are 90% intervals: the ends of parts do not add up to the "
        "ends of their whole. An open mark has no claim of its own.{few}",
        few=few,
    )


def flows_alt(estimate: Estimate) -> str:
    """Return in words what `plot_flows` shows."""
    told = [
        " = ".join(" + ".join(_named(entry) for entry in side) for side in (row.left, row.right))
        for row in blocks_of(estimate)
    ]
    return say("Flows with 90% intervals. {told}.", told="; ".join(told))


def _named(entry: Entry) -> str:
    return f"{entry.name} ({Printed.of((entry.low, entry.median, entry.high)).ends})"


def sources_caption(estimate: Estimate, changes: Sensitivity | None, id: str) -> str:
    """Return the caption of `plot_sources`."""
    label = plain(estimate.study.by_id[id].label)
    if changes is None:
        return say(
            "What each source adds to “{label}”, and what it hides or inflates. The "
            "error of each source as a factor on what it says (median and 90% "
            "interval); below 1 it says less than all evidence together bears out, "
            "above 1 more.",
            label=label,
        )
    return say(
        "What each source adds to “{label}”, and what it hides or inflates. Left: "
        "the estimate without each source, against the shaded 90% interval with "
        "all. Right: the error of each source as a factor on what it says (median "
        "and 90% interval); below 1 it says less than all evidence together bears "
        "out, above 1 more.",
        label=label,
    )


def sources_alt(estimate: Estimate, changes: Sensitivity | None, id: str) -> str:
    """Return in words what `plot_sources` shows."""
    if changes is None:
        return say("Error of each source as a factor around one.")
    return say(
        "Estimate without each source and error of each source. {extremes}",
        extremes=_extremes(estimate, changes, id),
    )


def sensitivity_caption(estimate: Estimate, changes: Sensitivity, id: str) -> str:
    """Return the caption of `plot_sensitivity`."""
    return say(
        "What would change “{label}”: the 90% interval and median when one "
        "source is left out or one prior is changed. The dashed line is the "
        "headline median; an open mark is a fit that did not converge.",
        label=plain(estimate.study.by_id[id].label),
    )


def sensitivity_alt(estimate: Estimate, changes: Sensitivity, id: str) -> str:
    """Return in words what `plot_sensitivity` shows."""
    return say(
        "Intervals under changed assumptions. {extremes}", extremes=_extremes(estimate, changes, id)
    )


def _extremes(estimate: Estimate, changes: Sensitivity, id: str) -> str:
    rows = changes.of(id).sort_values("median", kind="stable").to_dict("records")
    if not rows:
        return ""
    unit = estimate.study.unit_of(id)
    told = [
        say(
            "{name} median {middle} ({run})",
            name=name,
            middle=Printed.of((row["low"], row["median"], row["high"]), unit).middle,
            run=retold(plain(row["run"])),
        )
        for name, row in ((say("Lowest"), rows[0]), (say("highest"), rows[-1]))
    ]
    return say(
        "Headline {interval}. {told}.", interval=printed_of(estimate, id), told="; ".join(told)
    )


def origins_caption(curve: OriginsCurve) -> str:
    """Return the caption of `plot_origins`."""
    first, last = curve.table.iloc[0], curve.table.iloc[-1]
    return say(
        "What more origins add under the assumptions of this report: the 90% "
        "interval (band) and median of a number on which each of so many media, "
        "where nobody could count, is made to say “about {said}”. From one to "
        "{origins} it narrows from ×/÷{first} to ×/÷{last} and no further: "
        "errors that all share do not average out.",
        said=as_text(curve.said),
        origins=f"{last['origins']:.0f}",
        first=f"{first['factor']:.1f}",
        last=f"{last['factor']:.1f}",
    )


def origins_alt(curve: OriginsCurve) -> str:
    """Return in words what `plot_origins` shows."""
    told = [
        say("{n} origins {ends}", n=f"{n:.0f}", ends=Printed.of((low, median, high)).ends)
        for n, low, median, high, _ in curve.table.to_numpy()
    ]
    return say("90% interval by number of origins: {told}.", told="; ".join(told))


def prior_caption() -> str:
    """Return the caption of `plot_prior`."""
    return say(
        "What was believed before any claim was read (from the stated ranges and "
        "identities alone) and after: 90% intervals and medians. Where the two "
        "are nearly as wide, the result is mostly the assumption."
    )


def prior_alt(prior: Prior, estimate: Estimate, ids: list[str]) -> str:
    """Return in words what `plot_prior` shows."""
    told = [
        say(
            "{label}: before {before}, after {after}",
            label=plain(estimate.study.by_id[id].label),
            before=printed_of(prior, id),
            after=printed_of(estimate, id),
        )
        for id in ids
    ]
    return say("Intervals before and after the claims. {told}.", told="; ".join(told))
