"""From a claim to its law: the numbers of table 1, and the observed variables of a model."""

import math

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimators.evidence.wording import (
    WORDS,
    About,
    AtLeast,
    Between,
    Exactly,
    FewerThan,
    MoreThan,
    Nearly,
    OrderOf,
    UpTo,
)
from estimators.models import kernels
from estimators.models.operations import SolveAccount, said_logp
from estimators.models.wordings import Group, groups_of, law_of, observe


@pytest.fixture(scope="module")
def group(make):
    def group_of(*wordings, share=False, method=""):
        claims = [make.claim(str(n), "q", w, method=method) for n, w in enumerate(wordings)]
        (found,) = groups_of(claims, frozenset("q") if share else frozenset())
        assert found.claims == tuple(claims)
        return found

    return group_of


@pytest.mark.parametrize(
    ("wording", "law"),
    [
        (Exactly(60), "point"),
        (About(60), "point"),
        (Nearly(60), "nearly"),
        (AtLeast(60), "bound"),
        (MoreThan(60), "bound"),
        (UpTo(60), "bound"),
        (FewerThan(60), "bound"),
        (Between(50, 60), "between"),
        *((OrderOf(word), "word") for word in WORDS),
    ],
    ids=str,
)
def test_the_law_of_a_wording(make, wording, law):
    assert law_of(make.claim("1", "q", wording)) == law
    assert law in kernels.LOOPS


@pytest.mark.parametrize(
    ("wording", "method", "sigma"),
    [
        (Exactly(600), "", 0.10),
        (Exactly(600), "estimate", 0.10),
        (Exactly(617), "enumeration", 0.05),
        (About(600), "", 0.10),  # a hedge before a round number changes little
        (About(650), "", 0.10),
        (About(640), "", 0.12),  # before another one it adds slack
        (Nearly(640), "", 0.05),
        (Nearly(640), "enumeration", 0.05),
    ],
    ids=str,
)
def test_points(group, wording, method, sigma):
    found = group(wording, method=method)
    is_share, place, *law = found.parameters
    assert found.observed == [wording.value]
    assert is_share == [0.0]
    assert place == [0.0 if method == "enumeration" else 1.0]
    assert law == [[sigma], [0.0], [0.0]]


@pytest.mark.parametrize(
    ("wording", "law"),
    [
        (MoreThan, (0.20, 0.30, 1)),
        (AtLeast, (0.30, 0.40, 1)),
        (UpTo, (0.30, 0.45, -1)),
        (FewerThan, (0.20, 0.30, -1)),
    ],
)
@pytest.mark.parametrize("share", [False, True], ids=["count", "share"])
def test_bounds(group, wording, law, share):
    found = group(wording(70), wording(40), share=share)
    is_share, _, *shape = found.parameters
    assert is_share.tolist() == [float(share)] * 2
    assert np.array(shape).T.tolist() == [list(law)] * 2


def test_a_pair_is_an_80_percent_interval(group):
    middle, (sigma, half, origin) = (g := group(Between(600, 2000))).observed, g.parameters
    assert math.exp(middle[0]) == pytest.approx(math.sqrt(600 * 2000))
    assert sigma[0] == pytest.approx(math.log(2000 / 600) / 2.56)
    widths = math.log(650 / 550), math.log(2500 / 1500)
    assert 2 * half[0] == pytest.approx(np.mean(widths))
    assert origin[0] == middle[0]
    assert group(Between(600, 601)).parameters[0] == [0.03]
    logit = [math.log(p / (100 - p)) for p in (40, 60)]
    of_share = group(Between(40, 60), share=True)
    assert of_share.observed[0] == pytest.approx(0.0)
    assert of_share.parameters[0][0] == pytest.approx((logit[1] - logit[0]) / 2.56)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(1.0001, 100), st.floats(-1, 1))
def test_no_pair_has_a_probability_above_one(make, low, ratio, away):
    high = max(low + 1, int(low * ratio))
    (group,) = groups_of([make.claim("1", "q", Between(low, high))], frozenset())
    middle, (sigma, half, _) = group.observed, group.parameters
    logp, slope = kernels.LOOPS["between"](middle - half, middle + half, middle + away, sigma)
    assert logp[0] <= 1e-6
    assert np.isfinite(slope[0])


