"""Captions of what runs over time, and the same said in words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from estimators.evidence.when import When
from estimators.inference.estimate import Estimate
from estimators.inference.over_time import over_time
from estimators.publish.catalogue import marked, retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.over_time_table import dates_shown
from estimators.publish.rounding import Printed
from estimators.publish.said import spoken
from estimators.publish.scene import notes, scene
from estimators.publish.units import heads

_TOLD = 4  # dates told in words
_MARKS = marked(
    "Each source has a marker and a colour of its own. Arrows are bounds, or "
    "counts of a part that was verified; upright bars are ranges (dashed: "
    "what a word can mean); half-filled markers are “about”. A line joins "
    "the printings of one running total, of which few are marked. "
)


def series_caption(estimate: Estimate, id: str, new: bool = False) -> str:
    """Return the caption of `plot_series`.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    new
        Whether each cell of time is shown alone.
    """
    made = scene(estimate, id, new)
    label, number = plain(made.study.by_id[id].label), sum(len(t.said) for t in made.tracks)
    readings, sources = (
        say_many("{number} reading", "{number} readings", number),
        say_many("{number} source", "{number} sources", len({t.name for t in made.tracks})),
    )
    if new:
        return say(
            "{label}, in each {step}: median (line), 50% and 90% intervals (bands). "
            "Windows that claims speak of are as long as they are and as high as "
            "their count a {step}; thin steps are what running totals grew by, from "
            "the last printing in one {step} to the next. {notes}",
            label=label,
            step=made.step,
            notes=notes(made, 0),
        ).strip()
    when = say("on each day") if made.curve.kind == "stock" else say("from the start to each day")
    return say(
        "{label}, {when}: median (line), 50% and 90% intervals (bands), and "
        "{readings} of {sources} on the days they speak of. {marks}Hollow grey "
        "circles are claims that are kept, not used. {notes}",
        label=label,
        when=when,
        readings=readings,
        sources=sources,
        marks=retold(_MARKS),
        notes=notes(made, 0),
    ).strip()


def series_alt(estimate: Estimate, id: str, new: bool = False) -> str:
    """Return in words what `plot_series` shows.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    new
        Whether each cell of time is shown alone.
    """
    table = over_time(estimate, id)
    days = dates_shown(estimate.study.series_of[id])
    few = days[:: -(-len(days) // _TOLD)]
    names = [f"new_{end}" if new else end for end in ("low", "median", "high")]
    rows = table.reindex(list(dict.fromkeys((*few, days[-1]))))[names]
    told = [
        f"{spoken(When(day, day))}: {Printed.of((low, median, high)).ends}"
        for day, low, median, high in rows.itertuples(name=None)
    ]
    what = say("in the cell of time to") if new else say("up to")
    people = heads(estimate.study.unit_of(id))
    label = plain(estimate.study.by_id[id].label)
    return say(
        "{label}, 90% intervals {what} {told}.",
        label=say("{label},{people}", label=label, people=people) if people else label,
        what=what,
        told="; ".join(told),
    )


def panels_caption(estimate: Estimate, ids: Sequence[str]) -> str:
    """Return the caption of `plot_all_series`.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities.
    """
    log = any(scene(estimate, id).log for id in ids)
    scale = say("All scales are logarithmic, each with ends of its own. ") if log else ""
    return say(
        "All {quantities} that run over time: median, 50% and 90% intervals, and "
        "what was said. {scale}{marks}",
        quantities=say_many("{number} quantity", "{number} quantities", len(ids)),
        scale=scale,
        marks=retold(_MARKS),
    ).strip()


def panels_alt(estimate: Estimate, ids: Sequence[str]) -> str:
    """Return in words what `plot_all_series` shows.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities.
    """
    told = [
        f"{plain(estimate.study.by_id[id].label)} {Printed.of(estimate.interval(id)).ends}"
        for id in ids
    ]
    return say("90% intervals at the end: {told}.", told="; ".join(told))
