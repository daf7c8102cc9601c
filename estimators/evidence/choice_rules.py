"""What must hold of the classes, coverages, anchors and scenarios of a study."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from estimators.evidence import matched
from estimators.evidence.choices import (
    READINGS,
    Anchor,
    Scenario,
    SourceClass,
    is_number,
    unfit_spread,
)
from estimators.evidence.claim import SOURCE_CLASSES, Claim
from estimators.evidence.parts import Parts, Unread
from estimators.evidence.problems import Problem, suggestion
from estimators.evidence.quantity import PartOf, Quantity, Split

_CERTAIN = 100.0


def problems(study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield everything that is wrong with classes, coverages, anchors and scenarios."""
    for made in study.classes:
        yield from _class(made)
    for coverage in study.coverages:
        if coverage.range.high >= _CERTAIN:
            wrong = "a coverage is in percent and lies below 100."
            remedy = "Write e.g. range = [20, 60] for 20 to 60 percent; for all, name none."
            got = f"{coverage.range.low:g} to {coverage.range.high:g}"
            yield Problem(f"coverage {coverage.id}", wrong, remedy, "range", got)
    yield from _anchors(study, unread)
    yield from _scenarios(study, unread)


def left_out(study: Parts, scenario: Scenario) -> frozenset[str]:
    """Return the ids of the used claims and anchors that a scenario leaves out."""
    names = frozenset(scenario.without)
    classes = {source.id: source.source_class for source in study.sources}
    claims = (c.id for c in study.claims if c.used and names & _marks(c, classes))
    return frozenset((*claims, *(a.id for a in study.anchors if a.used and a.id in names)))


def _marks(claim: Claim, classes: Mapping[str, str]) -> frozenset[str]:
    """Return all names by which a claim can be left out."""
    marks = (claim.id, claim.origin, claim.network, classes.get(claim.origin, ""))
    return frozenset(mark for mark in marks if mark)


