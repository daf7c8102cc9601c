"""A study: the quantities, who said what about them, and how they hang together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from estimators.evidence import identities, rules
from estimators.evidence.choices import Anchor, Coverage, Override, Scenario, SourceClass, Waiver
from estimators.evidence.claim import Claim, Source
from estimators.evidence.problems import EvidenceError, refuse, suggestion
from estimators.evidence.quantity import (
    Access,
    Balance,
    Breakdown,
    Identity,
    Quantity,
    Range,
    RunningBalance,
    Split,
)
from estimators.evidence.registry import registered_classes
from estimators.evidence.report_words import NOTHING_SAID, ReportWords
from estimators.evidence.series import Series, window

# Handed on under their names: this module is where what is known of a study is looked for.
from estimators.evidence.standing import assumed_shares as assumed_shares
from estimators.evidence.standing import claims_behind as claims_behind
from estimators.evidence.standing import lists_behind as lists_behind
from estimators.evidence.standing import rests_on as rests_on
from estimators.evidence.standing import status as status
from estimators.evidence.study_page import page
from estimators.evidence.when import When
from estimators.evidence.wording import Between, OneNumber

_LISTS = (
    *("quantities", "sources", "claims", "headline", "overrides", "waivers"),
    *("classes", "coverages", "anchors", "scenarios", "series", "breakdowns"),
)


@dataclass(frozen=True)
class Study:
    """Everything that was said, with every reference checked.

    `category` says what kind of event it is of, as known outcomes name it; `reference_class` of
    which of them the errors of its claims are taken to be: by default of all of them, read at its
    category; 'none' for the toolkit's own judgement. `obtain` says how to get the claims of a
    study whose rows are not shipped. `report` says who answers for the report, and its licence.

    Raises
    ------
    EvidenceError
        At construction, with every problem found: unknown ids, a quantity defined twice or not
        at all, circles, claims that contradict their wording.
    """

    title: str
    question: str
    quantities: tuple[Quantity, ...]
    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    headline: tuple[str, ...] = ()
    identities: tuple[Identity, ...] = ()
    access: Access = "open"
    overrides: tuple[Override, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    references: str = ""
    name: str = "study"
    notes: str = ""
    classes: tuple[SourceClass, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    category: str = ""
    reference_class: str = ""
    series: tuple[Series, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    obtain: str = ""
    report: ReportWords = NOTHING_SAID

    def __post_init__(self) -> None:
        """Make tuples of lists and raise EvidenceError unless all parts fit together."""
        self._arrange()
        problems = rules.problems(self)
        if problems:
            raise EvidenceError(problems)

    @classmethod
    def of_checked(cls, **parts: Any) -> Study:
        """Return the study of parts that all rules were held against before, as a reader does."""
        made = object.__new__(cls)
        for each in fields(cls):
            object.__setattr__(made, each.name, parts.pop(each.name, each.default))
        assert not parts, f"no study has {', '.join(parts)}"
        made._arrange()
        return made

    def _arrange(self) -> None:
        for name in _LISTS:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        splits_first = sorted(self.identities, key=_kind_of_identity)
        object.__setattr__(self, "identities", tuple(splits_first))

    @cached_property
    def by_id(self) -> dict[str, Quantity]:
        """Return the quantities by their id."""
        return {quantity.id: quantity for quantity in self.quantities}

    @cached_property
    def claim_by_id(self) -> dict[str, Claim]:
        """Return the claims by their id."""
        return {claim.id: claim for claim in self.claims}

    @cached_property
    def source_by_id(self) -> dict[str, Source]:
        """Return the sources by their id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def identity_of(self) -> dict[str, Identity]:
        """Return, for each quantity that a split or balance defines, that identity."""
        return {id: identity for identity in self.identities for id in identity.defines}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Return the ids of all quantities, each after those it is computed from."""
        return identities.order(self.quantities, self.identities, self.breakdowns)

    @cached_property
    def graph(self) -> dict[str, tuple[str, ...]]:
        """Return, for each quantity, the ids that it is computed from."""
        return identities.graph(self.quantities, self.identities, self.breakdowns)

    @cached_property
    def series_of(self) -> dict[str, Series]:
        """Return, for each quantity that runs over time, the series that it runs on."""
        by_id = {series.id: series for series in self.series}
        found = identities.clocks(self.quantities, self.identities, self.breakdowns)
        return {id: by_id[clock] for id, clock in found.items()}

    @cached_property
    def _units(self) -> dict[str, str]:
        return identities.units(self.quantities, self.identities, self.breakdowns)

    def unit_of(self, *ids: str) -> str:
        """Return what quantities count: 'persons', 'tanks' …, 'percent'; 'count' where mixed."""
        return identities.common_unit(self._units[self.quantity(id).id] for id in ids)

    def window(self, claim: Claim) -> When | None:
        """Return the days that a claim counts, None where its quantity does not run over time.

        Of a stock it is one day: the last one that the claim speaks for.
        """
        series = self.series_of.get(claim.quantity)
        is_stock = series is not None and self.by_id[claim.quantity].measure == "stock"
        return window(claim, series, is_stock) if series else None

    @property
    def class_spreads(self) -> dict[str, float]:
        """Return the spread of each class that was registered or is the study's own (log sd).

        Where both have a class of one name, the study's own counts.
        """
        known = (*registered_classes().values(), *self.classes)
        return {made.id: made.spread for made in known}

    @cached_property
    def readings(self) -> tuple[Claim, ...]:
        """Return the claims that observe something; a floor and its ceiling are one interval."""
        ceilings = {c.pairs_with: c for c in self.claims if c.used and c.pairs_with}
        used = (c for c in self.claims if c.used and not c.pairs_with)
        return tuple(_with_ceiling(c, ceilings.get(c.id)) for c in used)

    def quantity(self, id: str) -> Quantity:
        """Return one quantity.

        Raises
        ------
        EvidenceError
            If the study has none of this id; the message suggests the nearest.
        """
        if id not in self.by_id:
            raise refuse(
                "this study", "there is no such quantity.", suggestion(id, self.by_id), got=id
            )
        return self.by_id[id]

    def event_of(self, id: str) -> str:
        """Return the event that claims on this quantity speak of; by default the whole study."""
        return self.quantity(id).event or self.name

    def access_of(self, id: str) -> Access:
        """Return whether anybody could count this quantity: open, slow or closed."""
        return self.quantity(id).access or self.access

    def ranges(self) -> tuple[tuple[str, str, Range], ...]:
        """Return every stated range as (id, what it is of, range)."""
        stated = identities.stated_ranges(self.quantities, self.identities, self.breakdowns)
        return (*stated, *((c.id, "coverage", c.range) for c in self.coverages))

    def printings(self, claim_id: str) -> tuple[Claim, ...]:
        """Return the claims that repeat this one, directly or through others, in their order."""
        found: list[int] = []
        todo = [claim_id]
        while todo:
            here = self._repeated_by.get(todo.pop(), ())
            found += here
            todo += (self.claims[number].id for number in here)
        return tuple(self.claims[number] for number in sorted(found))

    def root(self, claim_id: str) -> str:
        """Return the claim at which a chain of repeats begins."""
        while before := self.claim_by_id[claim_id].repeats:
            claim_id = before
        return claim_id

    @cached_property
    def _repeated_by(self) -> dict[str, list[int]]:
        """Return, for each claim that others repeat, the numbers of those."""
        found: dict[str, list[int]] = {}
        for number, claim in enumerate(self.claims):
            if claim.repeats:
                found.setdefault(claim.repeats, []).append(number)
        return found

    def without(
        self, *, origin: str = "", network: str = "", source_class: str = "", claim: str = ""
    ) -> Study:
        """Return the study with the claims of an origin, network, class or one claim left out.

        The claims stay in the study, marked as not used, with the reason. The scenarios are
        dropped: each is a change of the whole study.

        Raises
        ------
        EvidenceError
            If nothing would be left, or nothing of that name is used.
        """
        chosen = self._chosen(origin, network, source_class, claim)
        return self._keeping(lambda c: c.id not in chosen)

    def only(
        self, *, origin: str = "", network: str = "", source_class: str = "", claim: str = ""
    ) -> Study:
        """Return the study with none but the claims of an origin, network, class or one claim."""
        chosen = self._chosen(origin, network, source_class, claim)
        return self._keeping(lambda c: c.id in chosen)

    def _chosen(self, origin: str, network: str, source_class: str, claim: str) -> frozenset[str]:
        wanted = (origin, network, source_class, claim)
        found = frozenset(
            c.id
            for c in self.claims
            if c.used and any(w and w == has for w, has in zip(wanted, self._marks(c), strict=True))
        )
        if not found:
            names = {mark for c in self.claims if c.used for mark in self._marks(c) if mark}
            got = next((w for w in wanted if w), "")
            wrong = "no used claim is of this origin, network, class or id."
            raise refuse("this study", wrong, suggestion(got, names), got=got)
        return found

    def _marks(self, claim: Claim) -> tuple[str, str, str, str]:
        source = self.source_by_id[claim.origin]
        return claim.origin, claim.network, source.source_class, claim.id

    def _keeping(self, kept: Callable[[Claim], bool]) -> Study:
        ids = {c.id for c in self.claims if c.used and kept(c)}
        if not ids:
            raise refuse("this study", "no used claim would be left.", "Leave out less.")
        claims = tuple(_kept(c, ids) if c.used else c for c in self.claims)
        return replace(self, claims=claims, scenarios=())

    def _repr_html_(self) -> str:
        return page(self)


def _kind_of_identity(identity: Identity) -> int:
    kinds = (Split, Balance, RunningBalance)
    return kinds.index(type(identity)) if type(identity) in kinds else len(kinds)


def _kept(claim: Claim, ids: set[str]) -> Claim:
    if claim.id not in ids:
        return replace(claim, used=False, why_not="left out of this run", pairs_with="")
    alone = claim.pairs_with and claim.pairs_with not in ids
    return replace(claim, pairs_with="") if alone else claim


def _with_ceiling(floor: Claim, ceiling: Claim | None) -> Claim:
    if ceiling is None:
        return floor
    assert isinstance(floor.wording, OneNumber) and isinstance(ceiling.wording, OneNumber)
    return replace(floor, wording=Between(floor.wording.value, ceiling.wording.value))
