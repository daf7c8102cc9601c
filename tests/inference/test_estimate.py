"""Everything that samples, in one file, on one compiled model (and one more without a source)."""

from dataclasses import replace

import arviz as az
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from estimators.evidence.choices import Waiver
from estimators.evidence.problems import EvidenceError
from estimators.inference.checks import Checks, check
from estimators.inference.compute import Change, Draws, sample_carefully
from estimators.inference.estimate import Estimate, Recipe, estimate, open_estimate, quantiles
from estimators.inference.predict import predicted_claims
from estimators.inference.prior import prior
from estimators.inference.sensitivity import READ_SO, SCENARIOS, runs_of, sensitivity
from estimators.models.assumptions import LEARNED, Assumptions
from estimators.models.choosing import assumptions_of

FEW = Draws(draws=250, tune=300, chains=4)
COUNTS = ("a", "b", "p", "t", "u", "v")


@pytest.fixture(scope="module")
def few(made):
    """The same estimate from far too few draws."""
    short = Draws(draws=20, tune=300, chains=4)
    tree = made.compiled.sample(short, seed=1)
    return Estimate(replace(made.recipe, draws=short), tree, made.provenance)


@pytest.fixture(scope="module")
def varied(made):
    return sensitivity(made, draws=FEW)


def width(low, high):
    return np.log(high / low)


class TestTheEstimate:
    def test_what_it_holds(self, made):
        assert isinstance(made, Estimate)
        posterior = made.tree["posterior"]
        assert made.count.dims == ("chain", "draw", "quantity")
        assert made.count.sizes == {"chain": 4, "draw": 600, "quantity": 6}
        assert made.share.sizes == {"chain": 4, "draw": 600, "share_quantity": 1}
        assert list(posterior["claim"].values) == list(made.tree["posterior"]["belief"]["claim"])
        assert set(posterior["claim"].values) == {str(n) for n in range(1, 11)}
        assert "error" in posterior
        assert (made.count > 0).all()

    def test_known_counts_are_recovered(self, made, truth):
        """Of the five known quantities at least four lie inside their 90 % interval."""
        inside = []
        for id, true in truth.items():
            low, median, high = made.interval(id)
            inside.append(low <= true <= high)
            assert low < median < high
            assert 0.4 < median / true < 2.5
        assert sum(inside) >= 4

    def test_claims_narrow_what_they_speak_of(self, made, study):
        before = prior(study)
        for id in ("a", "b", "t"):
            low, _, high = made.interval(id)
            assert width(low, high) < 0.8 * width(*before.interval(id)[::2])

    def test_what_no_claim_touches_keeps_its_prior(self, made):
        low, median, high = made.interval("u")
        assert (low, high) == (pytest.approx(50, rel=0.15), pytest.approx(500, rel=0.15))
        assert median == pytest.approx(np.sqrt(50 * 500), rel=0.15)

    def test_identities_hold_in_every_draw(self, made):
        counts = {id: made.draws_of(id).values for id in COUNTS}
        share = made.draws_of("s").values / 100.0
        assert counts["t"] == pytest.approx(counts["a"] + counts["b"], rel=1e-9)
        assert counts["p"] == pytest.approx(counts["a"] * share, rel=1e-9)
        assert np.all(counts["v"] < counts["a"])

    def test_a_wider_level_holds_the_narrower(self, made):
        narrow, wide = made.interval("a", 0.5), made.interval("a", 0.95)
        assert wide[0] < narrow[0] < narrow[1] == wide[1] < narrow[2] < wide[2]
        for level in (0, 1, -0.5, 90):
            with pytest.raises(ValueError, match="level must lie between 0 and 1"):
                made.interval("a", level)

    def test_an_unknown_quantity(self, made):
        with pytest.raises(EvidenceError, match="no such quantity"):
            made.interval("z")

    def test_the_same_seed_gives_the_same_numbers(self, made):
        again = sample_carefully(made.compiled, made.recipe.draws, made.recipe.seed)
        for name in ("count", "share", "belief", "error"):
            xr.testing.assert_equal(again["posterior"][name], made.tree["posterior"][name])
        other = made.compiled.sample(made.recipe.draws, made.recipe.seed + 1)
        assert not np.array_equal(other["posterior"]["count"], made.count)

    def test_provenance(self, made):
        assert len(made.provenance["sha256 study.toml"]) == 64
        assert {"sha256 claims.csv", "sha256 recipe", "version pymc"} <= set(made.provenance)


