"""What must hold of the quantities of a study, and of the identities between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from estimators.evidence.circles import circles
from estimators.evidence.identities import graph
from estimators.evidence.parts import Parts, Unread, noun
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import (
    ACCESS,
    FACTOR,
    MEASURES,
    PERCENT,
    Identity,
    PartOf,
    Quantity,
    Range,
    SumOf,
    identity_needs,
    needs,
)
from estimators.evidence.range_rules import count, is_count, percent

UNIT_LONGEST = 40


def problems(study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield everything that is wrong with the quantities and identities of a study."""
    quantities, identities = study.quantities, study.identities
    yield from _definitions(quantities, identities, unread)
    yield from _references(
        (*quantities, *unread.quantity_drafts),
        (*identities, *unread.identity_drafts),
        study,
        unread,
    )
    measures: dict[str, str] = {quantity.id: quantity.measure for quantity in quantities}
    for quantity in quantities:
        yield from _words(quantity)
        yield from _unit(quantity)
        yield from _share(quantity, measures)
    for quantity in (*quantities, *unread.quantity_drafts):
        yield from _members(quantity, measures)
    yield from _circles(study)


def _definitions(
    quantities: Sequence[Quantity], identities: Sequence[Identity], unread: Unread
) -> Iterator[Problem]:
    by_identity = Counter(id for identity in identities for id in identity.defines)
    for quantity in quantities:
        times = by_identity[quantity.id] + (quantity.rule is not None)
        if times == 0 and quantity.id not in unread.defined:
            yield Problem(
                f"quantity {quantity.id}",
                "nothing defines it.",
                "Give it a range with a reason, part_of, sum_of or cell_of, or make it a part of "
                "a split, the 'before' or 'inflow' of a balance, or the 'inflow' of a running one.",
            )
        elif times > 1:
            yield Problem(
                f"quantity {quantity.id}",
                f"{times} rules define it; one quantity has one rule.",
                "Drop all but one of range, part_of, sum_of, cell_of, split and balance (as "
                "'before' or 'inflow'). It may still be a member of any number of sums.",
            )


def _references(
    quantities: Sequence[Quantity],
    identities: Sequence[Identity],
    study: Parts,
    unread: Unread,
) -> Iterator[Problem]:
    known = {*(quantity.id for quantity in study.quantities), *unread.quantities}
    wanted = [(f"quantity {q.id}", id) for q in quantities for id in dict.fromkeys(needs(q))]
    wanted += [
        (f"{noun(i)} {i.id}", id)
        for i in identities
        for id in dict.fromkeys((*i.defines, *identity_needs(i)))
    ]
    for subject, id in wanted:
        if id and id not in known and id not in unread.quantities:
            wrong = "it names no quantity of this study."
            remedy = suggestion(id, known, add_to="study.toml")
            yield Problem(subject, wrong, remedy, got=id)


def _words(quantity: Quantity) -> Iterator[Problem]:
    subject = f"quantity {quantity.id}"
    if not quantity.label.strip():
        yield Problem(subject, "it is empty.", "Say in words what is counted.", "label")
    if quantity.measure not in MEASURES:
        remedy = suggestion(quantity.measure, MEASURES)
        yield Problem(subject, "unknown measure.", remedy, "measure", quantity.measure)
    if quantity.access not in (None, *ACCESS):
        remedy = suggestion(str(quantity.access), ACCESS)
        yield Problem(subject, "unknown access.", remedy, "access", str(quantity.access))
    if quantity.side != quantity.side.strip():
        yield Problem(subject, "spaces stand around it.", "Drop them.", "side", quantity.side)


def _unit(quantity: Quantity) -> Iterator[Problem]:
    """Yield why a unit cannot stand behind a number, and a unit of a share."""
    subject, given = f"quantity {quantity.id}", quantity.unit
    if not given:
        return
    remedy = 'Name what is counted, as in unit = "armoured vehicles", or leave it out for persons.'
    if quantity.is_share:
        wrong, remedy = "a share is in percent and has no other unit.", "Drop it."
        yield Problem(subject, wrong, remedy, "unit", given)
    elif given != " ".join(given.split()):
        wrong = "it is not on one line with single spaces."
        yield Problem(subject, wrong, remedy, "unit", given)
    elif len(given) > UNIT_LONGEST:
        wrong = f"it is {len(given)} characters long; {UNIT_LONGEST} are the most."
        yield Problem(subject, wrong, remedy, "unit", given)
    elif given.lower() in (PERCENT, "%", FACTOR):
        yield Problem(subject, "it is not what a count counts.", remedy, "unit", given)


def _share(quantity: Quantity, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"quantity {quantity.id}"
    if quantity.is_share and not isinstance(quantity.rule, Range):
        wrong = "a share needs a range of its own."
        remedy = "Write range = [low, high] in percent, with a reason, and no other rule."
        yield Problem(subject, wrong, remedy)
    match quantity.rule:
        case Range() as given if quantity.is_share:
            yield from percent(subject, "range", given)
        case Range() as given:
            yield from count(subject, given)
        case PartOf(_, Range() as given):
            yield from percent(subject, "share", given)
        case PartOf(_, str(share)) if measures.get(share, "share") != "share":
            wrong = 'it is not a quantity with measure = "share".'
            remedy = "Name one that is, or write share = [low, high] in percent with a reason."
            yield Problem(subject, wrong, remedy, "share", share)


def _members(quantity: Quantity, measures: Mapping[str, str]) -> Iterator[Problem]:
    subject = f"quantity {quantity.id}"
    if not isinstance(quantity.rule, PartOf | SumOf):
        return
    is_sum = isinstance(quantity.rule, SumOf)
    counted = needs(quantity) if is_sum else needs(quantity)[:1]
    column = "sum_of" if is_sum else "part_of"
    if not counted or len(set(counted)) < len(counted):
        wrong, remedy = "a sum needs parts, each once.", "List each part once."
        yield Problem(subject, wrong, remedy, column, ", ".join(counted))
    for id in dict.fromkeys(counted):
        yield from is_count(subject, column, id, measures)


def _circles(study: Parts) -> Iterator[Problem]:
    for circle in circles(graph(study.quantities, study.identities, study.breakdowns)):
        yield Problem(
            f"quantity {circle[0]}",
            "its definition comes back to itself.",
            "Break the circle: one of these needs a range of its own.",
            got=" -> ".join(circle),
        )
