"""What of a number was counted one by one: documented persons, and people on matched lists."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.evidence.choices import Anchor
from estimators.evidence.matched import ASSUMPTIONS
from estimators.evidence.quantity import PERSONS
from estimators.evidence.study import Study, lists_behind
from estimators.publish.catalogue import retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.rounding import as_text
from estimators.publish.said import Said, span
from estimators.publish.suppression import Cells
from estimators.publish.units import heads


def counted_one_by_one(study: Study, said: Said, cells: Cells) -> Iterator[str]:
    """Yield how many were identified: on lists, and by who documented most of them.

    Parameters
    ----------
    study
        The study.
    said
        What was said of the quantity.
    cells
        Which numbers are too small to be printed.
    """
    own = [a for a in said.lists if a.used]
    for anchor in own:
        yield say("{on}, and those on none are estimated from these", on=on_lists(anchor, cells))
    if not own or said.documented is not None:
        yield _documented(study, said, cells)


def on_lists(anchor: Anchor, cells: Cells | None = None) -> str:
    """Return how many people stand on how many lists.

    Parameters
    ----------
    anchor
        An anchor of matched lists.
    cells
        Which numbers are too small to be printed; none if not given.
    """
    assert anchor.matched is not None
    table = anchor.matched.table
    n = float(table.first.n)
    return say(
        "{people} identified persons stand on {lists}",
        people=cells.number(n) if cells else as_text(n),
        lists=say_many("{number} list", "{number} lists", len(table.lists)),
    )


def lists_assumptions(study: Study, id: str) -> tuple[str, ...]:
    """Return what is assumed of the people on no list, where a quantity rests on lists.

    Parameters
    ----------
    study
        The study.
    id
        The quantity.
    """
    behind = lists_behind(study, id)
    names = dict.fromkeys(anchor.matched.assumption for anchor in behind if anchor.matched)
    return tuple(retold(ASSUMPTIONS[name]) for name in names)


def _documented(study: Study, said: Said, cells: Cells) -> str:
    unit = study.unit_of(said.quantity.id)
    if said.documented is None:
        return _nobody_documented(unit)
    known = int(span(said.documented)[0])
    if unit != PERSONS:
        number = as_text(span(said.documented)[0])
        return say("{number}{unit} are documented one by one", number=number, unit=heads(unit))
    origin = plain(study.source_by_id[said.documented.origin].name)
    if cells.hides(known):
        return say(
            "{number} identified persons are documented (by {origin}), so this is not a count of "
            "identified persons",
            number=cells.number(known),
            origin=origin,
        )
    return say_many(
        "{number} identified person is documented (by {origin}), so this is not a count of "
        "identified persons",
        "{number} identified persons are documented (by {origin}), so this is not a count of "
        "identified persons",
        known,
        origin=origin,
    )


def _nobody_documented(unit: str) -> str:
    if unit == PERSONS:
        return say("no count of identified persons exists")
    return say("no count of{unit} known one by one exists", unit=heads(unit) or say(" cases"))
