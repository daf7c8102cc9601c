"""What a report says of matched lists: in sentences, and as captions of their figures."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.evidence.captures import Captures
from estimators.evidence.matched import ASSUMPTIONS
from estimators.inference.lists.study_lists import Listed
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.figure_upset import combinations
from estimators.publish.rounding import Printed, as_text
from estimators.publish.said import listed
from estimators.publish.sentences_counted import on_lists


def reading(made: Listed) -> str:
    """Return who was matched over which lists, and what the study assumes of those on none.

    Parameters
    ----------
    made
        One table of matched lists.
    """
    people = say("{on}: {names}.", on=on_lists(made.anchor), names=_names(made.matched.table))
    if not made.anchor.used:
        return say(
            "{people} The study names no assumption for them and reads no number off them.",
            people=people,
        )
    assumed = say(
        "{people} The study assumes that {assumption}. Its reason: {reason}",
        people=people,
        assumption=retold(ASSUMPTIONS[made.matched.assumption]),
        reason=plain(made.anchor.reason),
    )
    return " ".join((assumed, *_departure(made)))


def _departure(made: Listed) -> Iterator[str]:
    stated = made.matched.departure
    if stated is not None:
        yield say(
            "It allows for {low} to {high} times as many on no list as this assumption gives "
            "(90%).",
            low=f"{stated.low:g}",
            high=f"{stated.high:g}",
        )


def upset_caption(made: Listed) -> str:
    """Return the caption of `plot_upset`."""
    _, rest, people = combinations(made.matched.table.first)
    left = (
        say_many(
            " {number} combination more, of {people} people, is not drawn.",
            " {number} combinations more, of {people} people, are not drawn.",
            rest,
            people=as_text(people),
        )
        if rest
        else ""
    )
    return say(
        "Who stands on which lists: each bar is a combination of lists and counts the people on "
        "these and on no other; dots name the lists. Grey: on one list only. Beside each list is "
        "how many stand on it.{left}",
        left=left,
    )


def upset_alt(made: Listed) -> str:
    """Return in words what `plot_upset` shows."""
    table = made.matched.table.first
    sizes = [f"{plain(id)} {as_text(table.size(id))}" for id in table.lists]
    once = sum(table.alone(id) for id in table.lists)
    return say(
        "Bars of people by combination of lists. Lists: {sizes}. {once} of {n} people stand on one "
        "list only.",
        sizes=listed(sizes),
        once=as_text(once),
        n=as_text(table.n),
    )


def families_caption(made: Listed) -> str:
    """Return the caption of `plot_families`."""
    over = listed([retold(name) for name in made.comparison.over])
    average = (
        say(" The average is an even mixture of: {over}.", over=over)
        if made.comparison.over
        else ""
    )
    return say(
        "How many there are, by what is assumed of those on no list: medians and 90% intervals "
        "from the same lists alone, with the prior 1/N and without departures. An open mark may "
        "not be printed by itself. The interval of the log-linear model leaves out that another "
        "model might hold.{average}",
        average=average,
    )


def families_alt(made: Listed) -> str:
    """Return in words what `plot_families` shows."""
    rows = made.comparison.table.dropna(subset=["median"])
    told = [
        f"{retold(str(family))}: {Printed.of((float(low), float(median), float(high))).ends}"
        for family, low, median, high in zip(
            rows.index, rows["low"], rows["median"], rows["high"], strict=True
        )
    ]
    return say("90% intervals by family of models. {told}.", told="; ".join(told))


def _names(table: Captures) -> str:
    return listed([plain(id) for id in table.lists])