class TestSummary:
    def test_rows_and_statuses(self, made):
        table = made.summary()
        assert list(table.index) == ["a", "b", "s", "p", "t", "u", "v"]
        assert table["status"].to_dict() == {
            "a": "claimed",
            "b": "claimed",
            "s": "claimed",
            "p": "through identities",
            "t": "through identities",
            "u": "assumed",
            "v": "through identities",
        }
        assert table["unit"].to_dict() == dict.fromkeys(COUNTS, "persons") | {"s": "percent"}
        assert table["assumed_shares"].to_dict() == dict.fromkeys(table.index, "") | {"v": "v"}
        for id, row in table.iterrows():
            assert (row["low"], row["median"], row["high"]) == made.interval(id)

    def test_a_unit_is_that_of_what_defines_a_quantity(self, made):
        houses = [replace(q, unit="houses") if q.id == "a" else q for q in made.study.quantities]
        study = replace(made.study, quantities=houses)
        known = dict.fromkeys(COUNTS, "persons") | dict.fromkeys("apv", "houses")
        known |= {"t": "count", "s": "percent"}
        table = Estimate(replace(made.recipe, study=study), made.tree, {}).summary()
        assert table["unit"].to_dict() == known
        assert prior(study, draws=10).summary()["unit"].to_dict() == known

    def test_in_a_notebook(self, made):
        assert "Known counts" in made._repr_html_()


class TestProbability:
    def test_statements(self, made):
        drawn = made.draws_of("t").values
        assert made.probability("t >= 1000") == np.mean(drawn >= 1000)
        assert made.probability(" t<1000 ") == pytest.approx(1 - np.mean(drawn >= 1000))
        assert made.probability("t > 0.5") == 1.0
        assert made.probability("t <= 1") == 0.0
        assert made.probability("s > 50") == np.mean(made.draws_of("s").values > 50)

    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            ("t", "is not of the form"),
            ("t = 1000", "is not of the form"),
            ("t >= 1,000", "digits only"),
            ("t >= a", "is not of the form"),
            ("1000 <= t", "is not of the form"),
            ("t >= 1e3", "is not of the form"),
            ("tt >= 1000", "no quantity 'tt'"),
        ],
    )
    def test_what_cannot_be_read(self, made, statement, message):
        with pytest.raises(ValueError, match=message):
            made.probability(statement)


