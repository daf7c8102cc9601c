"""Rubin's rules: estimates of several imputations as one, with a t interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

type Array = npt.NDArray[np.float64]

FEWEST = 10  # replicates: with fewer, the degrees of freedom are too few to say anything
FORMS = ("rubin", "king")


@dataclass(frozen=True)
class Combined:
    """One quantity over imputations: its mean, its variances, and degrees of freedom."""

    mean: float
    within: float
    between: float
    variance: float
    df: float

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Return the ends of the t interval.

        Parameters
        ----------
        level
            Probability between them.
        """
        wide = float(stats.t.ppf(0.5 + level / 2.0, self.df)) * self.variance**0.5
        return self.mean - wide, self.mean + wide


def rubins_rules(means: Array, variances: Array, form: str = "rubin") -> Combined:
    """Return estimates of imputations combined.

    Parameters
    ----------
    means, variances
        The estimate and its variance in each imputation: shape (imputations).
    form
        Which degrees of freedom: 'rubin' or 'king'.

    Raises
    ------
    ValueError
        If there are fewer than two imputations, or the form is another one.

    Notes
    -----
    T = W + (1 + 1/m) B, W the mean variance and B the variance of the means. Degrees of freedom
    are (m - 1) (1 + m W / ((m + 1) B))^2 by Rubin (1987), Multiple Imputation for Nonresponse in
    Surveys, doi:10.1002/9780470316696, and (m - 1) (1 + W / ((m + 1) B))^2 in King et al. (2001),
    American Political Science Review 95(1), 49-69, doi:10.1017/S0003055401000235, which are fewer
    and which estimates published for Colombia were combined by.
    """
    m = len(means)
    if m < 2:
        raise ValueError(f"imputations differ only if there are two or more; got {m}")
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}; got {form!r}")
    within, between = float(np.mean(variances)), float(np.var(means, ddof=1))
    factor = m if form == "rubin" else 1.0
    ratio = factor * within / ((m + 1.0) * between) if between else np.inf
    variance = within + (1.0 + 1.0 / m) * between
    return Combined(float(np.mean(means)), within, between, variance, (m - 1.0) * (1 + ratio) ** 2)
