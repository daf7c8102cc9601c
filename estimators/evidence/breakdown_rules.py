"""What must hold of breakdowns along several dimensions, and of the cells that quantities name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from estimators.evidence.choices import is_number
from estimators.evidence.parts import Parts, Unread, is_id
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import Breakdown, CellOf, Dimension, Quantity
from estimators.evidence.range_rules import is_count, shares_of_a_whole

UNEVENNESS_MOST = 3.0


def problems(study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield everything that is wrong with the breakdowns of a study and the cells of them."""
    measures: dict[str, str] = {quantity.id: quantity.measure for quantity in study.quantities}
    for breakdown in (*study.breakdowns, *(b for b in unread.breakdown_drafts if b.whole)):
        yield from _whole(breakdown, measures, unread)
    for breakdown in study.breakdowns:
        yield from is_count(f"breakdown {breakdown.id}", "whole", breakdown.whole, measures)
        yield from _unevenness(breakdown)
        yield from _dimensions(breakdown)
    by_id = {breakdown.id: breakdown for breakdown in study.breakdowns}
    for quantity in (*study.quantities, *unread.quantity_drafts):
        if isinstance(quantity.rule, CellOf):
            yield from _cell(quantity, quantity.rule, by_id, unread)


def _whole(breakdown: Breakdown, measures: Mapping[str, str], unread: Unread) -> Iterator[Problem]:
    if breakdown.whole not in measures and breakdown.whole not in unread.quantities:
        known = {*measures, *unread.quantities}
        remedy = suggestion(breakdown.whole, known, add_to="study.toml")
        wrong, got = "it names no quantity of this study.", breakdown.whole
        yield Problem(f"breakdown {breakdown.id}", wrong, remedy, "whole", got)


def _unevenness(breakdown: Breakdown) -> Iterator[Problem]:
    given = breakdown.unevenness
    if not is_number(given) or not 0 <= given <= UNEVENNESS_MOST:
        got = f"{given:g}" if is_number(given) else str(given)
        wrong = f"it must be a number from 0 to {UNEVENNESS_MOST:g}."
        remedy = (
            "Write e.g. unevenness = 0.3: a cell may be a third more or less than its levels' "
            "shares make of the whole; 0 where it may not."
        )
        yield Problem(f"breakdown {breakdown.id}", wrong, remedy, "unevenness", got)


def _dimensions(breakdown: Breakdown) -> Iterator[Problem]:
    subject = f"breakdown {breakdown.id}"
    if not breakdown.dimensions:
        remedy = f"Add [breakdowns.{breakdown.id}.by.place.some_level] with share and reason."
        yield Problem(subject, "it has no dimension.", remedy, "by")
    for id in _twice(dimension.id for dimension in breakdown.dimensions):
        wrong = "this dimension stands there twice."
        yield Problem(subject, wrong, "Give each its own id, or drop one.", "by", id)
    for dimension in breakdown.dimensions:
        yield from _levels(subject, dimension)


def _levels(subject: str, dimension: Dimension) -> Iterator[Problem]:
    column = f"by.{dimension.id}"
    for id in _twice(level for level, _ in dimension.levels):
        wrong = "this level stands there twice."
        yield Problem(subject, wrong, "Give each its own id, or drop one.", column, id)
    for id in (dimension.id, *(level for level, _ in dimension.levels)):
        if not is_id(id):
            wrong = "it cannot be an id."
            remedy = "Use letters, digits, '_', '-', '.' and ':', without spaces."
            yield Problem(subject, wrong, remedy, column, id)
    yield from shares_of_a_whole(subject, column, "level", dimension.levels, "breakdown")


def _twice(ids: Iterator[str]) -> list[str]:
    return [id for id, times in Counter(ids).items() if times > 1]


def _cell(
    quantity: Quantity, cell: CellOf, by_id: Mapping[str, Breakdown], unread: Unread
) -> Iterator[Problem]:
    """Yield why a quantity is no cell of a breakdown."""
    subject = f"quantity {quantity.id}"
    if cell.breakdown not in by_id and cell.breakdown not in unread.breakdowns:
        known = {*by_id, *unread.breakdowns}
        remedy = suggestion(cell.breakdown, known, add_to="[breakdowns] in study.toml")
        wrong = "it is not a breakdown of this study."
        yield Problem(subject, wrong, remedy, "cell_of", cell.breakdown)
    if not cell.levels and quantity not in unread.quantity_drafts:
        wrong = "it names no level: that would be the whole."
        remedy = 'Write e.g. cell = { sex = "women" }; a dimension that is left out is added up.'
        yield Problem(subject, wrong, remedy, "cell")
    for id in _twice(dimension for dimension, _ in cell.levels):
        wrong = "it names two levels of one dimension."
        remedy = "Name one, and add the two cells up by sum_of."
        yield Problem(subject, wrong, remedy, "cell", id)
    if cell.breakdown in by_id and cell.breakdown not in unread.breakdowns:
        yield from _in_breakdown(subject, cell, by_id[cell.breakdown])


def _in_breakdown(subject: str, cell: CellOf, breakdown: Breakdown) -> Iterator[Problem]:
    dimensions = {d.id: [level for level, _ in d.levels] for d in breakdown.dimensions}
    for id, level in cell.levels:
        if id not in dimensions:
            wrong = f"it is not a dimension of {breakdown.id}."
            yield Problem(subject, wrong, suggestion(id, dimensions), "cell", id)
        elif level not in dimensions[id]:
            wrong = f"it is not a level of {id} in {breakdown.id}."
            yield Problem(subject, wrong, suggestion(level, dimensions[id]), f"cell.{id}", level)
