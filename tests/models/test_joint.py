"""The whole model: its log probability by hand, its gradient, weights and data."""

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from estimators.models.accounts import priors_of
from estimators.models.assumptions import Assumptions
from estimators.models.claims import sharing_of
from estimators.models.coordinates import information_of
from estimators.models.joint import build, claims_in_order, model_data, ordered_groups
from estimators.models.wordings import groups_of


class Joint:
    """A model with its functions, compiled without machine code."""

    def __init__(self, study):
        self.study = study
        self.model = build(study, Assumptions())
        self.names = [value.name for value in self.model.value_vars]
        self.logp = self.model.compile_logp(mode="FAST_COMPILE")
        self.dlogp = self.model.compile_dlogp(mode="FAST_COMPILE")
        shown = [
            self.model[name] for name in ("belief", "count", "share", "error", "z", "spread_z")
        ]
        self.show = pm.compile(
            self.model.value_vars,
            self.model.replace_rvs_by_values(shown),
            mode="FAST_COMPILE",
            on_unused_input="ignore",
        )

    def point(self, seed):
        rng = np.random.default_rng(seed)
        start = self.model.initial_point()
        return {name: 0.7 * rng.standard_normal(start[name].shape) for name in self.names}

    def at(self, point):
        """Return belief, count, share, error, z and spread_z at a point."""
        return self.show(*(point[name] for name in self.names))

    def weigh(self, weights):
        pm.set_data({"weight": np.asarray(weights, dtype=float)}, model=self.model)


@pytest.fixture(scope="module")
def joint(every_law):
    return Joint(every_law)


def said(study, belief):
    """Return the log probability of each claim given the beliefs, by the loops of the kernels."""
    from estimators.models.coordinates import _evaluate  # the same loops without PyTensor

    found, start = [], 0
    for group in ordered_groups(study):
        end = start + len(group.claims)
        found.append(_evaluate(group, np.asarray(belief[start:end]))[0])
        start = end
    return np.concatenate(found)


def test_the_log_probability_by_hand(joint):
    study = joint.study
    joint.weigh(np.ones(len(study.readings)))
    transform = joint.model.rvs_to_transforms[joint.model["z"]]
    for seed in range(3):
        point = joint.point(seed)
        belief, _, _, _, z, spread = joint.at(point)
        coordinates = next(v for k, v in point.items() if k.startswith("z_"))
        assert z == pytest.approx(transform.matrix @ coordinates)
        prior = stats.norm.logpdf(z).sum() + stats.norm.logpdf(spread).sum()
        wanted = prior + transform.log_jacobian + said(study, belief).sum()
        assert joint.logp(point) == pytest.approx(wanted, rel=1e-10)


def test_the_gradient_is_that_of_finite_differences(joint):
    joint.weigh(np.ones(len(joint.study.readings)))
    point = joint.point(5)
    flat = np.concatenate([point[name].ravel() for name in joint.names])
    ends = np.cumsum([0, *(point[name].size for name in joint.names)])

    def logp(values):
        parts = {n: values[a:b] for n, a, b in zip(joint.names, ends[:-1], ends[1:], strict=True)}
        return float(joint.logp(parts))

    got = joint.dlogp(point)
    assert got.shape == flat.shape
    for place, step in enumerate(np.eye(len(flat)) * 1e-6):
        wanted = (logp(flat + step) - logp(flat - step)) / 2e-6
        assert got[place] == pytest.approx(wanted, rel=1e-4, abs=1e-4)


def test_weight_zero_removes_a_claim_exactly(joint):
    study, point = joint.study, joint.point(6)
    n = len(study.readings)
    joint.weigh(np.ones(n))
    full, belief = joint.logp(point), joint.at(point)[0]
    each = said(study, belief)
    for place in range(n):
        weights = np.ones(n)
        weights[place] = 0.0
        joint.weigh(weights)
        assert joint.logp(point) == pytest.approx(full - each[place], rel=1e-10)
    joint.weigh(np.full(n, 0.5))
    assert joint.logp(point) == pytest.approx(full - 0.5 * each.sum(), rel=1e-10)
    joint.weigh(np.ones(n))


