"""How far the unseen move when an identifying assumption fails by a known factor xi.

What the lists tell are the chances q_h of each history h among people who are on some list. They
say nothing of the odds to be on none, which an assumption gives as a function of the q_h. Two
assumptions and their departures (Aleshin-Guendel, Sadinle & Wakefield, arXiv:2101.09304), with
m_h the expected persons of history h, |h| how many lists it names, and J lists:

    no highest interaction   xi = prod_{|h| even} m_h / prod_{|h| odd} m_h, with m_0 above the line
    lists i, j independent   xi = m_0 m_ij / (m_i m_j): the odds ratio of two lists among people on
    given the others         none of the others

Each is 1 where the assumption holds. In each m_0 stands once, in the numerator, and all other
factors are told by the lists: m_0 = xi times what the assumption gives, whatever the q_h. The
coefficient of the interaction of all lists is (-1)^J log xi. Of independence given the others only
the table of people on no other list is changed: the other tables of the two lists are seen, and
are what told the model that the two are independent.

With the prior 1/N what the lists tell of the q_h does not depend on xi, so that the odds to be on
no list, p0 / (1 - p0), are multiplied by xi in every draw. Latent classes have no such parameter;
there xi is how many times as many stand on no list as the classes give.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from estimators.models.lists.likelihood import Likelihood

type Array = npt.NDArray[np.float64]


def highest_odds_ratio(expected: Array) -> float:
    """Return xi of all lists together: 1 where there is no highest interaction.

    Parameters
    ----------
    expected
        Expected persons of all histories, or their chances; bit k stands for the k-th list, and
        place 0 holds those on no list: shape (2^lists).

    Raises
    ------
    ValueError
        If these are not the histories of whole lists, or one is not above zero.
    """
    log = _logs(expected)
    return float(np.exp(np.sum(_signs(len(log)) * log)))


def conditional_odds_ratio(expected: Array, first: int, second: int) -> float:
    """Return the odds ratio of two lists among people on none of the others.

    Parameters
    ----------
    expected
        Expected persons of all histories, or their chances, as in `highest_odds_ratio`.
    first, second
        Places of the two lists.

    Raises
    ------
    ValueError
        If these are not the histories of whole lists, or one is not above zero.
    """
    log, i, j = _logs(expected), 1 << first, 1 << second
    return float(np.exp(log[0] + log[i | j] - log[i] - log[j]))


def unseen_at(expected: Array, xi: float = 1.0) -> float:
    """Return the expected persons on no list that make the odds ratio of all lists xi.

    Parameters
    ----------
    expected
        Expected persons of all histories; place 0 is not read: shape (2^lists).
    xi
        The odds ratio; 1 for no highest interaction.

    Raises
    ------
    ValueError
        Unless xi is above zero, or one of the expected is not.
    """
    _checked(xi)
    seen = np.array(expected, dtype=float)
    seen[0] = 1.0
    return xi / highest_odds_ratio(seen)


def missed_at(missed: Array, xi: float) -> Array:
    """Return chances to be on no list with their odds multiplied by xi.

    Parameters
    ----------
    missed
        Chances under the assumption, of any shape.
    xi
        The factor.

    Raises
    ------
    ValueError
        Unless xi is above zero.
    """
    _checked(xi)
    found: Array = xi * missed / (1.0 - missed + xi * missed)
    return found


def scaled(told: Likelihood, xi: float) -> Likelihood:
    """Return the likelihood where the unseen are xi times as many as the assumption gives.

    The posterior of N - n under the prior 1/N is that of xi (N - n) before, which asks for
    L'(n + xi u) = L(n + u) (n + xi u) / (n + u). That is `missed_at` but for the chance by which
    the unseen scatter about what is expected of them, whose relative size is kept here.

    Parameters
    ----------
    told
        Under the assumption.
    xi
        The factor.

    Raises
    ------
    ValueError
        Unless xi is above zero.
    """
    _checked(xi)
    count = told.n + xi * (told.count - told.n)
    return Likelihood(told.n, count, told.log + np.log(count) - np.log(told.count))


def _logs(expected: Array) -> Array:
    found = np.asarray(expected, dtype=float)
    if found.ndim != 1 or len(found) < 4 or len(found) & (len(found) - 1):
        raise ValueError(
            f"give all 2^lists histories of two lists or more, those on none first; got shape "
            f"{found.shape}"
        )
    if not (found > 0.0).all():
        raise ValueError(
            "an odds ratio needs persons expected in every history; one is 0 or less: take the "
            "means of a model rather than counts"
        )
    return np.asarray(np.log(found), dtype=float)


def _signs(cells: int) -> Array:
    """Return 1 for histories of an even number of lists, -1 for those of an odd one."""
    return np.array([1.0 - 2.0 * (history.bit_count() % 2) for history in range(cells)])


def _checked(xi: float) -> None:
    if not 0.0 < xi < np.inf:
        raise ValueError(f"an odds ratio lies above 0 and is finite; got xi = {xi}")
