"""What must hold of each claim of a study, and between claims."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import get_args

from estimators.evidence.circles import circles
from estimators.evidence.claim import Claim, Method
from estimators.evidence.parts import Parts, Unread, is_id, is_unicode
from estimators.evidence.problems import Problem, nearest, shorten, suggestion
from estimators.evidence.quantity import PartOf, Quantity
from estimators.evidence.rows import numbers_of
from estimators.evidence.running import Running, running
from estimators.evidence.when import When
from estimators.evidence.window_rules import count_other_days, wrong_window
from estimators.evidence.wording import KINDS, Most, OneNumber, OrderOf, Verified

LONGEST = 10_000
_TEXTS = tuple(field.name for field in fields(Claim) if field.type == "str")
_all_texts = attrgetter(*_TEXTS)
_DATE = 'a date: When.parse("2023-10")'
_WANTED: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
    *((column, str, "text") for column in _TEXTS),
    ("wording", KINDS, "a wording such as About(600)"),
    ("published", When, _DATE),
    ("as_of", (When, type(None)), _DATE),
    ("since", (When, type(None)), _DATE),
    ("derived_from", tuple, "a tuple of ids"),
    ("used", bool, "True or False"),
)
_METHODS: tuple[str, ...] = get_args(Method)
_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


@dataclass(frozen=True)
class _Known:
    """What a claim may refer to."""

    quantities: Mapping[str, Quantity]
    sources: frozenset[str]
    coverages: frozenset[str]
    shares_of_nothing: frozenset[str]
    claims: Mapping[str, Claim]
    runs: Running
    unread: Unread


def problems(study: Parts, unread: Unread, places: Sequence[str]) -> Iterator[Problem]:
    """Yield everything that is wrong with the claims of a study; `places` says where each is."""
    known = _Known(
        {quantity.id: quantity for quantity in study.quantities},
        frozenset(source.id for source in study.sources),
        frozenset(coverage.id for coverage in study.coverages),
        _shares_of_nothing(study, unread),
        {claim.id: claim for claim in study.claims},
        running(study, unread),
        unread,
    )
    for claim, place in zip(study.claims, places, strict=True):
        for column, wrong, got, remedy in _all(claim, known):
            yield Problem(place, wrong, remedy, column, got)
    for draft, place in unread.drafts:
        for column, wrong, got, remedy in (
            *_names(draft, known),
            *_texts(draft),
            *_coverage(draft, known),
            *_links(draft, known),
        ):
            yield Problem(place, wrong, remedy, column, got)
    yield from _pairs(study.claims, places, known)
    yield from _circles(study.claims, places)


type _Found = Iterator[tuple[str, str, str, str]]  # column, wrong, got, remedy


def _all(claim: Claim, known: _Known) -> _Found:
    strangers = [*_kinds(claim)]
    if strangers:
        yield from strangers
        return
    yield from _names(claim, known)
    yield from _use(claim)
    quantity = known.quantities.get(claim.quantity)
    if quantity is not None:
        yield from _numbers(claim, quantity)
        yield from _fitting(claim, quantity, known)
        yield from wrong_window(claim, quantity, known.runs)
    yield from _texts(claim)
    yield from _links(claim, known)
    yield from _coverage(claim, known)


def _shares_of_nothing(study: Parts, unread: Unread) -> frozenset[str]:
    """Return the shares that no quantity is a part by; none where one may not have been read."""
    if unread.quantities:
        return frozenset()
    rules = (quantity.rule for quantity in study.quantities)
    used = {rule.share for rule in rules if isinstance(rule, PartOf)}
    return frozenset(q.id for q in study.quantities if q.is_share and q.id not in used)


def _kinds(claim: Claim) -> _Found:
    """Yield what is no text, date or wording at all, as may happen to a claim built in Python."""
    for column, kind, remedy in _WANTED:
        value = getattr(claim, column)
        if not isinstance(value, kind):
            yield column, "it is of the wrong type.", repr(value), f"Give {remedy}."


def _names(claim: Claim, known: _Known) -> _Found:
    if not is_id(claim.id):
        remedy = "Use letters, digits, '_', '-', '.' and ':', without spaces."
        yield "id", "it cannot be an id.", claim.id, remedy
    if _is_strange(claim.quantity, known.quantities, known.unread.quantities) and (
        claim.used or claim.quantity
    ):
        there = {*known.quantities, *known.unread.quantities}
        remedy = suggestion(claim.quantity, there, add_to="study.toml")
        yield "quantity", _no("quantity", claim.quantity), claim.quantity, remedy
    if _is_strange(claim.origin, known.sources, known.unread.sources):
        there = {*known.sources, *known.unread.sources}
        remedy = suggestion(claim.origin, there, add_to="[sources] in study.toml")
        yield "origin", _no("source", claim.origin), claim.origin, remedy


def _is_strange(id: str, known: Container[str], unread: Container[str]) -> bool:
    return id not in known and (not id or id not in unread)


def _no(noun: str, id: str) -> str:
    return f"it is not a {noun} of this study." if id else "it is empty."


def _use(claim: Claim) -> _Found:
    copied = claim.repeats or " ".join(claim.derived_from)
    if claim.used and copied:
        wrong = f"it repeats or was computed from {shorten(copied)}: no observation of its own."
        yield "used", wrong, "yes", "Write no."
    if claim.used and not claim.says_a_number:
        wrong = f"the word {str(claim.wording)!r} says nothing on how many."
        yield "used", wrong, "yes", "Write no, and the reason in why_not."
    if claim.used and claim.why_not.strip():
        wrong = "a claim that is used has a reason why it is not."
        yield "why_not", wrong, claim.why_not, "Write used = no, or move the text to notes."
    if not claim.used and not claim.why_not.strip() and not copied:
        yield "why_not", "a claim that is not used needs the reason.", "", "Say why not."


def _fitting(claim: Claim, quantity: Quantity, known: _Known) -> _Found:
    """Yield a wording that does not go with what is counted, and a share of nothing."""
    said = str(claim.wording)
    if isinstance(claim.wording, Most) and not quantity.is_share:
        remedy = "Name a quantity with measure = \"share\", or take the wording 'many'."
        yield "wording", "'most' is said of a share, not of a count.", said, remedy
    if not quantity.is_share or not claim.used:
        return
    if isinstance(claim.wording, OrderOf):
        wrong = "a word for a count cannot be said of a share."
        yield "wording", wrong, said, "Write used = no, or name a count."
    if isinstance(claim.wording, Verified):
        wrong = "cases are verified one by one, a share is not."
        yield "wording", wrong, said, "Write used = no, or name the count of those verified."
    if quantity.id in known.shares_of_nothing:
        wrong = "it is a share of nothing: no quantity is a part by it."
        remedy = (
            f'Add a quantity with part_of = "…" and share = "{quantity.id}", or write used = no.'
        )
        yield "quantity", wrong, quantity.id, remedy


def _coverage(claim: Claim, known: _Known) -> _Found:
    if not claim.coverage:
        return
    if _is_strange(claim.coverage, known.coverages, known.unread.coverages):
        there = {*known.coverages, *known.unread.coverages}
        remedy = suggestion(claim.coverage, there, add_to="[coverages] in study.toml")
        yield "coverage", _no("coverage", claim.coverage), claim.coverage, remedy
    quantity = known.quantities.get(claim.quantity)
    if quantity is not None and quantity.is_share:
        wrong = "a share has no part that was counted, only a count has."
        yield "coverage", wrong, claim.coverage, "Leave it empty, or name a count."


def _numbers(claim: Claim, quantity: Quantity) -> _Found:
    for column, number in numbers_of(claim.wording).items():
        if quantity.is_share and number >= 100:
            remedy = "Write the share in percent, e.g. 70."
            yield column, "a share lies below 100.", f"{number:g}", remedy
        elif not quantity.is_share and number != int(number):
            remedy = "Write a whole number, without separators."
            yield column, "a count is a whole number.", f"{number:g}", remedy


def _texts(claim: Claim) -> _Found:
    if claim.method not in _METHODS:
        remedy = "Write enumeration, estimate, coding rule, running total or nothing."
        yield "method", "it is no method.", claim.method, remedy
    if claim.network != claim.network.strip():
        yield "network", "spaces stand around it.", claim.network, "Drop them."
    for column in ("url", "archived_url"):
        text = getattr(claim, column)
        if text and not _ADDRESS.fullmatch(text):
            remedy = "Give an address that begins with https:// without spaces, or leave it empty."
            yield column, "it is not a web address.", text, remedy
    together = "".join(_all_texts(claim))
    if len(together) <= LONGEST and "\x00" not in together and is_unicode(together):
        return  # as nearly always: thousands of rows are looked at
    for column in _TEXTS:
        text = getattr(claim, column)
        if len(text) > LONGEST:
            wrong = f"it is {len(text):,} characters long; {LONGEST:,} are the most."
            yield column, wrong, text, "Shorten it; the url leads to the rest."
        if "\x00" in text or not is_unicode(text):
            wrong = "it holds a character that is none (a null or half of a pair)."
            yield column, wrong, text, "Type the text again, or delete the character."


def _links(claim: Claim, known: _Known) -> _Found:
    for column, ids in (
        ("repeats", (claim.repeats,) if claim.repeats else ()),
        ("derived_from", claim.derived_from),
        ("pairs_with", (claim.pairs_with,) if claim.pairs_with else ()),
    ):
        for id in ids:
            if _is_strange(id, known.claims, known.unread.claims):
                remedy = (
                    f"{nearest(id, known.claims)}Write the id of another row, or leave it empty."
                )
                yield column, "it is not a claim of this study.", id, remedy


def _misfit(claim: Claim, floor: Claim, known: _Known) -> str:
    if not (claim.is_ceiling and floor.is_floor):
        return f"'{claim.wording}' and '{floor.wording}' are not a ceiling and a floor."
    if not (claim.used and floor.used):
        return "one of the two is not used."
    if claim.origin != floor.origin or claim.quantity != floor.quantity:
        return "the two differ in origin or quantity."
    if not _value(floor) < _value(claim):
        return f"'{floor.wording}' is not below '{claim.wording}'."
    quantity = known.quantities.get(claim.quantity)
    if quantity is not None and count_other_days(claim, floor, quantity, known.runs):
        return "the two count different days."
    return ""


def _value(claim: Claim) -> float:
    return claim.wording.value if isinstance(claim.wording, OneNumber) else float("nan")


def _pairs(claims: Sequence[Claim], places: Sequence[str], known: _Known) -> Iterator[Problem]:
    """Yield each ceiling that makes no interval with its floor, or whose floor is taken."""
    remedy = (
        "A pair is a ceiling ('up to') that names a lower floor ('at least') by the same origin "
        "on the same quantity, both used; mend it or leave pairs_with empty."
    )
    taken: dict[str, str] = {}
    for claim, place in zip(claims, places, strict=True):
        floor = known.claims.get(claim.pairs_with)
        if floor is None:
            continue
        wrong = _misfit(claim, floor, known)
        if not wrong and floor.id in taken:
            wrong = f"this floor already makes a pair with {taken[floor.id]}."
        if wrong:
            yield Problem(place, wrong, remedy, "pairs_with", floor.id)
        else:
            taken[floor.id] = claim.id


def _circles(claims: Sequence[Claim], places: Sequence[str]) -> Iterator[Problem]:
    place_of = {claim.id: place for claim, place in zip(claims, places, strict=True)}
    edges = {c.id: (*((c.repeats,) if c.repeats else ()), *c.derived_from) for c in claims}
    for circle in circles(edges):
        wrong = "repeats and derived_from run in a circle."
        remedy = "One of these claims must be the first: leave its repeats empty."
        yield Problem(place_of[circle[0]], wrong, remedy, "repeats", " -> ".join(circle))
