"""How much of an answer is prior, what gets no sentence, and what more origins add."""

from dataclasses import replace

import numpy as np
import pytest

import estimators as es
from estimators.evidence.choices import Anchor, Scenario
from estimators.evidence.problems import EvidenceError
from estimators.inference.compute import Draws
from estimators.inference.estimate import Estimate
from estimators.inference.origins import origins_curve
from estimators.inference.prior_part import explained, is_too_narrow, prior_part
from estimators.inference.sensitivity import runs_of
from estimators.models.assumptions import Assumptions
from estimators.models.choosing import assumptions_of


def narrowed(made, id, factor):
    """Return the estimate with one count squeezed to its median times or over a factor."""
    tree = made.tree.copy()
    count = tree["posterior"]["count"].copy(deep=True)
    drawn = count.sel(quantity=id)
    rank = np.linspace(-1, 1, drawn.size).reshape(drawn.shape)
    count.loc[{"quantity": id}] = float(drawn.median()) * factor**rank
    tree["posterior"] = tree["posterior"].to_dataset().assign(count=count)
    return Estimate(made.recipe, tree, made.provenance)


class TestPriorPart:
    def test_the_share_of_variance_that_terms_explain(self):
        rng = np.random.default_rng(1)
        terms = rng.standard_normal((4000, 3))
        values = terms[:, 0] + rng.standard_normal(4000)
        assert explained(values, terms) == pytest.approx(0.5, abs=0.04)
        assert explained(rng.standard_normal(4000), terms) < 0.02
        assert explained(terms @ [1.0, 2.0, 3.0], terms) == pytest.approx(1.0)

    def test_what_no_claim_touches_keeps_its_prior(self, made):
        part = prior_part(made)
        assert part.loc["u", "kept"] == pytest.approx(1.0, abs=0.1)
        assert part.loc["u", "readings"] == 0
        assert not part.loc["u", "prior_limited"]
        assert part.loc["a", "kept"] < 0.6

    def test_the_prior_is_that_of_the_estimate_and_not_the_default(self, made):
        wide = replace(made.recipe, assumptions=Assumptions(range_factor=2.0))
        kept = prior_part(Estimate(wide, made.tree, made.provenance)).loc["a", "kept"]
        assert kept == pytest.approx(prior_part(made).loc["a", "kept"] / 2.0, rel=0.1)

    def test_a_table_that_is_changed_by_its_owner_stays_his(self, made):
        mine = prior_part(made)
        mine.loc["a", "bias_r2"] = 99.0
        assert prior_part(made).loc["a", "bias_r2"] <= 1.0


class TestTooNarrow:
    def test_few_origins_cannot_know_so_much(self, made):
        assert is_too_narrow(narrowed(made, "t", 1.1), "t")
        assert not is_too_narrow(narrowed(made, "t", 1.5), "t")
        with pytest.raises(es.NotPublishableError, match="narrower"):
            es.sentence(narrowed(made, "t", 1.1), "t")

    def test_four_origins_a_register_or_an_anchor_can(self, made):
        narrow = narrowed(narrowed(made, "a", 1.1), "b", 1.1)
        assert not is_too_narrow(narrow, "b")  # a register speaks of it
        study = made.study
        no_register = replace(
            study, sources=[replace(s, source_class="media") for s in study.sources]
        )
        few = replace(
            no_register,
            claims=[c for c in study.claims if c.origin not in ("n1",) and not c.repeats],
        )
        assert is_too_narrow(
            Estimate(replace(made.recipe, study=few), narrow.tree, made.provenance), "a"
        )
        anchored = replace(few, anchors=[Anchor("list", "a", "names", floor=100)])
        assert not is_too_narrow(
            Estimate(replace(made.recipe, study=anchored), narrow.tree, made.provenance), "a"
        )
        four = replace(made.recipe, study=no_register)
        assert not is_too_narrow(Estimate(four, narrow.tree, made.provenance), "a")


def test_many_origins_do_not_give_the_interval_of_a_register():
    curve = origins_curve(origins=(1, 20), draws=Draws(500, 300, 2)).table
    apart = Assumptions(common_sd=0.0, class_sd=0.0, early_error="none", network_scale=0.0)
    naive = origins_curve(apart, origins=(20,), draws=Draws(500, 300, 2)).table
    assert curve["factor"][1] < curve["factor"][0]
    assert curve["factor"][1] > 1.8
    assert naive["factor"][0] < 1.3


class TestScenarios:
    def test_a_study_s_own_is_run_with_what_it_changes(self, made):
        own = Scenario("alone", "see", "signed", ("m1",), (), (("common_sd", 0.1),))
        study = replace(made.study, scenarios=[own])
        runs = list(runs_of(Estimate(replace(made.recipe, study=study), made.tree, {})))
        run = next(run for run in runs if run.run == "scenario alone")
        assert (run.assumptions.reading, run.assumptions.common_sd) == ("signed", 0.1)
        mine = {c.id for c in made.study.claims if c.used and c.origin == "m1"}
        assert run.without == mine

    def test_one_that_changes_no_assumption_is_refused_before_any_fit(self, made):
        wrong = Scenario("typo", "see", assumptions=(("comon_sd", 0.1),))
        with pytest.raises(EvidenceError, match="common_sd"):
            assumptions_of(replace(made.study, scenarios=[wrong]))
