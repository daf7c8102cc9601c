"""Captions of what runs over time, and the same said in words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from estimators.evidence.when import When
from estimators.inference.estimate import Estimate
from estimators.inference.over_time import over_time
from estimators.publish.escaping import plain
from estimators.publish.over_time_table import dates_shown
from estimators.publish.rounding import Printed
from estimators.publish.said import counted, spoken
from estimators.publish.scene import notes, scene
from estimators.publish.units import heads

_TOLD = 4  # dates told in words
_MARKS = (
    "Each source has a marker and a colour of its own. Arrows are bounds, or counts of a part that "
    "was verified; upright bars are ranges (dashed: what a word can mean); half-filled markers are "
    "“about”. A line joins the printings of one running total, of which few are marked. "
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
        counted(number, "reading"),
        counted(len({t.name for t in made.tracks}), "source"),
    )
    if new:
        return (
            f"{label}, in each {made.step}: median (line), 50% and 90% intervals (bands). Windows "
            f"that claims speak of are as long as they are and as high as their count a {made.step}"
            "; thin steps are what running totals grew by, from the last printing in one "
            f"{made.step} to the next. {notes(made, 0)}"
        ).strip()
    when = "on each day" if made.curve.kind == "stock" else "from the start to each day"
    return (
        f"{label}, {when}: median (line), 50% and 90% intervals (bands), and {readings} of "
        f"{sources} on the days they speak of. {_MARKS}"
        f"Hollow grey circles are claims that are kept, not used. {notes(made, 0)}"
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
    what = "in the cell of time to" if new else "up to"
    people = heads(estimate.study.unit_of(id))
    label = plain(estimate.study.by_id[id].label)
    return f"{label}{people and ','}{people}, 90% intervals {what} {'; '.join(told)}."


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
    scale = "All scales are logarithmic, each with ends of its own. " if log else ""
    return (
        f"All {counted(len(ids), 'quantity', 'quantities')} that run over time: median, 50% and "
        f"90% intervals, and what was said. {scale}{_MARKS}"
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
    return f"90% intervals at the end: {'; '.join(told)}."
