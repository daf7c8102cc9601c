"""The joint model: its names, its data, and what changes with what."""

import numpy as np
import pytest

from estimators.evidence.choices import Anchor
from estimators.evidence.wording import AtLeast, Exactly
from estimators.models import density
from estimators.models.arrays import DIMS
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint


@pytest.fixture(scope="module")
def model(every_law):
    return Joint(every_law, Assumptions())


def differs(one, other):
    return {
        name for name in one._fields if not np.array_equal(getattr(one, name), getattr(other, name))
    }


def test_readings_are_the_claims_in_their_order_then_the_anchors(model):
    study = model.study
    ids = [*(c.id for c in study.readings), *(a.id for a in study.anchors)]
    assert model.coords["claim"] == ids
    assert model.claims == (*study.readings, None, None)


def test_names_are_as_many_as_there_are_unknowns(model):
    data = model.data()
    n = len(data.base_mean) + len(data.fraction_mean) + len(data.error_mean)
    assert len(model.names) == n + model.structure.n_spreads + len(data.tune_scale)
    assert len(set(model.names)) == len(model.names)


def test_what_follows_has_a_row_a_draw_and_the_stated_dims(model):
    z = np.random.default_rng(1).standard_normal((3, len(model.names)))
    made = model.follow(z, model.data())
    for name, dim in DIMS.items():
        if name != "z":
            assert made[name].shape == (3, len(model.coords[dim])), name
    assert made["count"][:, 3 - 1] == pytest.approx(made["count"][:, 0] * made["share"][:, 0])


@pytest.mark.parametrize(
    ("name", "value", "touched"),
    [
        ("common_sd", 0.5, {"error_scale"}),
        ("origin_scale.media", 0.1, {"error_scale"}),
        ("early_error", "none", {"error_scale"}),
        ("heavy_tail", 0.0, {"error_tails"}),
        ("range_factor", 1.5, {"base_sd"}),
        ("share_size", 2.0, {"fraction_sd"}),
        ("coverage_mean", 1.0, {"fraction_mean"}),
        ("copy_chance", 0.2, {"own", "copied"}),
        ("network_scale", 0.6, {"error_scale"}),
    ],
)
def test_an_assumption_is_data_of_the_model(model, name, value, touched):
    changed = model.data(Assumptions().changed(name, value))
    assert differs(model.data(), changed) == touched
    for old, new in zip(model.data(), changed, strict=True):
        assert old.shape == new.shape
        assert old.dtype == new.dtype


def test_other_data_is_what_building_anew_gives(model):
    made = Assumptions().changed("common_sd", 0.5).changed("range_factor", 1.5)
    anew = Joint(model.study, made)
    assert differs(model.data(made), anew.data()) == set()
    assert differs(model.structure, anew.structure) == set()


def test_other_printed_things_are_other_data(model):
    observed = model.laws().observed.copy()
    assert differs(model.data(), model.data(observed=observed)) == set()
    observed[0] = 700.0
    assert {"low", "high"} <= differs(model.data(), model.data(observed=observed)) <= {
        "low", "high", "chance", "copied", "node_start", "node_at", "node_stands",
    }  # fmt: skip


def test_anchors_that_are_not_used_count_when_they_are_added(make):
    anchor = Anchor("list", "a", "names", floor=90, used=False)
    study = make.study([make.count("a", make.stated(1, 500))], anchors=[anchor])
    model = Joint(study, Assumptions())
    assert model.data().weight.tolist() == [1.0, 0.0]
    assert model.data(adding=frozenset({"list"})).weight.tolist() == [1.0, 1.0]


def test_floors_read_every_claim_as_at_least(every_law):
    model = Joint(every_law, Assumptions())
    laws = model.laws(Assumptions(reading="floors"))
    data = model.data(Assumptions(reading="floors"))
    weight = dict(zip(model.coords["claim"], data.weight, strict=True))
    assert {id for id, value in weight.items() if value == 0.0} == {"ceiling", "forecast"}
    said = {r.id: (r.law.name, r.observed) for r in laws.readings}
    assert said["exact"] == ("at least", 600)
    assert said["pair"] == ("at least", 100)
    assert said["best"] == ("at least", 450)
    assert said["word"] == ("at least", 200)  # 370 e^(-1.645 x .54), to one digit
    assert said["list"][0] == "hard floor"


def of_origin(study, origin):
    return frozenset(claim.id for claim in study.readings if claim.origin == origin)


@pytest.mark.parametrize("origin", ["m1", "m2", "n1", "r1", "x1"])
def test_leaving_an_origin_out_by_weight_is_the_study_without_it(every_law, origin):
    """In the unknowns that both have, the densities differ by a constant of the others' prior."""
    whole = Joint(every_law, Assumptions())
    rest = Joint(every_law.without(origin=origin), Assumptions())
    data = whole.data(without=of_origin(every_law, origin))
    names = {name: place for place, name in enumerate(whole.names)}
    assert set(rest.names) <= set(names)
    for seed in range(3):
        z = 0.7 * np.random.default_rng(seed).standard_normal(len(names))
        mine = np.array([z[names[name]] for name in rest.names])
        left = 0.5 * (z @ z - mine @ mine)
        got = density.density(z, whole.structure, data)[0] + left
        assert got == pytest.approx(density.density(mine, rest.structure, rest.data())[0], rel=1e-9)


class TestWhatIsLearned:
    """A wording's and an origin's parameters are unknown only where five readings speak."""

    def of(self, make, n, wording=Exactly, **given):
        claims = [make.claim(str(k), "a", wording(60 + k), **given) for k in range(n)]
        return Joint(make.study([make.count("a", make.stated(1, 500))], claims), Assumptions())

    @pytest.mark.parametrize("n", [1, 4, 5, 8])
    def test_from_five_readings(self, make, n):
        wanted = ("sigma of 'exact'", "precision of m1") if n >= 5 else ()
        assert self.of(make, n).tunes[0] == wanted

    def test_a_bound_has_a_slack_and_no_precision(self, make):
        model = self.of(make, 5, AtLeast)
        assert model.tunes[0] == ("sigma of 'at least'", "slack of 'at least'")
        assert model.data().tune_scale.tolist() == [0.3, 0.5]

    def test_a_count_one_by_one_teaches_no_precision(self, make):
        assert self.of(make, 5, method="enumeration").tunes[0] == ("sigma of 'exact'",)

    def test_learn_from_is_an_assumption(self, make):
        study = self.of(make, 3).study
        assert Joint(study, Assumptions(learn_from=3)).tunes[0]


def test_studies_of_one_count_and_of_shares(make):
    share = [make.count("a", make.stated(1, 500)), make.share("s", 10, 90)]
    with_part = [*share, make.count("p", make.part("a", "s"))]
    for study in (
        make.study([make.count("a", make.stated(10, 900))]),
        make.study(with_part, [make.claim("1", "s", Exactly(40))]),
    ):
        model = Joint(study, Assumptions())
        data = model.data()
        frame, sampled = model.frame(data)
        y = np.zeros(len(model.names))
        value, slope = density.sampled(y, frame, model.structure, sampled)
        assert np.isfinite([value, *slope]).all()
