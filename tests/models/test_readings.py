"""All observations of a study: the arrays of their laws, copies, and the random side."""

import math

import numpy as np
import pytest

from estimators.evidence.choices import Anchor
from estimators.evidence.wording import Exactly, Nearly, OrderOf
from estimators.models import cells, density
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.models.reading import CHOICE, HOLDS, LATTICE, NUMBER
from estimators.models.readings import readings_of

DRAWS = 20_000


class TestAnchors:
    def of(self, make, **given):
        anchor = Anchor("x", "a", "because", **given)
        quantities = [make.count("a", make.stated(1, 1000))]
        return readings_of(make.study(quantities, anchors=[anchor]))[-1]

    def test_a_floor_is_a_step_one_percent_wide(self, make):
        found = self.of(make, floor=90)
        assert (found.law.code, found.kind, found.claim) == (cells.STEP, HOLDS, None)
        assert math.exp(found.observed) == pytest.approx(90)
        assert found.sigma == 0.01

    def test_a_register_is_complete_within_its_percent_nine_times_in_ten(self, make):
        found = self.of(make, value=180, complete_within=5)
        assert (found.law.code, found.kind) == (cells.NORMAL, LATTICE)
        assert math.exp(found.observed) == pytest.approx(180)
        assert 1.645 * found.sigma == pytest.approx(math.log(1.05), rel=1e-3)

    def test_weights(self, make):
        assert self.of(make, floor=90).weight == 1.0
        assert self.of(make, floor=90, used=False).weight == 0.0


class TestDraws:
    """Prior predictive draws look like the laws."""

    def test_every_reading_of_a_study(self, every_law):
        model = Joint(every_law, Assumptions(copy_chance=0.0))
        laws, data = model.laws(), model.data()
        z = 0.3 * np.random.default_rng(3).standard_normal(len(model.names))
        state, _ = density.follow(z, model.structure, data)
        full = [
            np.tile(x, (DRAWS, 1))
            for x in (state.belief, np.exp(state.log_sigma), np.exp(state.log_slack))
        ]
        drawn = laws.draw(np.random.default_rng(1), *full)
        assert drawn.shape == (DRAWS, len(laws.readings))
        for place, reading in enumerate(laws.readings):
            values, often = np.unique(drawn[:, place], return_counts=True)
            for k in np.argsort(often)[-3:]:
                observed = laws.observed.copy()
                observed[place] = values[k]
                made = model.data(observed=observed)
                chance = math.exp(density.follow(z, model.structure, made)[1][place, 0])
                wanted = pytest.approx(chance, abs=5 * math.sqrt(0.25 / DRAWS))
                if reading.kind != HOLDS:
                    assert often[k] / DRAWS == wanted, reading.id

    def test_what_is_drawn_has_the_form_of_what_is_printed(self, every_law):
        model = Joint(every_law, Assumptions())
        laws = model.laws()
        shape = (3, 5, len(laws.readings))
        drawn = laws.draw(np.random.default_rng(0), *(np.full(shape, x) for x in (1.0, 0.1, 0.1)))
        assert drawn.shape == shape
        for place, reading in enumerate(laws.readings):
            mine = drawn[..., place]
            if reading.kind == NUMBER:
                assert np.all(mine == np.round(mine))
                assert np.all(mine >= 1)
            elif reading.kind == CHOICE:
                assert set(np.unique(mine)) <= set(range(11))
            elif reading.kind == LATTICE:
                steps = (mine - reading.observed) / (2 * reading.half)
                assert steps == pytest.approx(np.round(steps), abs=1e-6)
            else:
                assert np.all(mine == reading.observed)


class TestCopies:
    """A number of unknown origin may be one that was printed before."""

    @pytest.fixture(scope="class")
    @classmethod
    def study(cls, make):
        claims = [
            make.claim("one", "a", Exactly(617), "m1", published="2024-01"),
            make.claim("two", "a", Nearly(700), "m2", published="2024-02"),
            make.claim("word", "a", OrderOf("hundreds"), "m2", published="2024-02"),
            make.claim("else", "b", Exactly(617), "m2", published="2024-02"),
            make.claim("rumour", "a", Exactly(617), "x1", published="2024-03"),
            make.claim("again", "a", Exactly(617), "x1", published="2024-04"),
            make.claim("late", "a", Exactly(650), "n1", published="2024-05"),
            make.claim("first", "b", Exactly(90), "x1", published="2023-01"),
        ]
        quantities = [make.count("a", make.stated(50, 5000)), make.count("b", make.stated(1, 900))]
        return make.study(quantities, claims)

    def test_only_earlier_numbers_of_the_same_quantity_can_be_copied(self, study):
        laws = Joint(study, Assumptions()).laws()
        ids = [reading.id for reading in laws.readings]
        found = {ids[place]: {ids[p] for p in before} for place, before in laws.earlier.items()}
        assert found == {"rumour": {"one", "two"}, "again": {"one", "two", "rumour"}}

    def test_the_chances(self, study):
        model = Joint(study, Assumptions(copy_chance=0.4))
        data = model.data()
        own, copied = (
            dict(zip(model.coords["claim"], x, strict=True)) for x in (data.own, data.copied)
        )
        assert {id for id, chance in own.items() if chance < 1} == {"rumour", "again"}
        assert own["rumour"] == pytest.approx(0.6)
        assert copied["rumour"] == pytest.approx(0.4 / 2)
        assert copied["again"] == pytest.approx(0.4 * 2 / 3)

    def test_what_is_left_out_cannot_be_copied(self, study):
        model = Joint(study, Assumptions())
        data = model.data(without=frozenset({"one", "two"}))
        own, copied = (
            dict(zip(model.coords["claim"], x, strict=True)) for x in (data.own, data.copied)
        )
        assert (own["rumour"], copied["rumour"]) == (1.0, 0.0)
        assert copied["again"] == 0.5

    def test_a_repeated_number_adds_little(self, study):
        """The slope of its log probability in the belief is a small part of what it would be."""
        place = [claim.id for claim in study.readings].index("rumour")
        slopes = []
        for chance in (0.0, 0.5):
            model = Joint(study, Assumptions(copy_chance=chance))
            z = np.zeros(len(model.names))
            slopes.append(density.follow(z, model.structure, model.data())[1][place, 1])
        assert abs(slopes[1]) < 0.05 * abs(slopes[0])

    def test_an_odd_number_that_nobody_said_is_its_own(self, study):
        laws = Joint(study, Assumptions()).laws()
        observed = laws.observed.copy()
        place = [claim.id for claim in study.readings].index("rumour")
        observed[place] = 999.0
        assert laws.copied(observed)[1][place] == 0.0

    def test_draws_are_copies_as_often(self, study):
        laws = Joint(study, Assumptions(copy_chance=0.5)).laws()
        n = len(laws.readings)
        belief = np.tile(np.log([617.0, 700, 400, 90, 3000, 3000, 650, 90]), (DRAWS, 1))
        drawn = laws.draw(
            np.random.default_rng(2), belief, np.full((DRAWS, n), 0.05), np.ones((DRAWS, n))
        )
        ids = [reading.id for reading in laws.readings]
        one, two, rumour = (drawn[:, ids.index(id)] for id in ("one", "two", "rumour"))
        copies = np.mean((rumour == one) | (rumour == two))
        assert copies == pytest.approx(0.5, abs=0.02)
