"""Captions of how wrong claims are, what would narrow a number, what disagrees; and in words."""

from __future__ import annotations

from estimators.inference.how_wrong import HowWrong
from estimators.inference.outlook import Outlook, as_factor
from estimators.inference.sides import Conflicts
from estimators.publish.catalogue import retold, say
from estimators.publish.escaping import plain
from estimators.publish.local_forms import in_digits


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
