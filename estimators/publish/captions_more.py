"""Captions of who said it first, of densities, dots and small panels, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import say, say_many
from estimators.publish.chain_rows import picture
from estimators.publish.chains import chosen, drifted
from estimators.publish.escaping import plain
from estimators.publish.figure_density import density_reading
from estimators.publish.figure_dots import dots_reading
from estimators.publish.plain_words import printed_of
from estimators.publish.said import said_of


def provenance_caption(study: Study, quantity: str | None = None) -> str:
    """Return the caption of `plot_provenance`."""
    each = (
        say("an origin, from its first to its last day")
        if picture(study, quantity).by_origin
        else say("a claim")
    )
    changed = any(drifted(study, c) for c in chosen(study, quantity))
    cross = (
        say(
            " A cross marks a printing in other words, which can turn “about 600” "
            "into “more than 600”."
        )
        if changed
        else ""
    )
    return say(
        "Who said it first, and who copied whom: {counts}. Each row is {each}; "
        "time runs to the right, and a printing hangs on what it prints.{cross} "
        "Bars on the left hold origins that share informants; grey is kept, not "
        "used.",
        counts=_counts(study, quantity),
        each=each,
        cross=cross,
    )


def provenance_alt(study: Study, quantity: str | None = None) -> str:
    """Return in words what `plot_provenance` shows."""
    told = [f"{row.left}: {row.right}" for row in picture(study, quantity).rows if row.days]
    return f"{_counts(study, quantity)}. {'; '.join(plain(row) for row in told)}."


def density_caption(estimate: Estimate, id: str) -> str:
    """Return the caption of `plot_density`."""
    return say(
        "{label}: how plausible each number is. Dark: the half of all chances in "
        "the middle; dark and light: nine in ten. The line is the median; "
        "dashed, what was plausible before any claim was read. The area under "
        "each curve is the same, as far as the axis reaches.",
        label=_label(estimate, id),
    )


def density_alt(estimate: Estimate, id: str) -> str:
    """Return in words what `plot_density` shows."""
    return say(
        "Density of {label}. {reading}",
        label=_label(estimate, id),
        reading=plain(density_reading(estimate, id)),
    )


def dots_caption(estimate: Estimate, id: str, dots: int = 20) -> str:
    """Return the caption of `plot_dots`."""
    return say(
        "{label} in {dots} dots: each is one chance in {dots} that the true "
        "number lies about there, so that counting dots gives the chance of any "
        "range.",
        label=_label(estimate, id),
        dots=dots,
    )


def dots_alt(estimate: Estimate, id: str, dots: int = 20) -> str:
    """Return in words what `plot_dots` shows."""
    return say(
        "Dots for {label}. {reading}",
        label=_label(estimate, id),
        reading=plain(dots_reading(estimate, id, dots)),
    )


def many_caption(estimate: Estimate, ids: Sequence[str]) -> str:
    """Return the caption of `plot_many`."""
    return say(
        "{quantities}, each on a scale of its own. The number above each panel is "
        "its 90% interval; the bar below reaches from the lowest to the highest "
        "reading, and is missing where none speaks of it by itself.",
        quantities=say_many("{number} quantity", "{number} quantities", len(ids)),
    )


def many_alt(estimate: Estimate, ids: Sequence[str]) -> str:
    """Return in words what `plot_many` shows."""
    told = [
        f"{_label(estimate, id)}: {printed_of(estimate, id)}{_read(estimate, id)}" for id in ids
    ]
    return say("90% intervals. {told}.", told="; ".join(told))


def _read(estimate: Estimate, id: str) -> str:
    reported = said_of(estimate.study, id).reported
    return say(", read {reported}", reported=reported) if reported else ""


def _label(estimate: Estimate, id: str) -> str:
    return plain(estimate.study.by_id[id].label)


def _counts(study: Study, quantity: str | None) -> str:
    """Return how many claims there are, how many only print others, how many of those drifted."""
    claims = chosen(study, quantity)
    repeats = sum(bool(c.repeats) for c in claims)
    changed = sum(drifted(study, c) is not None for c in claims)
    about = say(" on “{label}”", label=plain(study.by_id[quantity].label)) if quantity else ""
    told = f"{say_many('{number} claim', '{number} claims', len(claims))}{about}"
    if not repeats:
        return say("{told}, each in words of its own", told=told)
    prints = say_many("{number} only prints another", "{number} only print others", repeats)
    return say(
        "{told}, of which {prints}, {changed} of them in other words",
        told=told,
        prints=prints,
        changed=changed,
    )
