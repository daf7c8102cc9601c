"""The arrays that the compiled density reads and gives: structure, data, coordinates, state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]


SCATTER = -2  # in place of a whole: the count is a Poisson number around its line


class Structure(NamedTuple):
    """What never changes in the fits of one study; a place of -1 means none.

    Lines are those of the account: each is its own value or a factor times the weighted sum of its
    members. The factor is a fraction, a cell's share, or what one of these leaves. Cells stand in
    groups: the shares of a group come from logs that are weighted sums of errors (its basis).
    `effects` and `tunes` are the numbers of each reading's shared errors and law parameters.
    """

    base_line: Places
    line_fraction: Places
    line_cell: Places
    line_rest: Places
    member_start: Places
    members: Places
    member_weight: Array
    cell_start: Places  # of each group
    cell_is_odds: (
        Places  # of each group: 1 where a cell's share is the logistic of its own log odds
    )
    cell_adds_up: Places  # of each group: 1 where each cell's log goes on from that before it
    basis_start: Places  # of each cell
    basis_error: Places
    basis_weight: Array
    effect_spread: Places
    truth_line: Places
    truth_fraction: Places
    before_line: Places  # of the printing that a running total goes on from
    carry: Array  # how much of the error of that printing is left
    whole_line: Places  # that a count thins; SCATTER for one that scatters by itself
    effect_start: Places
    effects: Places
    effect_weight: Array
    tunes: Places  # a row a reading: sigma of its wording, of its origin, slack of its wording
    n_spreads: int


class Data(NamedTuple):
    """What changes from fit to fit: priors, scales, what was printed, weights."""

    base_mean: Array
    base_sd: Array
    base_skew: Array
    fraction_mean: Array
    fraction_sd: Array
    fraction_skew: Array
    error_mean: Array
    error_scale: Array
    error_tails: Places  # see `quantiles`
    error_free: Places
    error_kept: Array  # power of its spread that stays in the prior: see `centring`
    tune_scale: Array
    law: Places
    log_sigma: Array
    log_slack: Array
    sign: Array
    chance: Array  # of each grid
    low: Array
    high: Array
    node_start: Places
    node_at: Array
    node_stands: Array
    word: Places
    weight: Array
    own: Array  # 1 less the chance that a claim of unknown origin copies
    copied: Array  # chance that it is this number copied
    tables: Array
    ladders: Array
    ladder_start: Places
    spread_log: Array  # sd of the log of each spread; below 0: half-normal
    base_leans: Places  # the fraction on which a base unknown leans, or -1: see `leaning`
    cell_offset: Array  # of the log of each cell's share
    log_before: Array  # log of the number that a running total goes on from, 0 for none


def errors_at(d: Data) -> slice:
    """Return the places of the shared errors among the unknowns.

    Parameters
    ----------
    d
        The data of the fit.
    """
    first = len(d.base_mean) + len(d.fraction_mean)
    return slice(first, first + len(d.error_mean))


def spreads_at(s: Structure, d: Data) -> slice:
    """Return the places of the spreads among the unknowns; after them stand parameters of laws.

    Parameters
    ----------
    s, d
        The structure and the data of the fit.
    """
    after = errors_at(d).stop
    return slice(after, after + s.n_spreads)


class Frame(NamedTuple):
    """The coordinates in which a fit is sampled: see `coordinates`.

    The unknowns in `order` less the mode are the inverse transpose of a lower triangle (by
    columns: `start`, `rows`, `lower`) times the coordinates.
    """

    mode: Array
    order: Places
    start: Places
    rows: Places
    lower: Array


class State(NamedTuple):
    """All that follows from the unknowns."""

    counts: Array
    fractions: Array
    cells: Array
    errors: Array
    spreads: Array
    belief: Array
    log_sigma: Array
    log_slack: Array


# The dimension of what follows from the draws of a model, by its name: see `joint.Joint.follow`.
DIMS = {
    "count": "quantity",
    "moment": "moment_of",
    "share": "share_quantity",
    "coverage": "coverage_of",
    "error": "effect",
    "spread": "spread_of",
    "tune": "parameter",
    "belief": "claim",
    "log_sigma": "claim",
    "log_slack": "claim",
    "z": "unknown",
}
