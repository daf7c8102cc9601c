"""What looks wrong between parts and wholes: more said of a part than of what holds it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from estimators.evidence.claim import Claim
from estimators.evidence.finding import Finding
from estimators.evidence.quantity import CellOf, PartOf, Split, SumOf
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    About,
    AtLeast,
    BestEstimate,
    Between,
    Exactly,
    FewerThan,
    MoreThan,
    Nearly,
    OneNumber,
    UpTo,
    Verified,
)

_LEAST = (Exactly, Verified, AtLeast, MoreThan)
_MOST = (Exactly, About, Nearly, UpTo, FewerThan)
# The days of all claims on a quantity that does not run over time: they count one and the same.
_ALWAYS = When(date.min, date.max)


@dataclass(frozen=True)
class _Said:
    """A number that a claim says of the days that it counts, which are numbered."""

    claim: Claim
    number: float
    first: int
    last: int


type _Pair = tuple[_Said, _Said]  # what is said of a part, and of what holds it


def findings(study: Study) -> Iterator[Finding]:
    """Yield where more is said of a part than of what holds it: a whole, or more days.

    One finding for all claims of one origin on a quantity, with the claim that is furthest above.
    """
    least, most = _by_quantity(study, _at_least), _by_quantity(study, _at_most)
    held = _parts_of(study)
    for whole, above in most.items():
        parts = [said for id in (whole, *_below(whole, held)) for said in least.get(id, ())]
        pairs = [pair for pair in _tightest(parts, above) if _is_odd(*pair)]
        yield from (_finding(found) for found in _by_origin(pairs))


def _at_least(claim: Claim) -> float | None:
    """Return the number below which a claim says that its count does not lie."""
    return claim.wording.value if isinstance(claim.wording, _LEAST) else None


def _at_most(claim: Claim) -> float | None:
    """Return the number above which a claim says that its count does not lie."""
    if claim.coverage:  # only a part was counted: the whole may be larger
        return None
    match claim.wording:
        case OneNumber(value) if isinstance(claim.wording, _MOST):
            return value
        case Between(high=high) | BestEstimate(high=high):
            return high
        case _:
            return None


def _by_quantity(
    study: Study, number_of: Callable[[Claim], float | None]
) -> dict[str, list[_Said]]:
    found: dict[str, list[_Said]] = {}
    for claim in study.claims:
        number = number_of(claim) if claim.used else None
        if number is not None:
            days = study.window(claim) or _ALWAYS
            said = _Said(claim, number, days.start.toordinal(), days.end.toordinal())
            found.setdefault(claim.quantity, []).append(said)
    return found


def _parts_of(study: Study) -> dict[str, list[str]]:
    """Return, for each whole, the quantities that it holds."""
    wholes = {breakdown.id: breakdown.whole for breakdown in study.breakdowns}
    pairs = [
        (i.whole, part) for i in study.identities if isinstance(i, Split) for part in i.defines
    ]
    for quantity in study.quantities:
        match quantity.rule:
            case PartOf(whole):
                pairs.append((whole, quantity.id))
            case SumOf(parts):
                pairs += ((quantity.id, part) for part in parts)
            case CellOf(breakdown):
                pairs.append((wholes[breakdown], quantity.id))
    found: dict[str, list[str]] = {}
    for whole, part in pairs:
        found.setdefault(whole, []).append(part)
    return found


def _below(whole: str, held: Mapping[str, Iterable[str]]) -> set[str]:
    """Return all that a whole holds, parts of parts included."""
    found: set[str] = set()
    todo = list(held.get(whole, ()))
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += held.get(here, ())
    return found


class _Lowest:
    """The lowest number among those said of days that end on a day or later: a Fenwick tree."""

    def __init__(self, ends: Iterable[int]) -> None:
        self._latest_first = sorted({-end for end in ends})
        self._tree: list[_Said | None] = [None] * (len(self._latest_first) + 1)

    def add(self, said: _Said) -> None:
        """Take one more number in."""
        at = bisect_left(self._latest_first, -said.last) + 1
        while at < len(self._tree):
            self._tree[at] = _lower(self._tree[at], said)
            at += at & -at

    def until(self, last: int) -> _Said | None:
        """Return the lowest number of days that end on this day or later."""
        at, found = bisect_right(self._latest_first, -last), None
        while at:
            found = _lower(found, self._tree[at])
            at -= at & -at
        return found


def _lower(one: _Said | None, other: _Said | None) -> _Said | None:
    if one is None or other is None:
        return one or other
    return other if other.number < one.number else one


def _tightest(parts: Iterable[_Said], wholes: list[_Said]) -> Iterator[_Pair]:
    """Yield each part with the lowest number said of days that hold its own.

    Of the part's own quantity the days must be more than its own. One sweep over the first days,
    so that thousands of claims on one quantity take no time.
    """
    lowest = _Lowest(said.last for said in wholes)
    waiting = sorted(wholes, key=lambda said: -said.first)
    for first, group in groupby(sorted(parts, key=lambda said: said.first), lambda s: s.first):
        here = list(group)
        while waiting and waiting[-1].first < first:
            lowest.add(waiting.pop())
        longer = [lowest.until(part.last) for part in here]
        while waiting and waiting[-1].first == first:
            lowest.add(waiting.pop())
        for part, early in zip(here, longer, strict=True):
            is_own = part.claim.quantity == wholes[0].claim.quantity
            above = _lower(early, lowest.until(part.last + is_own))
            if above is not None:
                yield part, above


def _is_odd(part: _Said, above: _Said) -> bool:
    """Return whether a part is above its whole; totals of one origin that fall are told apart."""
    one, other = part.claim, above.claim
    falls = one.quantity == other.quantity and one.origin == other.origin
    return part.number > above.number and not (falls and part.first == above.first)


def _by_origin(pairs: Iterable[_Pair]) -> Iterable[list[_Pair]]:
    """Return the pairs of each quantity and origin, the one that is furthest above first."""
    found: dict[tuple[str, str], list[_Pair]] = {}
    for part, above in pairs:
        found.setdefault((part.claim.quantity, part.claim.origin), []).append((part, above))
    for group in found.values():
        group.sort(key=lambda pair: -pair[0].number / pair[1].number)
    return found.values()


def _finding(pairs: list[_Pair]) -> Finding:
    part, above = pairs[0]
    more = len(pairs) - 1
    others = f" {more} more of {part.claim.origin} are above too." if more else ""
    return Finding(
        "part above whole",
        (part.claim.id, above.claim.id),
        f"{part.claim.id} says {_words(part)}; {above.claim.id} says only {_words(above)}, which "
        f"holds it.{others}",
        "If one of them counts something else or other days, give it the quantity, coverage, since "
        "or as_of of those; if both say what they say, leave them: sources may contradict.",
        settled=False,
    )


def _words(said: _Said) -> str:
    is_always = said.last == _ALWAYS.end.toordinal()
    until = "" if is_always else f" from {date.fromordinal(said.first)} to "
    until += "" if is_always else str(date.fromordinal(said.last))
    return f"{said.claim.wording} of {said.claim.quantity}{until}"
