"""What would narrow an estimate: against closed forms, on made-up draws; nothing is sampled."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import estimators as es
from estimators.evidence.claim import Claim, Source
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import PartOf, Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import About
from estimators.inference.compute import Draws
from estimators.inference.estimate import Estimate, Recipe
from estimators.inference.newcomers import late_count
from estimators.inference.outlook import COUNTED, foreseeable
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint

N = 4000
SD = 0.6
NEAR = 0.03  # of what is kept
SHARED = "common all, before access"
# Errors that are normal and known in size: a count's .5, an origin's .4.
NORMAL = Assumptions(
    reference="mine",
    heavy_tail=0.0,
    own_sd=0.0,
    nested_sd=0.0,
    origin_scale={"official": 0.4, "ngo": 0.4},
    phase_scale=dict.fromkeys(Assumptions().phase_scale, 0.3),
)


def study_of():
    """Return a study with a claim on one quantity of an event, and none on another event."""
    day, wide = When.parse("2024-03-01"), Range(50, 5000, "stated")
    quantities = (
        Quantity("a", "Taken", "flow", wide, day, event="march"),
        Quantity("b", "Taken and hurt", "flow", PartOf("a", Range(20, 80, "stated")), day),
        Quantity("c", "Taken elsewhere", "flow", wide, day, event="april"),
        Quantity("s", "Share of women", "share", Range(20, 80, "stated"), day, event="march"),
        Quantity("w", "Women taken", "flow", PartOf("a", "s"), day, event="march"),
    )
    quantities = [replace(q, event=q.event or "march") for q in quantities]
    claims = (Claim("1", "a", About(500), "n", When.parse("2024-03-02")),)
    sources = (Source("n", "A group", "ngo"),)
    return Study("Made up", "How many?", quantities, sources, claims, ("a", "s"), access="closed")


def made_up(assumptions=NORMAL, **errors):
    """Return an estimate whose log counts are normal, with errors of given sd or none."""
    study = study_of()
    rng = np.random.default_rng(1)
    log_count = np.log(500) + SD * rng.permutation(stats.norm.ppf((np.arange(N) + 0.5) / N))
    sharing = Joint(study, assumptions).sharing
    ids = [effect.id for effect in sharing.effects]
    error = [errors.get(id.split()[0], 0.0) * rng.standard_normal(N) for id in ids]
    counts = [q.id for q in study.quantities if not q.is_share]
    drawn = {
        "count": ("quantity", [np.exp(log_count)] * len(counts)),
        "error": ("effect", error),
        "spread": ("spread_of", np.ones((len(sharing.spreads), N))),
    }
    data = {
        name: ((dim, "chain", "draw"), np.reshape(values, (-1, 2, N // 2)))
        for name, (dim, values) in drawn.items()
    }
    coords = {"quantity": counts, "effect": ids, "spread_of": list(sharing.spreads)}
    tree = xr.DataTree.from_dict({"posterior": xr.Dataset(data, coords=coords)})
    return Estimate(Recipe(study, assumptions, 1, Draws(N // 2, 1, 2)), tree, {})


@pytest.fixture(scope="module")
def made():
    return made_up()


def kept_of(estimate, scenario, **asked):
    return float(es.outlook(estimate, quantities=["a"], **asked).at("a", scenario)["kept"])


def normal(sd):
    """Return what is kept of a normal of sd SD after a normal reading of it."""
    return 1.0 / np.sqrt(1.0 + SD**2 / sd**2)


class TestClosedForm:
    def test_a_count(self, made):
        assert late_count(NORMAL, 9, 0) == pytest.approx([0.25] * 9)
        assert kept_of(made, COUNTED) == pytest.approx(normal(0.5), abs=NEAR)

    def test_a_register_of_few(self, made):
        ends = np.array([1.0, 4.0])  # percent, where the logit is nearly the log
        sd = np.diff(np.log(ends / (100.0 - ends)))[0] / 2.0 / stats.norm.ppf(0.95)
        kept = kept_of(made, "a register that names 1–4%", coverage=tuple(ends))
        assert kept == pytest.approx(normal(sd), abs=NEAR)

    def test_origins_that_are_independent(self, made):
        for n in (1, 4):
            kept = kept_of(made, f"{n} more origin{'s' * (n > 1)}", origins=(n,))
            assert kept == pytest.approx(normal(0.4 / np.sqrt(n)), abs=NEAR)

    def test_origins_that_share_an_error_narrow_less(self, made):
        shared = made_up(common=0.5)
        for n in (1, 10):
            name = f"{n} more origin{'s' * (n > 1)}"
            kept = kept_of(shared, name)
            assert kept == pytest.approx(normal(np.hypot(0.5, 0.4 / np.sqrt(n))), abs=NEAR)
            assert kept > kept_of(made, name)


def test_a_register_whose_part_is_known_leaves_next_to_nothing_and_says_few_draws(made):
    name = "a register that names 74.9–75.1%"
    found = es.outlook(made, quantities=["a"], coverage=(74.9, 75.1))
    assert found.at("a", name)["kept"] < 0.05
    assert found.at("a", name)["few"] > 0.9
    assert found.doubtful.tolist() == [False, True, False, False, False]


def test_the_table_says_now_and_then(made):
    found = es.outlook(made, quantities=["a", "b"], origins=(2,), simulations=20)
    row = found.at("b", "2 more origins")
    assert tuple(row[["now_low", "now_median", "now_high"]]) == made.interval("b")
    assert row["factor_now"] == pytest.approx(np.sqrt(row["now_high"] / row["now_low"]))
    assert np.log(row["factor_then"]) == pytest.approx(row["kept"] * np.log(row["factor_now"]))
    assert found.quantities == ("a", "b")
    assert "“Taken” is ×/÷2.7; on average" in found.reading()
    assert "<table" in found._repr_html_()


def test_the_same_seed_gives_the_same_and_shares_are_left_out(made):
    one, two = (es.outlook(made, simulations=20, seed=3).table for _ in range(2))
    assert one.equals(two)
    assert set(one["quantity"]) == {"a"}


def test_a_class_that_has_not_spoken_has_an_error_of_its_own():
    none = Assumptions(heavy_tail=0.0, common_sd=0.0, class_sd=1.0, early_error="none")
    estimate = made_up(none)
    ngo, media = (kept_of(estimate, "10 more origins", source_class=of) for of in ("ngo", "media"))
    assert media > ngo + 0.1


def test_a_network_s_heavy_tails_keep_more():
    light, heavy = (
        kept_of(made_up(Assumptions(heavy_tail=of, network_scale=1.0)), "3 more origins")
        for of in (0.0, 1.0)
    )
    assert heavy > light


def test_the_error_of_a_count_is_that_of_a_late_number_by_an_official():
    rng = np.random.default_rng(2)
    judged = late_count(Assumptions(early_error="none"), 400_000, 0)
    own = 0.6 * np.abs(rng.standard_normal(len(judged)))
    assert np.quantile(judged, [0.5, 0.9]) == pytest.approx(np.quantile(own**2, [0.5, 0.9]), 0.02)
    scales = {**NORMAL.phase_scale, "later": 0.0}  # those of earlier phases play no part
    learned = Assumptions(reference="mine", phase_scale=scales, own_sd=0.9, network_share=0.0)
    log_sd = np.log(late_count(learned, 40_000, 0)) / 2.0
    assert np.median(log_sd) == pytest.approx(np.log(0.6), abs=0.02)
    assert log_sd.std() == pytest.approx(0.9, rel=0.02)


def test_a_study_is_estimated_first(made, monkeypatch):
    asked = {}

    def estimated(study, seed):
        asked.update(study=study, seed=seed)
        return made

    monkeypatch.setattr("estimators.inference.outlook.estimated", estimated)
    assert es.outlook(made.study, seed=4, simulations=2).quantities == ("a",)
    assert asked == {"study": made.study, "seed": 4}


class TestRefused:
    def test_an_unknown_quantity_with_the_names_there_are(self, made):
        with pytest.raises(EvidenceError, match="no such quantity") as caught:
            es.outlook(made, quantities=["aa"])
        assert "a, b, c, s, w" in str(caught.value)

    def test_an_unknown_class_with_the_names_there_are(self, made):
        with pytest.raises(ValueError, match=r"no class 'ngos'\. Did you mean 'ngo'\?.*official"):
            es.outlook(made, source_class="ngos")

    def test_a_quantity_of_whose_event_nobody_speaks(self, made):
        assert foreseeable(made.study, "w")
        assert not foreseeable(made.study, "c")
        with pytest.raises(ValueError, match="no claim speaks of c or of another count"):
            es.outlook(made, quantities=["c"])

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"quantities": ["s"]}, "'s' is a share; name counts. Use one of: a, b, c, w"),
            ({"quantities": []}, "no quantity is given"),
            ({"origins": (0,)}, "whole numbers"),
            ({"origins": ()}, "whole numbers"),
            ({"coverage": (90.0, 60.0)}, "two percents"),
            ({"simulations": 0}, "at least once"),
        ],
    )
    def test_numbers_that_cannot_be(self, made, asked, said):
        with pytest.raises(ValueError, match=said):
            es.outlook(made, **asked)

    def test_a_row_that_is_not_there(self, made):
        found = es.outlook(made, simulations=2)
        with pytest.raises(ValueError, match="no scenario 'nothing' here"):
            found.at("a", "nothing")

    def test_a_headline_without_claims(self, made):
        of = replace(made.recipe, study=replace(made.study, headline=("c",)))
        with pytest.raises(ValueError, match="no claim speaks of a count of the headline"):
            es.outlook(Estimate(of, made.tree, {}))
