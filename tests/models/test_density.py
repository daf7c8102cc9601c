"""The joint density: by hand, its gradient, and weights."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from estimators.evidence.wording import Exactly, Verified
from estimators.models import cells, density, quantiles
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint


@pytest.fixture(scope="module")
def often(make, every_law):
    """Every law, with five readings of one wording and origin at five dates."""
    more = [
        make.claim(f"more{year}", "a", Exactly(600 + year), "m1", published=f"20{year}")
        for year in range(10, 15)
    ]
    return replace(every_law, claims=(*every_law.claims, *more))


@pytest.fixture(scope="module", params=["neutral", "signed", "floors", "standing"])
def fit(request, often, standing):
    is_standing = request.param == "standing"
    model = Joint(often, standing if is_standing else Assumptions(reading=request.param))
    return model, model.data()


def point(model, seed, size=0.7):
    return size * np.random.default_rng(seed).standard_normal(len(model.names))


def test_the_study_holds_all_that_there_is(fit):
    model, data = fit
    learned = model.tunes[0]
    assert {"sigma of 'exact'", "precision of m1"} <= set(learned)
    assert any(effect.kind == "drift" for effect in model.sharing.effects)
    assert (data.own < 1).any()
    assert (data.copied > 0).any()
    assert data.base_skew.any()
    assert (model.structure.whole_line >= 0).any()
    if model.base.stands:
        assert {quantiles.STRETCHED_2, quantiles.NORMAL} == set(data.error_tails)
    if model.base.reading == "neutral":
        assert set(data.law) == set(range(8)) - {cells.TABLE}


def test_the_value_is_the_prior_and_what_was_said(fit):
    model, data = fit
    for seed in range(3):
        z = point(model, seed)
        _, found = density.follow(z, model.structure, data)
        wanted = -0.5 * z @ z + data.weight @ found[:, 0]
        assert density.density(z, model.structure, data)[0] == pytest.approx(wanted, rel=1e-12)


def test_the_gradient_is_that_of_finite_differences(fit):
    model, data = fit
    for seed in range(4):
        z = point(model, seed, 0.3 + 0.3 * seed)
        got = density.density(z, model.structure, data)[1]
        for place, step in enumerate(np.eye(len(z)) * 1e-6):
            ends = [density.density(z + s, model.structure, data)[0] for s in (-step, step)]
            wanted = (ends[1] - ends[0]) / 2e-6
            assert got[place] == pytest.approx(wanted, rel=2e-4, abs=2e-3), model.names[place]


def test_so_is_the_gradient_in_the_coordinates(fit):
    model, data = fit
    frame, sampled = model.frame(data)
    y = point(model, 5)
    value, got = density.sampled(y, frame, model.structure, sampled)
    z = density.unknowns(y, frame)
    assert value == density.density(z, model.structure, sampled)[0]
    for place, step in enumerate(np.eye(len(y)) * 1e-6):
        ends = [density.sampled(y + s, frame, model.structure, sampled)[0] for s in (-step, step)]
        assert got[place] == pytest.approx((ends[1] - ends[0]) / 2e-6, rel=2e-4, abs=2e-3)


def test_weight_zero_removes_a_reading_exactly(often):
    model = Joint(
        often, Assumptions(copy_chance=0.0)
    )  # with copies, what is left out is not copied
    z = point(model, 6)
    full = density.density(z, model.structure, model.data())[0]
    found = density.follow(z, model.structure, model.data())[1][:, 0]
    for reading, each in zip(model.readings, found, strict=True):
        data = model.data(without=frozenset({reading.id}))
        left = full - density.density(z, model.structure, data)[0]
        assert left == pytest.approx(reading.weight * each, rel=1e-7, abs=1e-9)


def test_errors_follow_their_laws(often):
    """Common errors are normal, those of networks Student-t(4), spreads half-normal."""
    model = Joint(often, Assumptions())
    data, z = model.data(), point(model, 8)
    made = model.follow(z[None], data)
    first = len(model.priors.unknowns)
    spreads = model.sharing.spreads
    own = z[first : first + len(model.sharing.effects)]
    rest = z[first + len(own) :]
    sds = dict(zip(spreads, stats.halfnorm.ppf(stats.norm.cdf(rest[: len(spreads)])), strict=True))
    assert made["spread"][0] == pytest.approx(list(sds.values()))
    for place, effect in enumerate(model.sharing.effects):
        at = own[place]
        if effect.kind in ("event", "network"):
            at = stats.t(4).ppf(stats.norm.cdf(at))
        wanted = data.error_scale[place] * sds.get(effect.spread, 1.0) * at
        assert made["error"][0, place] == pytest.approx(wanted, rel=1e-6)


def test_belief_is_scale_plus_the_errors(often):
    model = Joint(often, Assumptions())
    made = model.follow(point(model, 7)[None], model.data())
    counts = dict(zip(model.count_ids, made["count"][0], strict=True))
    errors = dict(zip((e.id for e in model.sharing.effects), made["error"][0], strict=True))
    share, town = (
        made["share"][0, 0],
        dict(zip(model.coords["coverage_of"], made["coverage"][0], strict=True)),
    )
    for place, reading in enumerate(model.readings):
        start, end = model.sharing.start[place : place + 2]
        carried = [model.sharing.effects[k].id for k in model.sharing.places[start:end]]
        truth = np.log(counts[reading.quantity] if not reading.is_share else share / (1 - share))
        if reading.id in ("town", "names"):
            part = town["coverage town" if reading.id == "town" else "coverage verified"]
            truth += np.log(part)
        assert bool(carried) == (reading.claim is not None)
        wanted = truth + sum(errors[id] for id in carried)
        assert made["belief"][0, place] == pytest.approx(wanted)


def test_a_verified_count_is_a_thinning(make):
    """Beside its own sigma its log has the sd of a binomial count of the covered."""
    claims = [make.claim("1", "a", Verified(40))]
    model = Joint(make.study([make.count("a", make.stated(50, 500))], claims), Assumptions())
    made = model.follow(point(model, 1)[None], model.data())
    whole, part = made["count"][0, 0], made["count"][0, 0] * made["coverage"][0, 0]
    drawn = np.random.default_rng(0).binomial(round(whole), part / whole, 10**5)
    near = 1 / part - 1 / whole  # of a binomial's log, by the delta method
    assert np.var(np.log(np.maximum(drawn, 1))) == pytest.approx(near, rel=0.1)
    wanted = 0.02**2 + 1 / part - 1 / whole
    assert np.exp(2 * made["log_sigma"][0, 0]) == pytest.approx(wanted)


def test_learned_parameters_scale_the_laws(often):
    model = Joint(often, Assumptions(sigma_learn=0.2, precision_learn=0.1))
    z = np.zeros(len(model.names))
    z[model.names.index("sigma of 'exact'")] = 2.0
    z[model.names.index("precision of m1")] = -1.0
    plain = model.follow(np.zeros((1, len(z))), model.data())["log_sigma"][0]
    made = model.follow(z[None], model.data())
    rise = dict(zip(model.coords["claim"], made["log_sigma"][0] - plain, strict=True))
    assert rise["exact"] == pytest.approx(2 * 0.2 - 0.1)
    assert rise["more12"] == pytest.approx(2 * 0.2 - 0.1)
    assert rise["listed"] == pytest.approx(2 * 0.2)  # another origin, counted one by one
    assert rise["nearly"] == 0.0
    tune = dict(zip(model.tunes[0], made["tune"][0], strict=True))
    assert tune["sigma of 'exact'"] == pytest.approx(np.exp(0.4))


def test_compiled_code_is_kept_under_the_hash_of_its_sources():
    assert isinstance(density.VERSION, int)
    assert len(density._SOURCES) > 10_000