class TestSaving:
    def test_there_and_back(self, made, tmp_path):
        path = made.save(tmp_path / "folder" / "estimate.nc")
        opened = open_estimate(path)
        assert opened.study == made.study
        assert opened.recipe == made.recipe
        assert opened.provenance == made.provenance
        for name in ("count", "share", "belief", "error"):
            xr.testing.assert_equal(opened.tree["posterior"][name], made.tree["posterior"][name])
        pd.testing.assert_frame_equal(opened.summary(), made.summary())
        pd.testing.assert_frame_equal(predicted_claims(opened), predicted_claims(made))
        assert [c.status for c in check(opened)] == [c.status for c in check(made)]
        opened.save(path)  # over itself
        assert open_estimate(path).provenance == made.provenance

    def test_saving_leaves_the_estimate_alone(self, made, tmp_path):
        before = dict(made.tree.attrs)
        made.save(tmp_path / "estimate.nc")
        assert made.tree.attrs == before

    def test_wrong_files(self, tmp_path):
        with pytest.raises(ValueError, match="there is no such file"):
            open_estimate(tmp_path / "none.nc")
        with pytest.raises(ValueError, match="there is no such file"):
            open_estimate(tmp_path)
        text = tmp_path / "text.nc"
        text.write_text("quantity,value\n")
        with pytest.raises(ValueError, match="is no saved estimate"):
            open_estimate(text)
        for attrs in ({"recipe": "[]", "study": "{}"}, {"recipe": "{", "study": ""}):
            broken = tmp_path / "broken.nc"
            xr.Dataset(attrs=attrs).to_netcdf(broken, engine="h5netcdf")
            with pytest.raises(ValueError, match="is no saved estimate"):
                open_estimate(broken)
        empty = tmp_path / "empty.nc"
        empty.write_bytes(b"")
        with pytest.raises(ValueError, match="is no saved estimate"):
            open_estimate(empty)
        other = tmp_path / "other.nc"
        xr.Dataset({"x": ("n", [1.0])}).to_netcdf(other, engine="h5netcdf")
        with pytest.raises(ValueError, match="is no saved estimate"):
            open_estimate(other)
        half = tmp_path / "half.nc"
        xr.Dataset(attrs={"recipe": '{"seed": 1}'}).to_netcdf(half, engine="h5netcdf")
        with pytest.raises(ValueError, match="is no saved estimate"):
            open_estimate(half)


class TestChecks:
    def test_they_pass(self, made):
        found = check(made)
        assert isinstance(found, Checks)
        assert found.passed, str(found)
        assert [c.name for c in found] == [
            "r-hat",
            "bulk ess",
            "tail ess",
            "divergences",
            "energy",
            "tree depth",
            "claims predicted",
            "identities",
        ]
        assert {c.status for c in found} == {"passed"}
        assert len(str(found).splitlines()) == 8
        assert found._repr_html_().count("<tr>") == 9

    def test_few_draws_fail_with_a_remedy(self, few):
        found = check(few)
        assert not found.passed
        failed = {c.name: c for c in found if c.status == "failed"}
        assert {"bulk ess", "tail ess"} <= set(failed)
        assert "limit 400" in failed["bulk ess"].why
        assert "Sample longer" in failed["bulk ess"].remedy
        assert "Sample longer" in str(failed["bulk ess"])

    def test_a_failure_can_be_waived_with_a_reason(self, few):
        names = [c.name for c in check(few) if c.status == "failed"]
        found = check(few, waive=dict.fromkeys(names, "a test of the gate"))
        assert found.passed
        waived = [c for c in found if c.status == "waived"]
        assert [c.name for c in waived] == names
        assert all("Waived: a test of the gate" in c.why for c in waived)
        assert not check(few, waive={names[0]: "one of them"}).passed

    def test_a_waiver_of_the_study_counts(self, few):
        study = replace(few.study, waivers=(Waiver("bulk ess", "a test of the gate"),))
        found = check(Estimate(replace(few.recipe, study=study), few.tree, {}))
        assert {c.name: c.status for c in found}["bulk ess"] == "waived"

    def test_a_waiver_of_what_passes_changes_nothing(self, made):
        assert {c.status for c in check(made, waive={"r-hat": "in case"})} == {"passed"}

    def test_wrong_waivers(self, made):
        with pytest.raises(ValueError, match=r"no check 'rhat' to waive. Did you mean 'r-hat'"):
            check(made, waive={"rhat": "because"})
        with pytest.raises(ValueError, match="needs a reason"):
            check(made, waive={"r-hat": " "})


