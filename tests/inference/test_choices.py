"""What a study may decide or add, from its files to its estimate."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import estimators as es
from estimators.evidence.choices import Anchor, Coverage, SourceClass
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import CouldReach, Exactly, UpTo
from estimators.inference.compute import Change, Compiled, Draws
from estimators.inference.estimate import estimate
from estimators.models.choosing import assumptions_of

FEW = Draws(draws=400, tune=300, chains=2)
MANY = Draws(draws=2000, tune=400, chains=4)
SOURCES = (
    Source("m1", "One paper", "media"),
    Source("m2", "Another paper", "media"),
    Source("x1", "Some say", "unknown"),
)


def claim(id, wording, origin="m1", when="2024-03", **given):
    return Claim(id, "a", wording, origin, When.parse(when), **given)


def study_of(*claims, sources=SOURCES, **given):
    quantity = Quantity("a", "Taken", "flow", Range(50, 8000, "stated beforehand"))
    return Study("A study", "How many?", (quantity,), sources, claims, ("a",), **given)


def interval(study, change=None, seed=1, draws=FEW):
    """Return low, median and high of the count."""
    compiled = Compiled.of(study, assumptions_of(study))
    drawn = compiled.sample(draws, seed, change or Change())["posterior"]["count"].values
    return np.quantile(drawn, [0.05, 0.5, 0.95])


class TestAnchors:
    def test_a_hard_floor_keeps_counts_above_it(self):
        plain = study_of(claim("1", Exactly(600)))
        held = replace(plain, anchors=[Anchor("list", "a", "names", floor=640)])
        assert interval(plain)[0] < 500
        compiled = Compiled.of(held, assumptions_of(held))
        drawn = compiled.sample(FEW, 1)["posterior"]["count"].values
        assert drawn.min() > 640 * 0.95
        assert np.mean(drawn > 640 * 0.99) > 0.97

    def test_a_register_holds_within_its_percent(self):
        register = Anchor("census", "a", "a census", value=900, complete_within=5)
        low, median, high = interval(study_of(claim("1", Exactly(600)), anchors=[register]))
        assert low == pytest.approx(900 / 1.05, rel=0.02)
        assert median == pytest.approx(900, rel=0.02)
        assert high == pytest.approx(900 * 1.05, rel=0.02)

    def test_one_that_is_not_used_holds_only_when_it_is_added(self):
        shown = Anchor("census", "a", "a census", value=900, complete_within=5, used=False)
        study = study_of(claim("1", Exactly(600)), anchors=[shown])
        assert interval(study)[1] < 750
        assert interval(study, Change(adding=frozenset({"census"})))[1] > 850

    def test_all_that_walks_the_readings_copes(self):
        register = Anchor("census", "a", "a census", value=900, complete_within=5)
        study = study_of(claim("1", Exactly(600)), claim("2", UpTo(900), "m2"), anchors=[register])
        made = estimate(study, seed=1, draws=FEW)
        assert list(made.tree["posterior"]["claim"].values) == ["1", "2", "census"]
        assert list(es.check(made).claims.index) == ["1", "2"]


class TestRepeatedNumbers:
    def test_one_of_unknown_origin_adds_little(self):
        """Width of the interval: a copied rumour against a second paper."""
        alone = study_of(claim("1", Exactly(617)))
        rumour = study_of(claim("1", Exactly(617)), claim("2", Exactly(617), "x1", "2024-05"))
        paper = study_of(claim("1", Exactly(617)), claim("2", Exactly(617), "m2", "2024-05"))
        ends = [interval(of, draws=MANY) for of in (alone, rumour, paper)]
        widths = [np.log(high / low) for low, _, high in ends]
        assert widths[2] < widths[1]
        assert widths[1] == pytest.approx(widths[0], rel=0.1)


class TestForecasts:
    def test_a_forecast_has_half_the_weight_of_a_claim(self):
        study = study_of(claim("1", Exactly(600)), claim("2", CouldReach(2000), "m2"))
        compiled = Compiled.of(study, assumptions_of(study))
        assert compiled.model.data().weight.tolist() == [1.0, 0.5]
        likelihood = compiled.sample(FEW, 1)["log_likelihood"]["said"].values[..., 1]
        assert np.all(np.isfinite(likelihood))

    def test_a_part_that_was_counted_speaks_of_the_whole(self):
        town = Coverage("town", Range(18, 22, "the census before"))
        study = study_of(claim("1", Exactly(117), coverage="town"), coverages=[town])
        assert interval(study)[1] == pytest.approx(117 / 0.2, rel=0.2)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A study folder whose claims use a wording, and its sources a class, added from Python."""
    es.register_wording("upwards of", stats.norm(-0.5, 0.1), sentence="said far too low")
    pirates = SourceClass("pirates", 0.3, "they boast alike")
    study = study_of(
        claim("1", Exactly(600), "p1"),
        sources=(*SOURCES, Source("p1", "A crew", "pirates")),
        classes=[pirates],
    )
    folder = tmp_path_factory.mktemp("studies") / "port"
    es.write_study(study, folder)
    return folder


class TestAdded:
    def test_a_wording_goes_from_the_claims_file_to_the_estimate(self, saved):
        plain = es.read_study(saved)
        path = saved.with_name("worded")
        es.write_study(plain, path)
        rows = (path / "claims.csv").read_text("utf-8")
        assert ",exact,600" in rows
        (path / "claims.csv").write_text(rows.replace(",exact,600", ",upwards of,600"), "utf-8")
        worded = es.read_study(path)
        assert str(worded.readings[0].wording).startswith("upwards of")
        drawn = estimate(worded, seed=1, draws=FEW)
        ratio = drawn.interval("a")[1] / estimate(plain, seed=1, draws=FEW).interval("a")[1]
        assert ratio == pytest.approx(np.exp(0.5), rel=0.12)  # less what the range pulls back
        assert es.check(drawn).claims.loc["1", "said"].startswith("upwards of")

    def test_a_class_of_the_study_s_own_has_its_spread(self, saved):
        study = es.read_study(saved)
        wide = replace(study, classes=[SourceClass("pirates", 2.0, "they boast")])
        low, _, high = interval(study)
        wide_low, _, wide_high = interval(wide)
        assert np.log(wide_high / wide_low) > 1.15 * np.log(high / low)

    def test_a_registered_class_is_known_to_every_study(self):
        es.register_class("corsairs", 0.3, "they boast alike")
        sources = (*SOURCES, Source("c1", "A crew", "corsairs"))
        study = study_of(claim("1", Exactly(600), "c1"), sources=sources)
        assert assumptions_of(study).origin_scale["corsairs"] == 0.3
        assert interval(study)[1] > 0
