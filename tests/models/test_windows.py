"""What runs over time: identities hold in every draw, windows add up, slopes are right."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estimators.evidence.quantity import (
    Breakdown,
    CellOf,
    Dimension,
    PartOf,
    RunningBalance,
    Split,
    SumOf,
)
from estimators.evidence.series import PATHS, Series
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, Exactly, Verified
from estimators.models import density
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.models.laws import DAY_SD, ENUMERATED_SIGMA
from estimators.models.reading import tunes_of
from estimators.models.readings import readings_of
from estimators.models.records import records_of
from estimators.models.slopes import slopes_at

slow_machine = settings(
    deadline=None, max_examples=15, suppress_health_check=list(HealthCheck), derandomize=True
)
START, END = date(2022, 1, 1), date(2022, 4, 20)


def said(make, id, quantity, last, first=None, wording=None, **more):
    """Return a claim on a window that ends on a day."""
    since = When(first, first) if first else None
    wording = wording or Exactly(300)
    as_of = When(last, last)
    return make.claim(id, quantity, wording, published=as_of, as_of=as_of, since=since, **more)


@st.composite
def studies(draw, make):
    """Draw a study whose quantities run over time, of every rule there is."""
    step = draw(st.sampled_from(["week", "month", "day", "dates"]))
    days = st.integers(2, (END - START).days - 1)
    dates = [START + timedelta(n) for n in draw(st.sets(days, min_size=1, max_size=9))]
    series = Series(
        "war",
        START,
        END,
        step,
        tuple(sorted(dates)) if step == "dates" else (),
        path=draw(st.sampled_from(PATHS)),
        shared=draw(st.booleans()),
        delay=9,
        delay_held=make.stated(20, 90),
    )
    low = draw(st.floats(5, 1e4))
    ranged = make.stated(low, low * draw(st.floats(1.5, 100)))
    quantities = [
        make.count("a", ranged, series="war"),
        make.count("b", make.stated(40, 900), series="war"),
        make.count("whole", make.stated(100, 9000)),
        make.count("dead", series="war"),
        make.count("hurt", series="war"),
        make.count("sum", SumOf(("a", "b", "whole"))),
        make.count("part", PartOf("sum", make.stated(20, 70))),
        make.count("east", None),
        make.count("west", None),
        make.count("women_here", CellOf("by", (("sex", "women"), ("place", "here")))),
        make.count("men", CellOf("by", (("sex", "men"),))),
        make.count("women", CellOf("by", (("sex", "women"),))),
        make.count("held", make.stated(50, 4000), "stock", series="war"),
        make.count("arrested", None),
        make.count("women_held", PartOf("held", make.stated(20, 70)), "stock"),
    ]
    halves = make.stated(30, 70)
    identities = [
        Split("fate", "whole", (("dead", halves), ("hurt", halves))),
        Split("coasts", "a", (("east", halves), ("west", halves))),
        RunningBalance("custody", "held", "arrested", make.stated(2, 30), ("part", "b")),
    ]
    two = ("here", make.stated(20, 60)), ("there", make.stated(40, 80))
    sexes = ("women", make.stated(50, 90)), ("men", make.stated(10, 50))
    by = Breakdown("by", "sum", (Dimension("place", two), Dimension("sex", sexes)))
    flows = [q.id for q in quantities if q.measure != "stock"]
    claims = []
    for number in range(12):
        first, last = sorted(draw(st.tuples(st.dates(START, END), st.dates(START, END))))
        since = first if draw(st.booleans()) else None
        claims.append(said(make, f"c{number}", draw(st.sampled_from(flows)), last, since))
    claims.append(said(make, "now", "held", draw(st.dates(START, END))))
    claims.append(said(make, "women_now", "women_held", draw(st.dates(START, END))))
    claims.append(said(make, "seen", "a", END, wording=Verified(70)))
    claims.append(make.claim("late", "b", AtLeast(50), published="2022-02-10"))
    return make.study(quantities, claims, identities, series=(series,), breakdowns=(by,))


def followed(model, data, z):
    """Return a function from the id of a line to its count at some unknowns."""
    counts = density.follow(z, model.structure, data)[0].counts
    return lambda id: counts[model.lines.place[id]]


class TestRandomAccounts:
    @given(st.data())
    @slow_machine
    def test_identities_hold_to_rounding_in_every_draw(self, make, data):
        study = data.draw(studies(make))
        model = Joint(study, Assumptions())
        fit, rng = model.data(), np.random.default_rng(1)
        for spread in (0.0, 1.0, 2.0):
            z = spread * rng.standard_normal(len(model.names))
            counts = density.follow(z, model.structure, fit)[0].counts
            assert np.all(counts > 0)
            at = followed(model, fit, z)
            cells = len(study.series_of["a"].edges) - 1
            for k in range(cells):
                of = {id: at(line) for (id, n), line in model.account.moments.items() if n == k}
                assert of["a"] + of["b"] + of["whole"] == pytest.approx(of["sum"])
                assert of["dead"] + of["hurt"] == pytest.approx(of["whole"])
                assert of["east"] + of["west"] == pytest.approx(of["a"])
                assert of["men"] + of["women"] == pytest.approx(of["sum"])
                assert of["women_held"] < of["held"]
                assert of["women_here"] < of["women"] < of["sum"]
                before = at("held before cell 0") + of["arrested"]
                assert before == pytest.approx(of["held"] + of["part"] + of["b"])
            ends = [at(model.account.moments["a", k]) for k in range(cells)]
            assert np.all(np.diff(ends) >= 0)
            assert ends[-1] == at("a")

    @given(st.data())
    @slow_machine
    def test_gradient_and_slopes_are_finite_differences(self, make, data):
        study = data.draw(studies(make))
        model = Joint(study, Assumptions())
        s, d = model.structure, model.data()
        z = 0.7 * np.random.default_rng(2).standard_normal(len(model.names))
        _, slope = density.density(z, s, d)
        beliefs = slopes_at(z, s, d).toarray()
        for place in np.random.default_rng(3).choice(len(z), min(len(z), 60), replace=False):
            step = 1e-5 * np.eye(len(z))[place]
            ends = [density.density(z + turn * step, s, d)[0] for turn in (-1, 1)]
            assert slope[place] == pytest.approx(np.diff(ends)[0] / 2e-5, rel=1e-4, abs=1e-4)
            moved = [density.follow(z + turn * step, s, d)[0].belief for turn in (-1, 1)]
            wanted = (moved[1] - moved[0]) / 2e-5
            assert beliefs[:, place] == pytest.approx(wanted, rel=1e-4, abs=1e-5)


@pytest.fixture(scope="module")
def weekly(make):
    """A study with one weekly series and claims on windows of it."""
    series = Series("war", START, END, "week", delay=3, delay_held=make.stated(10, 90))
    quantities = [make.count("a", make.stated(100, 9000), series="war")]
    day = START + timedelta(40)
    claims = [
        said(make, "to_day", "a", day),
        said(make, "later", "a", END, day + timedelta(1)),
        said(make, "one_day", "a", day, day),
        said(make, "three_days", "a", day, day - timedelta(2)),
        make.claim("published", "a", Exactly(90), published=day.isoformat()),
        *(said(make, f"r{n}", "a", START + timedelta(9 * n)) for n in range(1, 12)),
    ]
    return Joint(make.study(quantities, claims, series=(series,)), Assumptions())


class TestWindows:
    """Each claim reads its own days."""

    def test_windows_that_meet_add_up(self, weekly):
        z = np.random.default_rng(4).standard_normal(len(weekly.names))
        at, read = followed(weekly, weekly.data(), z), weekly.account.read
        assert at(read["to_day"]) + at(read["later"]) == pytest.approx(at("a"))

    def test_days_of_one_cell_are_even(self, weekly):
        z = np.random.default_rng(4).standard_normal(len(weekly.names))
        at, read = followed(weekly, weekly.data(), z), weekly.account.read
        assert at(read["three_days"]) == pytest.approx(3 * at(read["one_day"]))

    def test_a_count_of_single_days_scatters(self, weekly):
        scattering = {r.id for r in weekly.readings if r.scatters}
        assert scattering == {"one_day", "three_days"}
        sigma = {r.id: r.sigma for r in weekly.readings}
        assert sigma["one_day"] > sigma["three_days"] > sigma["to_day"]

    def test_a_figure_without_as_of_lags(self, weekly):
        z = np.random.default_rng(4).standard_normal(len(weekly.names))
        at, read = followed(weekly, weekly.data(), z), weekly.account.read
        before = f"a from {START} to {START + timedelta(37)}"
        assert at(before) < at(read["published"]) < at(read["to_day"])
        held = weekly.priors.fraction.index("delay of m1 on war")
        state = density.follow(z, weekly.structure, weekly.data())[0]
        recent = at(read["to_day"]) - at(before)
        known = at(before) + state.fractions[held] * recent
        assert at(read["published"]) == pytest.approx(known)


class TestDrift:
    """The bias of an origin moves over time."""

    def test_an_origin_has_a_walk_of_its_own_on_a_series(self, weekly):
        drifts = [e for e in weekly.sharing.effects if e.kind == "drift"]
        assert {e.spread for e in drifts} == {"drifts of m1"}
        span = (END - START).days
        assert sum(e.years for e in drifts) == pytest.approx(span / 365.25, abs=12 / 365.25)

    def test_steps_add_up_in_straight_lines(self, weekly):
        sharing = weekly.sharing
        drift = np.array([e.kind == "drift" for e in sharing.effects])
        gone = []
        for n in range(1, 12):
            c = [r.id for r in weekly.readings].index(f"r{n}")
            span = slice(sharing.start[c], sharing.start[c + 1])
            mine = drift[sharing.places[span]]
            years = np.array([sharing.effects[p].years for p in sharing.places[span][mine]])
            gone.append(float((sharing.weights[span][mine] * years).sum() * 365.25))
        assert np.diff(gone) == pytest.approx([9.0] * 10)


@pytest.fixture(scope="module")
def record(make):
    """A study with one origin's running total, printed every three days, and another's count."""
    series = Series("war", START, END, "week")
    claims = [
        said(make, f"r{n}", "a", START + timedelta(3 * n), wording=Exactly(100 + 20 * n), **TALLY)
        for n in range(1, 30)
    ]
    claims.append(said(make, "other", "a", END, origin="n1"))
    quantities = [make.count("a", make.stated(100, 9000), series="war")]
    return Joint(make.study(quantities, claims, series=(series,)), Assumptions())


TALLY = {"method": "running total", "origin": "m1"}


def carried(id: str) -> float:
    """Return what is left of an error: it thins out as the total grows from day to day."""
    days = 3 * int(id.removeprefix("r")) + 1
    return (days - 3) / days


class TestRecords:
    """A running total is one record: each printing is read given the one before."""

    def test_a_printing_tells_a_little_of_the_level(self, record):
        """Of the level, and of all errors of its origin, a printing tells what is not carried."""
        z = np.zeros(len(record.names))
        slopes = slopes_at(z, record.structure, record.data()).toarray()
        level, origin = (record.names.index(name) for name in ("a", "origin m1"))
        places = {r.id: place for place, r in enumerate(record.readings)}
        part = {"r1": 1.0, "other": 1.0}
        for id, place in places.items():
            told = part[id] if id in part else 1.0 - carried(id)
            assert slopes[place, level] == pytest.approx(record.priors.base_sd[0] * told)
            whole = slopes[places["r1"], origin] if id != "other" else 0.0
            assert slopes[place, origin] == pytest.approx(whole * told, abs=1e-12)

    def test_what_is_believed_next_goes_on_from_the_last_number(self, record):
        """Where nobody errs, the next number is the last one grown, drawn back to the level."""
        z = np.zeros(len(record.names))
        at, read = followed(record, record.data(), z), record.account.read
        state = density.follow(z, record.structure, record.data())[0]
        place = [r.id for r in record.readings].index("r9")
        off = np.log((100 + 20 * 8) / at(read["r8"]))
        wanted = np.log(at(read["r9"])) + carried("r9") * off
        assert state.belief[place] == pytest.approx(wanted)

    def test_days_that_err_alone_add_up_to_the_steps(self, record):
        """The error of a sum of days, carried on step by step, is the mean of the days' errors."""
        steps = records_of(record.study)
        variance = 1.0 / 4.0  # of r1, which counts four days, in variances of one day
        for n in range(2, 30):
            variance = steps[f"r{n}"].carry ** 2 * variance + steps[f"r{n}"].spread ** 2
            assert variance == pytest.approx(1.0 / (3 * n + 1))
        sigma = {r.id: r.sigma for r in record.readings}
        assert sigma["r2"] > sigma["r29"] > DAY_SD * np.sqrt(3) / 88

    def test_of_one_day_the_largest_goes_on(self, make):
        """Other totals of that day are read given it; nothing goes on from them."""
        series = Series("war", START, END, "week")
        rows = {"r1": (10, 100), "low": (20, 150), "high": (20, 220), "r3": (30, 300)}
        claims = [
            said(make, id, "a", START + timedelta(days), wording=Exactly(number), **TALLY)
            for id, (days, number) in rows.items()
        ]
        quantities = [make.count("a", make.stated(100, 9000), series="war")]
        study = make.study(quantities, claims, series=(series,))
        steps = records_of(study)
        assert {id: step.before.id for id, step in steps.items()} == {
            "low": "high",
            "high": "r1",
            "r3": "high",
        }
        assert (steps["low"].carry, steps["low"].spread) == (1.0, 0.0)
        low = next(r for r in readings_of(study) if r.id == "low")
        assert tunes_of(low)[0] == "step of m1 on the same day"
        assert low.sigma > ENUMERATED_SIGMA

    def test_draws_go_on_from_what_was_drawn(self, record):
        rng, laws = np.random.default_rng(6), record.laws()
        z = np.zeros((400, len(record.names)))
        made = record.follow(z, record.data())
        sigma, slack = np.exp(made["log_sigma"]), np.exp(made["log_slack"])
        afresh = np.log(laws.draw(rng, made["belief"], sigma, slack))
        given = np.log(laws.draw(rng, made["belief"], sigma, slack, afresh=False))
        first, last = ([r.id for r in record.readings].index(id) for id in ("r20", "r21"))
        off = afresh[:, first] - np.log(laws.observed[first])
        assert np.corrcoef(off, afresh[:, last])[0, 1] > 0.3
        assert abs(np.corrcoef(off, given[:, last])[0, 1]) < 0.2
