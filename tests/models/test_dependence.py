"""How many independent readings a covariance is worth, against the formula of Winkler (1981)."""

import numpy as np
import pytest

from estimators.models.assumptions import Assumptions
from estimators.models.dependence import covariance_of, dependence_of, effective_number
from estimators.models.joint import Joint


@pytest.mark.parametrize(("n", "rho"), [(1, 0.0), (5, 0.0), (3, 0.5), (10, 0.5), (10, 0.8)])
def test_equal_readings_are_worth_what_the_formula_says(n, rho):
    covariance = 0.09 * (rho + (1 - rho) * np.eye(n))
    assert effective_number(covariance) == pytest.approx(n / (1 + (n - 1) * rho))


def test_without_a_reading_there_is_no_number():
    assert np.isnan(effective_number(np.zeros((0, 0))))


def test_shared_errors_tie_the_readings_and_independent_ones_do_not(every_law):
    apart = Assumptions(common_sd=0.0, class_sd=0.0, early_error="none", network_scale=0.0)
    for assumptions, is_tied in ((Assumptions(), True), (apart, False)):
        model = Joint(every_law, assumptions)
        covariance = covariance_of(model, np.full(len(model.sharing.spreads), 0.4))
        assert np.all(np.linalg.eigvalsh(covariance) > 0)
        origins = [claim and claim.origin for claim in model.claims]
        units = [reading.is_share for reading in model.readings]
        other = [
            covariance[i, j]
            for i in range(len(origins))
            for j in range(i)
            if origins[i] and origins[j]  # an anchor shares no error
            if origins[i] != origins[j] and units[i] == units[j]
        ]
        assert (min(other) > 0) == is_tied
        assert is_tied or np.allclose(other, 0.0)


def test_the_table_counts_statements_readings_origins_and_networks(every_law):
    model = Joint(every_law, Assumptions())
    table = dependence_of(model, np.full(len(model.sharing.spreads), 0.4))
    for id, row in table.iterrows():
        claims = [claim for claim in every_law.readings if claim.quantity == id]
        assert row["readings"] == len(claims)
        assert row["origins"] == len({claim.origin for claim in claims})
        assert row["statements"] == sum(claim.quantity == id for claim in every_law.claims)
        assert not claims or 0.99 < row["effective"] <= len(claims) + 1e-9
