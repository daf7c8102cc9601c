"""Captions of the figures, and the same said in words for those who cannot see them."""

from __future__ import annotations

from estimators.evidence.study import status
from estimators.inference.estimate import Estimate
from estimators.inference.how_wrong import HowWrong
from estimators.inference.origins import OriginsCurve
from estimators.inference.outlook import Outlook, as_factor
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import Conflicts
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.figure_account import flows_shown, stock_series
from estimators.publish.flow_blocks import MANY, Entry, blocks_of
from estimators.publish.local_forms import in_digits
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


def reference_caption(made: HowWrong) -> str:
    """Return the caption of `plot_reference`."""
    return say(
        "How wrong such claims have been: one exact number for the total over "
        "the count that was settled later, by when it was said and by whom. "
        "Thick lines hold half of the claims, thin lines 90%, diamonds are "
        "medians; the column on the right is the share off by more than a factor "
        "of two. By a law learned from {claims} claims on {events} events "
        "(class: {reference}), with its uncertainty.",
        claims=in_digits(made.claims),
        events=in_digits(made.events),
        reference=plain(made.reference),
    )


def reference_alt(made: HowWrong) -> str:
    """Return in words what `plot_reference` shows."""
    told = [
        say(
            "{source}, {phase}: ×{low} to ×{high}",
            source=retold(row["source"]),
            phase=retold(row["phase"]),
            low=f"{row['low']:.2g}",
            high=f"{row['high']:.2g}",
        )
        for row in made.table.to_dict("records")
    ]
    return say("90% intervals of claim over settled count. {told}.", told="; ".join(told))


def outlook_caption(made: Outlook) -> str:
    """Return the caption of `plot_outlook`."""
    few = say(" Hatched: known badly, since few draws bear it out.") if made.doubtful.any() else ""
    return say(
        "What would narrow it: how far the 90% interval of each number reaches "
        "now, and on average over what might then be said. Right: which part of "
        "the width is kept, on the scale of ratios. A register is taken to name "
        "nobody wrongly; further origins are of the class “{source_class}”, each "
        "with informants of its own, and share the errors that claims share now. "
        "By weighing the draws of the estimate, without new fits.{few}",
        source_class=retold(made.source_class),
        few=few,
    )


def outlook_alt(made: Outlook) -> str:
    """Return in words what `plot_outlook` shows."""
    told = []
    for id in made.quantities:
        rows = [(name, made.at(id, name)) for name in made.scenarios]
        ends = [
            say("{factor} after {name}", factor=as_factor(row["factor_then"]), name=retold(name))
            for name, row in rows
        ]
        now = as_factor(rows[0][1]["factor_now"])
        told.append(
            say(
                "{label}: {now} now, {ends}",
                label=plain(made.study.by_id[id].label),
                now=now,
                ends=", ".join(ends),
            )
        )
    return say("Reach of 90% intervals. {told}.", told="; ".join(told))


def conflict_caption(split: Conflicts, unit: str) -> str:
    """Return the caption of `plot_conflicts`."""
    doubt = any(not one.converged for one in split.among(unit))
    return say(
        "What the direct claims on a number say (filled circle, solid line), and "
        "what the rest of the account implies: other claims through identities, "
        "and the range stated before any claim (open square, dashed line). 90% "
        "intervals and medians, each from one fit in which the two sides may "
        "differ by any factor; errors that claims on both sides share stay "
        "shared. Below p = .05 the two sides are in conflict, below .01 "
        "strongly; p is not adjusted for the number of tests.{query}",
        query=say(" A query: the fit mixed badly.") if doubt else "",
    )


def conflict_alt(split: Conflicts, unit: str) -> str:
    """Return in words what `plot_conflicts` shows."""
    told = [f"{plain(one.label)}: {retold(one.sentence())}" for one in split.among(unit)]
    return say("Two intervals for each number. {told}.", told="; ".join(told))


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
