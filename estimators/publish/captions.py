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
from estimators.publish.escaping import plain
from estimators.publish.figure_account import flows_shown, stock_series
from estimators.publish.flow_blocks import MANY, Entry, blocks_of
from estimators.publish.plain_words import printed_of
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import counted, said_of


def claims_caption(estimate: Estimate, id: str) -> str:
    """Return the caption of `plot_claims`."""
    said = said_of(estimate.study, id)
    basis = "assumption" if status(estimate.study, id) == "assumed" else "estimate"
    return (
        f"{plain(said.quantity.label)}: the {basis} and {_readings(estimate, id)}. Thick line and "
        "dark band: 50% interval; thin line and light band: 90%. Shapes are wordings; readings of "
        "one colour other than black share informants, whose network stands below the name. "
        "Grey rows are kept, not used."
    )


def claims_alt(estimate: Estimate, id: str) -> str:
    """Return in words what `plot_claims` shows."""
    said = said_of(estimate.study, id)
    basis = "assumed" if status(estimate.study, id) == "assumed" else "estimated"
    reported = f" The readings run from {said.ends[0]} to {said.ends[1]}." if said.readings else ""
    return (
        f"Rows of claims below the {basis} 90% interval {printed_of(estimate, id)} of "
        f"{plain(said.quantity.label)}. {_readings(estimate, id)}.{reported}"
    )


def _readings(estimate: Estimate, id: str) -> str:
    said = said_of(estimate.study, id)
    if not said.readings:
        return "no reading, since no claim of it is used"
    return (
        f"{counted(len(said.readings), 'reading')} by {counted(said.origins, 'origin')} in "
        f"{counted(said.networks, 'network')} of informants"
    )


def account_caption(estimate: Estimate) -> str:
    """Return the caption of `plot_account`."""
    return (
        "The account over time: numbers at a date (above, where the study has any) and flows "
        "(below). Thick lines are 50% intervals, thin lines 90%. An open mark stands where no "
        "claim speaks of the number itself. Every draw balances: what was held before and came "
        "in equals what left and what was held after."
    )


def account_alt(estimate: Estimate) -> str:
    """Return in words what `plot_account` shows."""
    stocks = [id for series in stock_series(estimate.study) for id in series]
    flows = [id for id, _ in flows_shown(estimate.study)]
    told = [
        f"{plain(estimate.study.by_id[id].label)}: {printed_of(estimate, id)}"
        for id in (*stocks, *flows)
    ]
    return f"90% intervals over time. {'; '.join(told)}."


def flows_caption(estimate: Estimate) -> str:
    """Return the caption of `plot_flows`."""
    counts = sum(not q.is_share for q in estimate.study.quantities)
    few = " Only what touches the headline is drawn." if counts > MANY else ""
    return (
        "What adds up to what: in each row of ribbons all on the left is all on the right, in "
        "every draw. Boxes are numbers at a date, arrows are flows; ribbons are as wide as "
        "medians, on a scale of its own in each row. Numbers are 90% intervals: the ends of parts "
        f"do not add up to the ends of their whole. An open mark has no claim of its own.{few}"
    )


def flows_alt(estimate: Estimate) -> str:
    """Return in words what `plot_flows` shows."""
    told = [
        " = ".join(" + ".join(_named(entry) for entry in side) for side in (row.left, row.right))
        for row in blocks_of(estimate)
    ]
    return f"Flows with 90% intervals. {'; '.join(told)}."


def _named(entry: Entry) -> str:
    return f"{entry.name} ({Printed.of((entry.low, entry.median, entry.high)).ends})"


def sources_caption(estimate: Estimate, changes: Sensitivity | None, id: str) -> str:
    """Return the caption of `plot_sources`."""
    left = (
        "Left: the estimate without each source, against the shaded 90% interval with all. "
        "Right: the "
        if changes is not None
        else "The "
    )
    return (
        f"What each source adds to “{plain(estimate.study.by_id[id].label)}”, and what it hides or "
        f"inflates. {left}error of each source as a factor on what it says (median and 90% "
        "interval); below 1 it says less than all evidence together bears out, above 1 more."
    )


def sources_alt(estimate: Estimate, changes: Sensitivity | None, id: str) -> str:
    """Return in words what `plot_sources` shows."""
    if changes is None:
        return "Error of each source as a factor around one."
    return (
        f"Estimate without each source and error of each source. {_extremes(estimate, changes, id)}"
    )


def sensitivity_caption(estimate: Estimate, changes: Sensitivity, id: str) -> str:
    """Return the caption of `plot_sensitivity`."""
    return (
        f"What would change “{plain(estimate.study.by_id[id].label)}”: the 90% interval and median "
        "when one source is left out or one prior is changed. The dashed line is the headline "
        "median; an open mark is a fit that did not converge."
    )


def sensitivity_alt(estimate: Estimate, changes: Sensitivity, id: str) -> str:
    """Return in words what `plot_sensitivity` shows."""
    return f"Intervals under changed assumptions. {_extremes(estimate, changes, id)}"