class TestPredictedClaims:
    def test_one_row_a_reading(self, made):
        table = predicted_claims(made)
        assert sorted(table.index, key=int) == [str(n) for n in range(1, 11)]
        assert list(table.columns) == ["quantity", "said", "low", "high", "pit", "outside"]
        assert table["pit"].between(0, 1).all()
        assert (table["low"] <= table["high"]).all()
        assert (table["low"] > 0).all()
        assert table.loc["9", "high"] < 100
        assert table.loc["4", "said"] == str(made.study.claim_by_id["4"].wording)
        assert table.loc["7", "low"] >= 3

    def test_most_claims_lie_inside(self, made):
        assert predicted_claims(made)["outside"].sum() <= 3

    def test_it_is_the_same_each_time(self, made):
        pd.testing.assert_frame_equal(predicted_claims(made), predicted_claims(made))

    def test_a_claim_that_nobody_would_print_is_outside(self, made):
        claims = [
            replace(c, wording=type(c.wording)(90_000)) if c.id == "1" else c
            for c in made.study.claims
        ]
        study = replace(made.study, claims=claims)
        table = predicted_claims(Estimate(replace(made.recipe, study=study), made.tree, {}))
        assert table.loc["1", "outside"]
        assert table.loc["1", "pit"] > 0.99


class TestSensitivity:
    def test_the_runs(self, made):
        runs = list(runs_of(made))
        others = ("prior", "scenario")
        assert {(run.kind, run.name) for run in runs if run.kind not in others} == {
            ("origin", "m1"),
            ("origin", "m2"),
            ("origin", "n1"),
            ("origin", "r1"),
            ("network", "m2"),  # those of m1, n1 and r1 are one origin's claims
            ("network", "guards"),
            ("class", "media"),
            ("early error", "none"),
            ("early error", "half"),
        }
        priors = [run.run for run in runs if run.kind == "prior"]
        used = [label for label, ways in SCENARIOS if not set(ways) <= set(LEARNED)]
        assert priors == used
        scenarios = [run.run for run in runs if run.kind == "scenario"]
        assert scenarios == [label for label, _ in READ_SO]
        assert len({run.run for run in runs}) == len(runs)
        left = {(run.kind, run.name): run.without for run in runs}
        assert left["origin", "m2"] == {"2", "8", "9"}
        assert left["network", "m2"] == {"2", "9"}
        assert left["network", "guards"] == {"3", "7", "8", "10"}
        assert left["class", "media"] == {"1", "2", "6", "8", "9"}

    def test_the_table(self, made, varied):
        table = varied.table
        assert len(table) == len(list(runs_of(made))) * 7
        assert set(table["quantity"]) == {"a", "b", "s", "p", "t", "u", "v"}
        assert (table["low"] < table["median"]).all()
        assert (table["median"] < table["high"]).all()
        assert table["converged"].mean() > 0.9
        mine = varied.of("t")
        size = np.maximum(mine["shift"], 1 / mine["shift"])
        assert size.is_monotonic_decreasing
        medians = mine["median"] / made.interval("t")[1]
        assert mine["shift"].to_numpy() == pytest.approx(medians.to_numpy())
        assert "<table" in varied._repr_html_()

    def test_what_no_claim_touches_stays(self, varied):
        rows = varied.of("u")
        mine = rows[~rows["run"].str.startswith("ranges")]
        assert mine["shift"].between(0.8, 1.25).all()

    def test_without_early_error_the_interval_is_narrower(self, made, varied):
        rows = varied.of("a").set_index("run")
        none, half = (rows.loc[f"early error {size}"] for size in ("none", "half"))
        full = width(*made.interval("a")[::2])
        assert width(none["low"], none["high"]) < 0.95 * full
        assert width(none["low"], none["high"]) < width(half["low"], half["high"]) * 1.05

    def test_wider_ranges_widen_what_rests_on_them(self, varied):
        rows = varied.of("u").set_index("run")
        tight, wide = (
            width(rows.loc[run, "low"], rows.loc[run, "high"])
            for run in ("ranges tight (sd x .7)", "ranges wide (sd x 1.5)")
        )
        assert wide / tight == pytest.approx(1.5 / 0.7, rel=0.15)

    def test_an_unknown_quantity(self, made):
        with pytest.raises(EvidenceError, match="no such quantity"):
            sensitivity(made, quantities=["z"])

    def test_what_shapes_the_model_cannot_be_varied(self, made):
        changed = made.recipe.assumptions.changed("learn_from", 3)
        with pytest.raises(ValueError, match="learn_from and the reference class shape the model"):
            made.compiled.sample(FEW, 1, Change(changed))
        standing = replace(made.recipe.assumptions, reference="all")
        with pytest.raises(ValueError, match="make an estimate with them"):
            made.compiled.sample(FEW, 1, Change(standing))

    def test_runs_of_a_study_on_a_reference_class(self, made):
        """Priors that the class takes the place of are not varied; its own are."""
        assumptions = assumptions_of(replace(made.study, category="attack"))
        standing = replace(made, recipe=replace(made.recipe, assumptions=assumptions))
        runs = {run.run: run for run in runs_of(standing)}
        assert "networks alike (.15)" not in runs
        assert runs["errors that claims share x 1.5"].assumptions.shared_factor == 1.5
        alone = runs["as if all origins were independent"].assumptions
        assert (alone.shared_factor, alone.network_share, alone.early_error) == (0.0, 0.0, "none")

    def test_leaving_an_origin_out_is_estimating_without_it(self, made):
        """Means of log counts differ by less than four standard errors of the difference."""
        draws = made.recipe.draws
        without = frozenset(c.id for c in made.study.readings if c.origin == "m1")
        weighted = made.compiled.sample(draws, 5, Change(without=without))["posterior"]["count"]
        apart = estimate(made.study.without(origin="m1"), seed=6, draws=draws)
        assert set(apart.tree["posterior"]["claim"].values).isdisjoint(without)
        for id in COUNTS:
            logs = [np.log(given.sel(quantity=id)) for given in (weighted, apart.count)]
            error = np.hypot(*(float(x.std()) / float(az.ess(x)) ** 0.5 for x in logs))
            gap = float(logs[0].mean()) - float(logs[1].mean())
            assert abs(gap) < 4 * error
            widths = [np.subtract(*np.quantile(x, [0.95, 0.05])) for x in logs]
            assert widths[0] == pytest.approx(widths[1], rel=0.2)


