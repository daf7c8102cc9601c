"""Which quantities run over time on which series, as far as it is known before a study is sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError

from estimators.evidence import identities
from estimators.evidence.parts import Parts, Unread
from estimators.evidence.series import Series


@dataclass(frozen=True)
class Running:
    """The id of the series of each quantity that runs over time, and all series by their id.

    It is not `complete` where some definition could not be read or comes back to itself: then
    what is not known to run may do so all the same.
    """

    clocks: Mapping[str, str]
    series: Mapping[str, Series]
    complete: bool

    def on(self, id: str) -> Series | None:
        """Return the series of a quantity, None where it has none or an unknown one."""
        return self.series.get(self.clocks.get(id, ""))

    def surely_not(self, id: str, clock: str = "") -> bool:
        """Return whether a quantity does not run at all, or not on the series of this id."""
        found = self.clocks.get(id, "")
        if not found:
            return self.complete
        return bool(clock) and found != clock and found in self.series


def running(study: Parts, unread: Unread) -> Running:
    """Return which quantities run over time.

    Parameters
    ----------
    study
        A study, or what could be read of one.
    unread
        What could not be read of it.
    """
    hidden = (unread.quantities, unread.defined, unread.series, unread.breakdowns)
    series = {series.id: series for series in study.series}
    try:
        found = identities.clocks(study.quantities, study.identities, study.breakdowns)
    except CycleError:  # told as a problem of its own
        own = {quantity.id: quantity.series for quantity in study.quantities if quantity.series}
        return Running(own, series, complete=False)
    return Running(found, series, complete=not any(hidden))
