"""What was said of a quantity, as the report counts and quotes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from estimators.evidence.choices import Anchor
from estimators.evidence.claim import Claim
from estimators.evidence.quantity import Quantity
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import BestEstimate, Between, Most, OneNumber, OrderOf
from estimators.models.laws import LADDER
from estimators.publish.catalogue import retold, say
from estimators.publish.local_forms import in_month, in_year, on_day


@dataclass(frozen=True)
class Said:
    """The claims of one quantity: its readings, and those that are kept without being used."""

    study: Study
    quantity: Quantity

    @cached_property
    def readings(self) -> tuple[Claim, ...]:
        """Return the readings, lowest number first."""
        mine = (c for c in self.study.readings if c.quantity == self.quantity.id)
        return tuple(sorted(mine, key=lambda c: span(c)))

    @cached_property
    def unused(self) -> tuple[Claim, ...]:
        """Return the claims that are neither used nor a repeat: nobody printed them before."""
        mine = (c for c in self.study.claims if c.quantity == self.quantity.id)
        return tuple(c for c in mine if not c.used and not c.repeats)

    @property
    def lists(self) -> tuple[Anchor, ...]:
        """Return the matched lists of the quantity itself, used or only shown."""
        return tuple(a for a in self.study.anchors if a.matched and a.quantity == self.quantity.id)

    @property
    def by_lists_alone(self) -> bool:
        """Return whether lists tell of the quantity, and no claim does by itself."""
        return not self.readings and any(anchor.used for anchor in self.lists)

    @property
    def kept(self) -> int:
        """Return how many claims of the quantity are kept without being used, repeats included."""
        mine = (c for c in self.study.claims if c.quantity == self.quantity.id)
        return sum(not c.used for c in mine)

    @property
    def runs(self) -> bool:
        """Return whether the quantity runs over time, so that its readings are of many days."""
        return self.quantity.id in self.study.series_of

    @cached_property
    def numbered(self) -> tuple[Claim, ...]:
        """Return the readings that name a number; all readings where none does.

        Of a quantity that runs over time only those of its last tenth count, or the latest.
        """
        mine = self._late if self.runs else self.readings
        found = tuple(c for c in mine if not isinstance(c.wording, OrderOf))
        return found or mine

    @property
    def _late(self) -> tuple[Claim, ...]:
        """Return the readings of what there is at the end of a series."""
        series = self.study.series_of[self.quantity.id]
        days = [(c, self.study.window(c)) for c in self.readings]
        is_stock = self.quantity.measure == "stock"
        whole = [(c, w.end) for c, w in days if w and (is_stock or w.start <= series.start)]
        from_day = series.end - (series.end - series.start) / 10
        last = max((day for _, day in whole), default=series.end)
        late = tuple(c for c, day in whole if day >= min(from_day, last))
        return late or self.readings

    @property
    def origins(self) -> int:
        """Return how many origins the readings have."""
        return len({c.origin for c in self.readings})

    @property
    def networks(self) -> int:
        """Return how many networks of informants the readings have."""
        return len({c.network or c.origin for c in self.readings})

    @cached_property
    def documented(self) -> Claim | None:
        """Return the largest count of those identified one by one, used or not, if any."""
        counted = [
            c
            for c in self.study.claims
            if c.quantity == self.quantity.id
            and not c.repeats
            and isinstance(c.wording, OneNumber)
            and (c.method == "enumeration" or self._class_of(c) == "register")
        ]
        return max(counted, key=lambda c: span(c), default=None)

    @property
    def identified(self) -> float | None:
        """Return how many were identified one by one: by who counted most, or on matched lists."""
        named = [span(self.documented)[0]] if self.documented else []
        listed = (a.matched.table.first.n for a in self.lists if a.matched)
        return max((*named, *map(float, listed)), default=None)

    @property
    def reported(self) -> str:
        """Return the lowest and the highest that was said, in its own words; '' if nothing was."""
        if not self.readings:
            return ""
        low, high = self.ends
        return low if low == high else f"{low} … {high}"

    @property
    def ends(self) -> tuple[str, str]:
        """Return the wordings of the lowest and of the highest reading."""
        highest = max(self.numbered, key=lambda c: span(c)[::-1])
        return wording(self.study, self.numbered[0]), wording(self.study, highest)

    def _class_of(self, claim: Claim) -> str:
        return self.study.source_by_id[claim.origin].source_class


def said_of(study: Study, id: str) -> Said:
    """Return what was said of one quantity.

    Parameters
    ----------
    study
        The study.
    id
        The quantity.
    """
    return Said(study, study.quantity(id))


def span(claim: Claim) -> tuple[float, float]:
    """Return the lowest and the highest number that a claim's wording names.

    Of a word for an order of magnitude these are its 5% and 95% points, of 'most' 50 and 100.
    """
    match claim.wording:
        case OneNumber(value):
            return value, value
        case Between(low, high) | BestEstimate(_, low, high):
            return low, high
        case Most():
            return 50.0, 100.0
        case word:
            return _word_span(str(word))


def wording(study: Study, claim: Claim) -> str:
    """Return a claim's wording as it is quoted: 'about 600', 'more than 70%'."""
    share = bool(claim.quantity) and study.by_id[claim.quantity].is_share
    return retold(f"{claim.wording}%" if share else str(claim.wording))


def spoken(when: When) -> str:
    """Return a date as people write it: '9 Oct 2023', 'Oct 2023', '2023'."""
    start, end = when.start, when.end
    if start == end:
        return on_day(start)
    match len(str(when)):
        case 4:
            return in_year(start)
        case 7:
            return in_month(start)
        case _:
            return say("{start} to {end}", start=on_day(start), end=on_day(end))


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: 'a', 'a and b', 'a, b and c'."""
    *most, last = words or [""]
    return say("{most} and {last}", most=", ".join(most), last=last) if most else last


def _word_span(word: str) -> tuple[float, float]:
    if word not in LADDER:
        return 0.0, 0.0
    median, sd = LADDER[word]
    return median * 2.718281828459045 ** (-1.645 * sd), median * 2.718281828459045 ** (1.645 * sd)