@settings(deadline=None)
@given(
    st.floats(0.01, 99.9),
    st.sampled_from([Exactly, About, Nearly, AtLeast, MoreThan, UpTo, FewerThan]),
    st.sampled_from(["", "enumeration"]),
)
def test_every_share_in_percent_has_a_probability(make, percent, wording, method):
    claim = make.claim("1", "q", wording(round(percent, 2)), method=method)
    (group,) = groups_of([claim], frozenset("q"))
    is_share, place, *shape = group.parameters
    cells = kernels.cells_of(group.observed, is_share, place)
    logp, slope = kernels.LOOPS[group.law](
        *cells, np.zeros(1), np.ascontiguousarray(np.stack(shape, axis=1))
    )
    assert np.isfinite([*logp, *slope]).all()
    assert logp[0] < 0


def test_words_stand_at_their_place_on_the_ladder(group):
    found = group(*(OrderOf(word) for word in WORDS))
    assert found.observed.tolist() == list(range(len(WORDS)))
    assert found.parameters == ()


def test_groups_keep_every_claim_once(every_law):
    shares = frozenset("s")
    groups = groups_of(every_law.readings, shares)
    ids = [claim.id for group in groups for claim in group.claims]
    assert sorted(ids) == sorted(claim.id for claim in every_law.readings)
    assert {group.law for group in groups} == set(kernels.LOOPS)


def graph_of(group, belief):
    return said_logp(
        group.law, pt.as_tensor(group.observed), belief, *map(pt.as_tensor, group.parameters)
    )


@pytest.mark.parametrize("law", list(kernels.LOOPS))
class TestOperations:
    @pytest.fixture
    def found(self, every_law, law):
        return next(g for g in groups_of(every_law.readings, frozenset("s")) if g.law == law)

    def test_the_graph_gives_what_the_loop_gives(self, found):
        belief = pt.dvector("belief")
        got = pytensor.function([belief], graph_of(found, belief), mode="FAST_COMPILE")
        at = np.linspace(4.0, 6.0, len(found.claims))
        values = [float(x) for x in got(at)]
        for place, claim in enumerate(found.claims):
            (alone,) = groups_of([claim], frozenset("s"))
            one = pytensor.function([belief], graph_of(alone, belief), mode="FAST_COMPILE")
            assert values[place] == pytest.approx(float(one(at[place : place + 1])[0]))
            assert values[place] < 0

    def test_gradient(self, found):
        at = np.linspace(4.5, 5.5, len(found.claims))
        pytensor.gradient.verify_grad(
            lambda belief: graph_of(found, belief),
            [at],
            rng=np.random.default_rng(0),
            mode="FAST_COMPILE",
        )

    def test_the_observed_variable_draws_what_the_law_draws(self, found):
        n = len(found.claims)
        belief = (
            np.full(n, 5.8) if found.law != "bound" else np.where(found.parameters[0] > 0, 0.9, 5.0)
        )
        with pm.Model(coords={f"claim_{found.law}": range(n)}):
            variable = observe(found, belief, np.ones(n))
        drawn = pm.draw(variable, draws=1500, random_seed=1, mode="FAST_COMPILE")
        assert drawn.shape == (1500, n)
        assert len(np.unique(drawn[:, 0])) > 1
        wanted = found.draw(np.tile(belief, (60_000, 1)), np.random.default_rng(2))
        assert wanted.shape == (60_000, n)
        for mine, theirs in zip(drawn.T, wanted.T, strict=True):
            for number in (*np.quantile(theirs, [0.1, 0.3, 0.5, 0.7, 0.9]), theirs.min()):
                assert np.mean(mine <= number) == pytest.approx(np.mean(theirs <= number), abs=0.06)


def test_the_gradient_of_an_account():
    start, members = np.array([0, 0, 0, 2, 3]), np.array([0, 1, 2])
    pytensor.gradient.verify_grad(
        lambda own, factor: SolveAccount()(own, factor, start, members),
        [np.array([2.0, 3.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 0.4])],
        rng=np.random.default_rng(0),
        mode="FAST_COMPILE",
    )


def test_a_group_is_drawn_in_the_shape_of_its_beliefs(every_law):
    rng = np.random.default_rng(0)
    for group in groups_of(every_law.readings, frozenset("s")):
        assert isinstance(group, Group)
        assert group.draw(np.full((3, 5, len(group.claims)), 1.0), rng).shape[:2] == (3, 5)
