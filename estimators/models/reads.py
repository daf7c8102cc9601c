"""What each reading tells of: a line of the account or a fraction, and parameters of laws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from estimators.models.accounts import Account, Lines
from estimators.models.arrays import SCATTER
from estimators.models.assumptions import Assumptions
from estimators.models.ranges import Priors
from estimators.models.reading import Reading, tunes_of

type Places = npt.NDArray[np.int64]


class Read(NamedTuple):
    """What each reading tells of: places of -1 mean none.

    `before` is the line of the printing that a running total goes on from, of whose error it
    carries a part; see `arrays.Structure`.
    """

    line: Places
    fraction: Places
    before: Places
    carry: npt.NDArray[np.float64]
    whole: Places


def read_by(readings: Sequence[Reading], account: Account, lines: Lines, priors: Priors) -> Read:
    """Return what each reading tells of.

    Parameters
    ----------
    readings
        Claims and anchors, in the order of the model.
    account, lines
        The account, which says what each claim reads, and its lines as arrays.
    priors
        Which name the fractions.

    Notes
    -----
    The whole is what a verified count thins, or stands for a count that scatters by itself.
    """
    fraction = {id: n for n, id in enumerate(priors.fraction)}
    line = {
        r.id: -1 if r.is_share else lines.place[account.read.get(r.id, r.quantity)]
        for r in readings
    }
    found = [
        (
            line[reading.id],
            fraction[reading.quantity] if reading.is_share else -1,
            line[reading.before] if reading.before else -1,
            _whole(reading, account, lines),
        )
        for reading in readings
    ]
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    carry = np.array([reading.carry for reading in readings])
    line_read, part, before, whole = (column.copy() for column in columns)
    return Read(line_read, part, before, carry, whole)


def _whole(reading: Reading, account: Account, lines: Lines) -> int:
    if reading.law.name == "verified":
        return lines.place[account.whole[reading.id]]
    return SCATTER if reading.scatters else -1


def tunes_by(readings: Sequence[Reading], learn_from: float) -> tuple[tuple[str, ...], Places]:
    """Return the names of the learned parameters of laws, and each reading's three of them.

    Parameters
    ----------
    readings
        Claims and anchors, in the order of the model.
    learn_from
        Least number of readings from which a parameter is learned.
    """
    rows = [tunes_of(reading) for reading in readings]
    often = Counter(name for row in rows for name in row if name)
    names = tuple(name for name, n in often.items() if n >= learn_from)
    places = {name: place for place, name in enumerate(names)}
    found = [[places.get(name, -1) for name in row] for row in rows]
    return names, np.array(found, dtype=np.int64).reshape(-1, 3)


def tune_scales(names: Sequence[str], assumptions: Assumptions) -> npt.NDArray[np.float64]:
    """Return the sd of the log factor by which each learned parameter may differ.

    Parameters
    ----------
    names
        Of the parameters, as `tunes_by` gives them.
    assumptions
        Which state the sds.
    """
    sizes = {
        "sigma": assumptions.sigma_learn,
        "step": assumptions.step_learn,
        "slack": assumptions.slack_learn,
        "precision": assumptions.precision_learn,
    }
    return np.array([sizes[name.split()[0]] for name in names])