def test_belief_is_scale_plus_the_six_errors(joint):
    claims = claims_in_order(joint.study)
    belief, count, share, error, *_ = joint.at(joint.point(7))
    index = sharing_of(joint.study, claims).index
    truth = {"a": np.log(count[0]), "b": np.log(count[1]), "s": np.log(share[0] / (1 - share[0]))}
    wanted = [truth[c.quantity] + error[row].sum() for c, row in zip(claims, index, strict=True)]
    assert belief == pytest.approx(wanted)


def test_errors_follow_their_laws(joint):
    """Common errors are normal, those of networks stretched by Tukey's h, spreads half-normal."""
    claims = claims_in_order(joint.study)
    effects = sharing_of(joint.study, claims).effects
    scales = model_data(joint.study, Assumptions())["error_scale"]
    spreads = sharing_of(joint.study, claims).spreads
    *_, error, z, spread_z = joint.at(joint.point(8))
    own = z[len(priors_of(joint.study).unknowns) :]
    sds = dict(zip(spreads, stats.halfnorm.ppf(stats.norm.cdf(spread_z)), strict=True))
    for place, effect in enumerate(effects):
        h = 0.18 if effect.kind in ("event", "network") else 0.0
        tail = np.exp(0.5 * h * own[place] ** 2)
        wanted = scales[place] * sds.get(effect.spread, 1.0) * tail * own[place]
        assert error[place] == pytest.approx(wanted, rel=1e-9)


def test_tukey_h_has_the_quantiles_of_student_t():
    for tail in (0.75, 0.9, 0.95, 0.99, 0.995, 0.9995):
        z = stats.norm.ppf(tail)
        assert z * np.exp(0.09 * z * z) == pytest.approx(stats.t(4).ppf(tail), rel=0.09)


def test_the_order_of_claims_is_one(joint):
    study = joint.study
    ids = [claim.id for claim in claims_in_order(study)]
    assert sorted(ids) == sorted(claim.id for claim in study.readings)
    assert list(joint.model.coords["claim"]) == ids
    groups = groups_of(study.readings, frozenset("s"))
    assert [c.id for g in groups for c in g.claims] == ids
    assert len(information_of(groups)) == len(ids)


@pytest.mark.parametrize(
    ("name", "value", "touched"),
    [
        ("common_sd", 0.5, {"error_scale"}),
        ("origin_scale.media", 0.1, {"error_scale"}),
        ("early_error", "none", {"error_scale"}),
        ("range_factor", 1.5, {"base_sd"}),
        ("share_size", 2.0, {"fraction_sd"}),
    ],
)
def test_an_assumption_is_data_of_the_model(joint, name, value, touched):
    plain = model_data(joint.study, Assumptions())
    changed = model_data(joint.study, Assumptions().changed(name, value))
    assert set(plain) == set(changed) <= set(joint.model.named_vars)
    assert {key for key in plain if not np.array_equal(plain[key], changed[key])} == touched
    for key, values in plain.items():
        assert joint.model[key].get_value() == pytest.approx(values)
        assert changed[key].shape == values.shape


def test_other_data_is_another_model(joint):
    """Data set anew gives what building anew gives (in the coordinates of the first)."""
    made = Assumptions().changed("common_sd", 0.5).changed("range_factor", 1.5)
    point = joint.point(9)
    plain = joint.logp(point)
    pm.set_data(model_data(joint.study, made), model=joint.model)
    belief, *_, z, spread = joint.at(point)
    transform = joint.model.rvs_to_transforms[joint.model["z"]]
    prior = stats.norm.logpdf(z).sum() + stats.norm.logpdf(spread).sum()
    wanted = prior + transform.log_jacobian + said(joint.study, belief).sum()
    assert joint.logp(point) == pytest.approx(wanted, rel=1e-10)
    pm.set_data(model_data(joint.study, Assumptions()), model=joint.model)
    assert joint.logp(point) == pytest.approx(plain, rel=1e-12)


def test_studies_without_shares_or_without_counts(make):
    counts = make.study([make.count("a", make.stated(10, 900))])
    shares = make.study([make.share("s", 10, 90)])
    for study in (counts, shares):
        logp = build(study, Assumptions()).compile_logp(mode="FAST_COMPILE")
        model = build(study, Assumptions())
        assert np.isfinite(logp(model.initial_point()))