class TestPrior:
    def test_it_is_what_was_stated(self, study):
        found = prior(study, seed=3)
        for quantity in study.quantities:
            if (given := quantity.rule) is not None and hasattr(given, "low"):
                low, _, high = found.interval(quantity.id)
                assert low == pytest.approx(given.low, rel=0.12)
                assert high == pytest.approx(given.high, rel=0.12)

    def test_identities_hold(self, study):
        found = prior(study, draws=200)
        a, b, s = (found.draws_of(id).values for id in "abs")
        assert found.draws_of("t").values == pytest.approx(a + b)
        assert found.draws_of("p").values == pytest.approx(a * s / 100)

    def test_the_seed_and_the_factors(self, study):
        plain = prior(study, seed=3, draws=2000)
        assert prior(study, seed=3, draws=2000).interval("t") == plain.interval("t")
        assert prior(study, seed=4, draws=2000).interval("t") != plain.interval("t")
        wide = prior(study, seed=3, draws=2000, assumptions=Assumptions(range_factor=2))
        ratio = width(*wide.interval("u")[::2]) / width(*plain.interval("u")[::2])
        assert ratio == pytest.approx(2, rel=1e-6)

    def test_summary(self, study):
        table = prior(study, draws=200).summary()
        assert list(table.columns) == ["label", "low", "median", "high", "unit"]
        assert table.loc["s", "unit"] == "percent"
        assert "<table" in prior(study, draws=50)._repr_html_()


class TestQuantiles:
    def test_of_known_numbers(self):
        assert quantiles(np.arange(101.0)) == pytest.approx((5, 50, 95))
        assert quantiles(np.arange(101.0).reshape(-1, 1), 0.5) == pytest.approx((25, 50, 75))


def test_a_recipe_as_plain_values(made):
    found = made.recipe.as_dict()
    assert isinstance(made.recipe, Recipe)
    assert (found["seed"], found["draws"], found["chains"]) == (7, 600, 4)
    assert Assumptions.from_dict(found["assumptions"]) == made.recipe.assumptions
