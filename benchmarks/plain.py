"""The baseline: a plain non-centred PyMC model of a study, as one would write it by hand.

Log counts are normal from their ranges, every shared error is its scale times a standard normal
or Student-t, every claim has a continuous density at the log of its number. No cells, no learned
laws, no copying.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pymc as pm
import pytensor.tensor as pt
from pytensor.tensor.variable import TensorVariable

from estimators.models import cells
from estimators.models.arrays import Data, Structure
from estimators.models.joint import Joint
from estimators.models.laws import LADDERS
from estimators.models.printing import to_scale
from estimators.models.reading import CHOICE, NUMBER
from estimators.models.readings import Laws

type Array = npt.NDArray[np.float64]


def plain_model(model: Joint) -> pm.Model:
    """Return the plain model of a study; its `count` has the lines of the account."""
    s, d = model.structure, model.data()
    with pm.Model() as made:
        count = pm.Deterministic("count", counts_of(s, d))
        belief = pt.log(count)[s.truth_line] + carried(s, errors_of(s, d))
        claims(model.laws(), d, belief)
    return made


def counts_of(s: Structure, d: Data) -> TensorVariable:
    """Return the counts of the account's lines."""
    base = pt.exp(d.base_mean + d.base_sd * pm.Normal("base", shape=len(d.base_mean)))
    fraction = pm.Normal("fraction", shape=len(d.fraction_mean))
    fraction = pm.math.sigmoid(d.fraction_mean + d.fraction_sd * fraction)
    of_base = {int(line): place for place, line in enumerate(s.base_line)}
    lines: list[Any] = []
    for line in range(len(s.line_fraction)):
        members = s.members[s.member_start[line] : s.member_start[line + 1]]
        if line in of_base:
            lines.append(base[of_base[line]])
        else:
            lines.append(factor(line, fraction, s) * sum(lines[int(m)] for m in members))
    return pt.stack(lines)


def factor(line: int, fraction: TensorVariable, s: Structure) -> Any:
    """Return what the sum of a line's members is multiplied by."""
    if s.line_fraction[line] < 0:
        return 1.0
    at = fraction[int(s.line_fraction[line])]
    return 1.0 - at if s.line_rest[line] else at


def errors_of(s: Structure, d: Data) -> TensorVariable:
    """Return the shared errors, non-centred."""
    spread = pt.concatenate([pm.HalfNormal("spread", shape=s.n_spreads), np.ones(1)])
    heavy = d.error_tails > 0
    normal = pm.Normal("normal", shape=int((~heavy).sum()))
    student = pm.StudentT("student", nu=4, shape=int(heavy.sum()))
    at = pt.zeros(len(heavy))[np.flatnonzero(~heavy)].set(normal)
    at = at[np.flatnonzero(heavy)].set(student)
    which = np.where(d.error_free > 0, s.effect_spread, s.n_spreads)
    return d.error_mean + d.error_scale * spread[which] * at


def carried(s: Structure, errors: TensorVariable) -> TensorVariable:
    """Return the sum of each claim's errors."""
    n = len(s.effect_start) - 1
    claim = np.repeat(np.arange(n), np.diff(s.effect_start))
    return pt.zeros(n)[claim].inc(errors[s.effects])


def claims(laws: Laws, d: Data, belief: TensorVariable) -> None:
    """Add the density of every claim at the log of what it says."""
    said, sigma, sign = logs_of(laws), np.exp(d.log_sigma), d.sign
    point = np.isin(d.law, (cells.POINT, cells.NEARLY))
    bound = d.law == cells.BOUND
    rest = ~point & ~bound
    spread = np.where(d.law == cells.WORD, LADDERS[0][np.maximum(d.word[:, 1], 0), 1], sigma)
    pm.StudentT("points", nu=4, mu=belief[point], sigma=sigma[point], observed=said[point])
    pm.Normal("others", belief[rest], spread[rest], observed=said[rest])
    gap = sign[bound] * (belief[bound] - said[bound])
    exgaussian = pm.ExGaussian.dist(mu=0.0, sigma=sigma[bound], nu=np.exp(d.log_slack[bound]))
    pm.Potential("bounds", pm.logp(exgaussian, gap))


def logs_of(laws: Laws) -> Array:
    """Return the log of what each claim says; of a word its median."""
    words = LADDERS[0][np.where(laws.kind == CHOICE, laws.observed, 0).astype(int), 0]
    number = laws.kind == NUMBER
    logs = np.where(number, to_scale(np.where(number, laws.observed, 1.0), False), laws.observed)
    return np.asarray(np.where(laws.kind == CHOICE, words, logs))