def _reason(subject: str, reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield Problem(subject, "it needs a reason.", "Say why, fit to be printed.", "reason")


def _class(made: SourceClass) -> Iterator[Problem]:
    subject = f"class {made.id}"
    yield from _reason(subject, made.reason)
    if wrong := unfit_spread(made.spread):
        yield Problem(subject, wrong, "Write e.g. spread = 0.4.", "spread", _shown(made.spread))
    if made.id in SOURCE_CLASSES:
        remedy = f'Change [assumptions."origin_scale.{made.id}"] instead, or give it another name.'
        yield Problem(subject, "it is a class that is built in.", remedy, "id", made.id)


def _anchors(study: Parts, unread: Unread) -> Iterator[Problem]:
    quantities = {quantity.id: quantity for quantity in study.quantities}
    known = {*quantities, *unread.quantities}
    wholes = _wholes(study)
    claims = {*(claim.id for claim in study.claims), *unread.claims}
    for anchor in (*study.anchors, *(a for a in unread.anchor_drafts if a.quantity)):
        subject = f"anchor {anchor.id}"
        if anchor.quantity not in known and anchor.quantity not in unread.quantities:
            wrong = "it is not a quantity of this study."
            remedy = suggestion(anchor.quantity, known, add_to="study.toml")
            yield Problem(subject, wrong, remedy, "quantity", anchor.quantity)
        if anchor.id in claims:
            wrong = "a claim has this id: both are readings."
            yield Problem(subject, wrong, "Give the anchor an id of its own.", "id", anchor.id)
    for anchor in study.anchors:
        yield from _reason(f"anchor {anchor.id}", anchor.reason)
        yield from _kind(anchor)
        yield from _matched(anchor, quantities.get(anchor.quantity))
        yield from _anchored(anchor, quantities.get(anchor.quantity), wholes)


def _wholes(study: Parts) -> frozenset[str]:
    """Return the quantities of which a share is stated."""
    rules = (quantity.rule for quantity in study.quantities)
    splits = (i.whole for i in study.identities if isinstance(i, Split))
    broken_down = (breakdown.whole for breakdown in study.breakdowns)
    parts = (rule.whole for rule in rules if isinstance(rule, PartOf))
    return frozenset((*parts, *splits, *broken_down))


def _matched(anchor: Anchor, quantity: Quantity | None) -> Iterator[Problem]:
    if anchor.matched is not None:
        is_share = quantity is not None and quantity.is_share
        yield from matched.problems(f"anchor {anchor.id}", anchor.matched, anchor.used, is_share)


def _kind(anchor: Anchor) -> Iterator[Problem]:
    """Yield why an anchor is no register, no floor and no matched lists, or several of these."""
    subject, within = f"anchor {anchor.id}", anchor.complete_within
    remedy = "Give either value with complete_within (percent), or floor, or lists."
    is_register = anchor.value is not None or within is not None
    kinds = (is_register, anchor.floor is not None, anchor.matched is not None)
    if sum(kinds) != 1:
        names = ("a register", "a floor", "matched lists")
        given = " and ".join(name for name, here in zip(names, kinds, strict=True) if here)
        yield Problem(subject, f"it is {given}." if given else "it holds no number.", remedy)
    elif is_register and (anchor.value is None or within is None):
        column = "value" if anchor.value is None else "complete_within"
        wrong = "it is missing: value and complete_within go together."
        yield Problem(subject, wrong, remedy, column)
    if within is not None and not (is_number(within) and 0 < within < _CERTAIN):
        wrong = "it must be a percentage between 0 and 100."
        remedy = "Write complete_within = 5 for a register that is complete within 5 percent."
        yield Problem(subject, wrong, remedy, "complete_within", _shown(within))


def _anchored(
    anchor: Anchor, quantity: Quantity | None, wholes: Collection[str]
) -> Iterator[Problem]:
    """Yield an anchor on a share, and numbers that are none of a count."""
    subject = f"anchor {anchor.id}"
    if quantity is not None and quantity.is_share:
        wrong = "it is a share; an anchor holds a count."
        remedy = "Name a flow, a stock or a cumulative count, or make it a claim."
        yield Problem(subject, wrong, remedy, "quantity", anchor.quantity)
        return
    for column in ("value", "floor"):
        number = getattr(anchor, column)
        if number is not None and (wrong := _unfit(number, anchor.quantity in wholes)):
            remedy = "Write a whole, positive number, or drop the anchor."
            yield Problem(subject, wrong, remedy, column, _shown(number))


def _unfit(number: object, is_whole: bool) -> str:
    """Return why a value cannot be a number that holds a count, '' where it can."""
    if not is_number(number):
        return f"it is not a number but {type(number).__name__}."
    assert isinstance(number, int | float)
    if number == 0 and is_whole:
        return "a share is stated of this quantity, and a share of none means nothing."
    if not 0 < number < float("inf"):
        return f"it must be a positive, finite number, not {number:g}."
    return "" if number == int(number) else "a count is a whole number."


def _shown(number: object) -> str:
    return f"{number:g}" if isinstance(number, int | float) else str(number)


def _scenarios(study: Parts, unread: Unread) -> Iterator[Problem]:
    names, anchors = _names(study, unread), {anchor.id: anchor.used for anchor in study.anchors}
    for scenario in (*study.scenarios, *unread.scenario_drafts):
        subject = f"scenario {scenario.id}"
        for name in _strange(scenario, names, unread):
            wrong = "no origin, network, class, claim or anchor of this study has this name."
            yield Problem(subject, wrong, suggestion(name, names), "without", name)
        for name in dict.fromkeys(scenario.with_anchors):
            yield from _with_anchor(subject, name, anchors, unread)
    for scenario in study.scenarios:
        yield from _words(scenario)
        if not _strange(scenario, names, unread):
            yield from _effect(scenario, study, unread)


def _names(study: Parts, unread: Unread) -> frozenset[str]:
    """Return all that a scenario may leave out."""
    sources = (*study.sources, *unread.source_drafts)
    claims = (*study.claims, *(claim for claim, _ in unread.drafts))
    classes = {source.id: source.source_class for source in sources}
    found = {mark for claim in claims for mark in _marks(claim, classes)}
    anchors = (anchor.id for anchor in study.anchors)
    return frozenset((*found, *classes, *filter(None, classes.values()), *anchors))


def _strange(scenario: Scenario, names: Collection[str], unread: Unread) -> list[str]:
    """Return the names in `without` that nothing has."""
    sets = (names, unread.sources, unread.classes, unread.claims, unread.anchors)
    given = dict.fromkeys(scenario.without)
    return [name for name in given if not any(name in each for each in sets)]


def _with_anchor(
    subject: str, name: str, anchors: Mapping[str, bool], unread: Unread
) -> Iterator[Problem]:
    if name not in anchors and name not in unread.anchors:
        remedy = suggestion(name, anchors, add_to="[anchors] in study.toml")
        wrong = "it is not an anchor of this study."
        yield Problem(subject, wrong, remedy, "with_anchors", name)
    elif anchors.get(name):
        wrong = "this anchor is used in any case."
        remedy = "Write used = false under the anchor, or leave it out here."
        yield Problem(subject, wrong, remedy, "with_anchors", name)


def _words(scenario: Scenario) -> Iterator[Problem]:
    subject, reading = f"scenario {scenario.id}", str(scenario.reading)
    yield from _reason(subject, scenario.reason)
    if reading not in READINGS:
        yield Problem(
            subject, "unknown reading.", suggestion(reading, READINGS), "reading", reading
        )


def _effect(scenario: Scenario, study: Parts, unread: Unread) -> Iterator[Problem]:
    """Yield that a scenario changes nothing, or leaves nothing to be read."""
    subject, gone = f"scenario {scenario.id}", left_out(study, scenario)
    others = (scenario.reading != "neutral", scenario.with_anchors, scenario.assumptions)
    is_hidden = bool(unread.claims or unread.sources or unread.anchors)
    if not any(others) and not gone and not (scenario.without and is_hidden):
        remedy = "Give a reading, without, with_anchors or assumptions that differ, or drop it."
        yield Problem(subject, "it changes nothing.", remedy)
    used = {claim.id for claim in study.claims if claim.used}
    if used and used <= gone and not is_hidden:
        got = ", ".join(scenario.without)
        yield Problem(subject, "no used claim would be left.", "Leave out less.", "without", got)