def _extremes(estimate: Estimate, changes: Sensitivity, id: str) -> str:
    rows = changes.of(id).sort_values("median", kind="stable").to_dict("records")
    if not rows:
        return ""
    unit = estimate.study.unit_of(id)
    told = [
        f"{name} median {Printed.of((row['low'], row['median'], row['high']), unit).middle}"
        f" ({plain(row['run'])})"
        for name, row in (("Lowest", rows[0]), ("highest", rows[-1]))
    ]
    return f"Headline {printed_of(estimate, id)}. {'; '.join(told)}."


def origins_caption(curve: OriginsCurve) -> str:
    """Return the caption of `plot_origins`."""
    first, last = curve.table.iloc[0], curve.table.iloc[-1]
    return (
        "What more origins add under the assumptions of this report: the 90% interval (band) and "
        "median of a number on which each of so many media, where nobody could count, is made to "
        f"say “about {as_text(curve.said)}”. From one to {last['origins']:.0f} it narrows from "
        f"×/÷{first['factor']:.1f} to ×/÷{last['factor']:.1f} and no further: errors that all "
        "share do not average out."
    )


def origins_alt(curve: OriginsCurve) -> str:
    """Return in words what `plot_origins` shows."""
    told = [
        f"{n:.0f} origins {Printed.of((low, median, high)).ends}"
        for n, low, median, high, _ in curve.table.to_numpy()
    ]
    return f"90% interval by number of origins: {'; '.join(told)}."


def reference_caption(made: HowWrong) -> str:
    """Return the caption of `plot_reference`."""
    return (
        "How wrong such claims have been: one exact number for the total over the count that was "
        "settled later, by when it was said and by whom. Thick lines hold half of the claims, thin "
        "lines 90%, diamonds are medians; the column on the right is the share off by more than a "
        f"factor of two. By a law learned from {made.claims:,} claims on {made.events:,} events "
        f"(class: {plain(made.reference)}), with its uncertainty."
    )


def reference_alt(made: HowWrong) -> str:
    """Return in words what `plot_reference` shows."""
    told = [
        f"{row['source']}, {row['phase']}: ×{row['low']:.2g} to ×{row['high']:.2g}"
        for row in made.table.to_dict("records")
    ]
    return f"90% intervals of claim over settled count. {'; '.join(told)}."


def outlook_caption(made: Outlook) -> str:
    """Return the caption of `plot_outlook`."""
    few = " Hatched: known badly, since few draws bear it out." if made.doubtful.any() else ""
    return (
        "What would narrow it: how far the 90% interval of each number reaches now, and on average "
        "over what might then be said. Right: which part of the width is kept, on the scale of "
        "ratios. A register is taken to name nobody wrongly; further origins are of the class "
        f"“{made.source_class}”, each with informants of its own, and share the errors that claims "
        f"share now. By weighing the draws of the estimate, without new fits.{few}"
    )


def outlook_alt(made: Outlook) -> str:
    """Return in words what `plot_outlook` shows."""
    told = []
    for id in made.quantities:
        rows = [(name, made.at(id, name)) for name in made.scenarios]
        ends = [f"{as_factor(row['factor_then'])} after {name}" for name, row in rows]
        now = as_factor(rows[0][1]["factor_now"])
        told.append(f"{plain(made.study.by_id[id].label)}: {now} now, {', '.join(ends)}")
    return f"Reach of 90% intervals. {'; '.join(told)}."


def conflict_caption(split: Conflicts, unit: str) -> str:
    """Return the caption of `plot_conflicts`."""
    doubt = any(not one.converged for one in split.among(unit))
    return (
        "What the direct claims on a number say (filled circle, solid line), and what the rest of "
        "the account implies: other claims through identities, and the range stated before any "
        "claim (open square, dashed line). 90% intervals and medians, each from one fit in which "
        "the two sides may differ by any factor; errors that claims on both sides share stay "
        "shared. Below p = .05 the two sides are in conflict, below .01 strongly; p is not "
        f"adjusted for the number of tests.{' A query: the fit mixed badly.' if doubt else ''}"
    )


def conflict_alt(split: Conflicts, unit: str) -> str:
    """Return in words what `plot_conflicts` shows."""
    told = [f"{plain(one.label)}: {one.sentence()}" for one in split.among(unit)]
    return f"Two intervals for each number. {'; '.join(told)}."


def prior_caption() -> str:
    """Return the caption of `plot_prior`."""
    return (
        "What was believed before any claim was read (from the stated ranges and identities alone) "
        "and after: 90% intervals and medians. Where the two are nearly as wide, the result is "
        "mostly the assumption."
    )


def prior_alt(prior: Prior, estimate: Estimate, ids: list[str]) -> str:
    """Return in words what `plot_prior` shows."""
    told = [
        f"{plain(estimate.study.by_id[id].label)}: before {printed_of(prior, id)}, after "
        f"{printed_of(estimate, id)}"
        for id in ids
    ]
    return f"Intervals before and after the claims. {'; '.join(told)}."
