"""A printed number over all its grids at once gives what its single cells add up to."""

import numpy as np
import pytest
from scipy import integrate, stats

from estimators.models import cells, grids
from estimators.models.nodes import rules_of
from estimators.models.printing import cells_of

NUMBERS = np.array([500.0, 1000.0, 2000.0, 523.0, 620.0, 7.0, 10.0, 25_000.0])
CHANCE, LOW, HIGH = cells_of(NUMBERS, np.zeros(len(NUMBERS)), np.ones(len(NUMBERS), dtype=int))
each_number = pytest.mark.parametrize("c", range(len(NUMBERS)), ids=map(str, NUMBERS))


def by_cells(c, cell):
    """Return the log probability and slopes of a number, from its cells one by one."""
    total = cells.NOTHING
    for grid in np.flatnonzero(CHANCE[c]):
        found = cell(LOW[c, grid], HIGH[c, grid])
        total = cells.add(total, found[0] + np.log(CHANCE[c, grid]), *found[1:])
    return cells.summed(total)


@each_number
@pytest.mark.parametrize("far", [-30.0, -5.0, -0.3, 0.0, 0.1, 2.0, 20.0])
@pytest.mark.parametrize("sigma", [0.03, 0.1, 0.3])
def test_logistic(c, far, sigma):
    belief = np.log(NUMBERS[c]) + far
    got = grids.logistic_grids(c, CHANCE, LOW, HIGH, belief, np.log(sigma))
    wanted = by_cells(c, lambda a, b: cells.logistic_cell(a, b, belief, np.log(sigma)))
    assert got == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@each_number
def test_nearly(c):
    for far in (-2.0, -0.1, 0.0, 0.05, 1.0):
        belief = np.log(NUMBERS[c]) + far
        got = grids.nearly_grids(c, CHANCE, LOW, HIGH, belief, np.log(0.05))
        wanted = by_cells(c, lambda a, b, at=belief: cells.nearly_cell(a, b, at, np.log(0.05)))
        assert got == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@each_number
@pytest.mark.parametrize("far", [-30.0, -1.0, -0.01, 0.0, 0.1, 3.0])
@pytest.mark.parametrize("sigma", [0.002, 0.05, 1.0])
def test_record(c, far, sigma):
    """Against the distribution of a Student-t(2); slopes against finite differences."""
    belief = np.log(NUMBERS[c]) + far

    def got(at=0.0, more=0.0):
        scale = np.log(sigma) + more
        return grids.record_grids(c, CHANCE, LOW, HIGH, belief + at, scale)

    ends = ((end[c] - belief) / sigma for end in (LOW, HIGH))
    turned = -np.sign(far) or 1.0  # on the side where no digits are lost
    low, high = sorted((turned * end for end in ends), key=lambda end: end[0])
    wanted = np.sum(CHANCE[c] * np.abs(stats.t(2).sf(low) - stats.t(2).sf(high)))
    assert got()[0] == pytest.approx(np.log(wanted), abs=2e-5)
    step = 1e-6 * sigma
    assert got()[1] * step == pytest.approx((got(step)[0] - got(-step)[0]) / 2, rel=1e-3, abs=1e-9)
    assert got()[2] == pytest.approx(
        (got(0, 1e-6)[0] - got(0, -1e-6)[0]) / 2e-6, rel=1e-4, abs=1e-6
    )


@each_number
@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("sigma", "slack"), [(0.2, 0.3), (0.3, 0.4), (0.5, 0.7)])
@pytest.mark.parametrize("learned", [0.5, 1.0, 2.0])
def test_bound_and_normal(c, sign, sigma, slack, learned):
    start, at, stands = rules_of(CHANCE, LOW, HIGH, np.full(len(NUMBERS), sigma))
    ends, none = (start[c], start[c + 1], at, stands), np.zeros(5)
    scale, tail = np.log(sigma * learned), np.log(slack)
    for far in np.linspace(-1.0, 1.5, 11):
        belief = np.log(NUMBERS[c]) + sign * far

        def cell(a, b, code, belief=belief):
            return cells.smooth_cell(code, a, b, belief, scale, tail, sign, none)

        for code, got in (
            (cells.BOUND, grids.bound_nodes(*ends, belief, scale, tail, sign)),
            (cells.NORMAL, grids.normal_nodes(*ends, belief, scale)),
        ):
            wanted = by_cells(c, lambda a, b, code=code, cell=cell: cell(a, b, code))
            if wanted[0] > -15.0:
                assert got == pytest.approx(wanted, rel=1e-3, abs=1e-3)


@each_number
def test_few_places_sum_polynomials_exactly(c):
    start, at, stands = rules_of(CHANCE, LOW, HIGH, np.full(len(NUMBERS), 0.3))
    here = slice(start[c], start[c + 1])
    assert (stands[here] > 0.0).all()
    for power in range(2 * (start[c + 1] - start[c])):
        wanted = sum(
            chance * integrate.quad(lambda t, k=power: (t - LOW[c].min()) ** k, low, high)[0]
            for chance, low, high in zip(CHANCE[c], LOW[c], HIGH[c], strict=True)
            if chance > 0.0
        )
        got = np.sum(stands[here] * (at[here] - LOW[c].min()) ** power)
        assert got == pytest.approx(wanted, rel=1e-7)


def test_a_number_that_needs_no_places_has_none():
    start, at, _ = rules_of(CHANCE, LOW, HIGH, np.where(NUMBERS > 600, 0.3, 0.0))
    assert np.diff(start)[NUMBERS <= 600].tolist() == [0] * int((NUMBERS <= 600).sum())
    assert len(at) == start[-1]


def test_a_number_that_is_never_printed_so_has_no_chance():
    got = grids.logistic_grids(0, np.zeros((1, 4)), LOW[:1], HIGH[:1], 6.0, -2.0)
    assert got[0] == -np.inf
