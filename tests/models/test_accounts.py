"""Accounts: identities hold in every draw, everything is positive, ranges are met."""

from dataclasses import replace
from itertools import count as numbers

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from estimators.evidence.choices import Coverage
from estimators.evidence.problems import EvidenceError
from estimators.evidence.quantity import Balance, PartOf, Split, SumOf
from estimators.evidence.wording import Exactly, Verified
from estimators.models import accounts, density, ranges
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.models.slopes import slopes_at

slow_machine = settings(
    deadline=None, max_examples=25, suppress_health_check=list(HealthCheck), derandomize=True
)


def solver(study, **given):
    """Return priors and a function from unknowns to counts and shares by id."""
    model = Joint(study, Assumptions(**given))
    data = model.data()

    def solve(at):
        rest = len(model.names) - len(model.priors.unknowns)
        state, _ = density.follow(np.append(at, np.zeros(rest)), model.structure, data)
        counts = {id: state.counts[model.lines.place[id]] for id in model.count_ids}
        return counts | {
            id: state.fractions[model.priors.fraction.index(id)] for id in model.share_ids
        }

    return model.priors, solve


@st.composite
def studies(draw, make):
    """Draw a study of random rules, each on quantities made before."""
    fresh = (f"q{n}" for n in numbers())
    quantities, identities = [], []

    def percents():
        low = draw(st.floats(0.5, 90))
        return make.stated(low, draw(st.floats(low + 0.5, 99)))

    def add(rule, measure=None):
        measure = measure or draw(st.sampled_from(["flow", "stock"]))
        quantities.append(make.count(next(fresh), rule, measure))
        return quantities[-1].id

    def among(measure=None):
        ids = [q.id for q in quantities if not q.is_share and measure in (None, q.measure)]
        return st.sampled_from(ids)

    for measure in ("flow", "stock"):
        low = draw(st.floats(1, 1e4))
        add(make.stated(low, low * draw(st.floats(1.1, 100))), measure)
    for kind in draw(
        st.lists(st.sampled_from(["part", "share", "sum", "split", "balance"]), max_size=7)
    ):
        if kind == "part":
            add(PartOf(draw(among()), percents()))
        elif kind == "share":
            given = percents()
            quantities.append(make.share(next(fresh), given.low, given.high))
            add(PartOf(draw(among()), quantities[-1].id))
        elif kind == "sum":
            add(SumOf(tuple(draw(st.lists(among(), min_size=1, max_size=4, unique=True)))))
        elif kind == "split":
            whole = draw(among())
            size = draw(st.integers(2, 4))
            parts = [(add(None), make.stated(50 / size, 150 / size)) for _ in range(size)]
            identities.append(Split(f"s{len(identities)}", whole, tuple(parts)))
        else:
            after = draw(among("stock"))
            outflows = tuple(draw(st.lists(among("flow"), min_size=1, max_size=3, unique=True)))
            flows = draw(st.booleans())
            inflow = (add(None, "flow"), percents()) if flows else ()
            before = add(None, "stock")
            identities.append(Balance(f"b{len(identities)}", before, after, outflows, *inflow))
    return make.study(quantities, identities=identities)


def gaps(study, found):
    """Yield how far each rule is from holding, relative to its size."""
    for quantity in study.quantities:
        match quantity.rule:
            case PartOf(whole, str(share)):
                yield found[quantity.id] / (found[whole] * found[share]) - 1
            case PartOf(whole, _):
                assert found[quantity.id] < found[whole]
            case SumOf(parts):
                yield sum(found[part] for part in parts) / found[quantity.id] - 1
    for identity in study.identities:
        match identity:
            case Split():
                yield sum(found[part] for part in identity.defines) / found[identity.whole] - 1
            case Balance(_, before, after, outflows, inflow):
                through = found[after] + sum(found[flow] for flow in outflows)
                yield (found[before] + (found[inflow] if inflow else 0.0)) / through - 1


class TestRandomStudies:
    @given(st.data())
    @slow_machine
    def test_every_identity_holds_and_everything_is_positive(self, make, data):
        study = data.draw(studies(make))
        priors, solve = solver(study)
        rng = np.random.default_rng(1)
        for spread in (0.0, 1.0, 3.0):
            found = solve(spread * rng.standard_normal(len(priors.unknowns)))
            assert all(value > 0 for value in found.values())
            assert all(found[q.id] < 1 for q in study.quantities if q.is_share)
            assert all(abs(gap) < 1e-9 for gap in gaps(study, found))

    @given(st.data())
    @slow_machine
    def test_slopes_are_finite_differences(self, make, data):
        """The slopes of each quantity's log (or logit): what the coordinates are made from."""
        study = data.draw(studies(make))
        claims = [make.claim(f"c.{q.id}", q.id, Exactly(5)) for q in study.quantities]
        study = replace(study, claims=claims)
        model = Joint(study, Assumptions())
        n = len(model.priors.unknowns)
        given = model.data()
        for z in (np.zeros(len(model.names)), np.random.default_rng(1).normal(size=1000)):
            at = z[: len(model.names)]
            got = slopes_at(at, model.structure, given).toarray()
            for place, step in enumerate(np.eye(len(at))[:n] * 1e-5):
                ends = [density.follow(at + s, model.structure, given)[0] for s in (-step, step)]
                wanted = (ends[1].belief - ends[0].belief) / 2e-5
                assert got[:, place] == pytest.approx(wanted, rel=1e-4, abs=1e-6)

    @given(st.data())
    @slow_machine
    def test_members_stand_before_their_line(self, make, data):
        study = data.draw(studies(make))
        terms = accounts.account_of(study).terms
        seen = set()
        for term in terms:
            assert seen.issuperset(term.members)
            assert term.id not in seen
            seen.add(term.id)
        assert seen >= {q.id for q in study.quantities if not q.is_share}


class TestRanges:
    """The 5 % and 95 % points of the prior are the stated ones."""

    def test_of_persons(self, make):
        study = make.study([make.count("a", make.stated(100, 4000))])
        priors, solve = solver(study)
        assert priors.unknowns == ("a",)
        for tail, wanted in ((0.05, 100), (0.5, np.sqrt(100 * 4000)), (0.95, 4000)):
            assert solve([stats.norm.ppf(tail)])["a"] == pytest.approx(wanted, rel=1e-9)

    @pytest.mark.parametrize("middle", [200, 400, 632.4555, 1000, 2000])
    def test_of_persons_with_a_middle(self, make, middle):
        study = make.study([make.count("a", make.stated(100, 4000, middle))])
        _, solve = solver(study)
        found = [solve([z])["a"] for z in np.linspace(-4, 4, 81)]
        assert np.all(np.diff(found) > 0)
        for tail, wanted in ((0.05, 100), (0.5, middle), (0.95, 4000)):
            assert solve([stats.norm.ppf(tail)])["a"] == pytest.approx(wanted, rel=1e-6)

    def test_of_shares_with_a_middle(self, make):
        part = make.part("a", make.stated(10, 90, 70))
        study = make.study([make.count("a", make.stated(100, 4000)), make.count("p", part)])
        _, solve = solver(study)
        for tail, wanted in ((0.05, 10), (0.5, 70), (0.95, 90)):
            found = solve(np.full(2, stats.norm.ppf(tail)))
            assert 100 * found["p"] / found["a"] == pytest.approx(wanted, rel=1e-6)

    @pytest.mark.parametrize("ends", [(40, 90), (1, 99), (0.2, 0.3), (99, 99.8), (49, 51)])
    def test_of_shares(self, make, ends):
        parts = make.count("p", PartOf("a", make.stated(*ends)))
        study = make.study([make.count("a", make.stated(100, 4000)), make.share("s", *ends), parts])
        priors, solve = solver(study)
        for tail, end in zip((0.05, 0.95), ends, strict=True):
            found = solve(np.full(len(priors.unknowns), stats.norm.ppf(tail)))
            assert 100 * found["s"] == pytest.approx(end, rel=1e-6)
            assert 100 * found["p"] / found["a"] == pytest.approx(end, rel=1e-6)

    @pytest.mark.parametrize(
        "ends",
        [
            ((30, 50), (50, 70)),
            ((15, 40), (25, 55), (20, 45)),
            ((60, 85), (5, 18), (6, 26)),
            ((0.1, 0.2), (0.1, 0.2), (99.6, 99.8)),  # so narrow that a vague start found nothing
            ((1, 99), (1, 99)),
        ],
        ids=str,
    )
    def test_of_a_split_as_nearly_as_a_dirichlet_can(self, make, ends):
        alpha = np.array(ranges.dirichlet_of(ends))
        got = [100 * stats.beta.ppf((0.05, 0.95), a, alpha.sum() - a) for a in alpha]
        assert np.array(got) == pytest.approx(np.array(ends), abs=3.5)
        parts = [(f"p{n}", make.stated(*pair)) for n, pair in enumerate(ends)]
        counts = [make.count("w", make.stated(900, 1100)), *(make.count(id) for id, _ in parts)]
        priors, solve = solver(make.study(counts, identities=[Split("x", "w", tuple(parts))]))
        rng = np.random.default_rng(3)
        drawn = [solve(rng.standard_normal(len(priors.unknowns))) for _ in range(3000)]
        for (id, _), pair in zip(parts, ends, strict=True):
            share = [100 * found[id] / found["w"] for found in drawn]
            assert np.quantile(share, (0.05, 0.95)) == pytest.approx(np.array(pair), abs=5)

    def test_range_factor_and_share_size(self, make):
        study = make.study([make.count("a", make.stated(100, 4000)), make.share("s", 40, 90)])
        plain = ranges.priors_of(study, Assumptions())
        wide = ranges.priors_of(study, Assumptions(range_factor=1.5, share_size=0.5))
        assert wide.base_sd == pytest.approx(1.5 * plain.base_sd)
        assert wide.base_mean == pytest.approx(plain.base_mean)
        assert wide.fraction_sd == pytest.approx(np.sqrt(2) * plain.fraction_sd)
        assert wide.fraction_mean == pytest.approx(plain.fraction_mean)

    def test_a_range_that_no_share_can_have_is_refused(self, make):
        base = make.count("a", make.stated(100, 4000))
        with pytest.raises(EvidenceError, match="a share is in percent and lies below 100"):
            make.study([base, make.share("s", 40, 100)])
        parts = (("p", make.stated(60, 70)), ("q", make.stated(50, 60)))
        with pytest.raises(EvidenceError, match="cannot add up to 100 percent"):
            make.study(
                [base, make.count("p"), make.count("q")], identities=[Split("x", "a", parts)]
            )


class TestCoverage:
    def test_a_covered_part_is_a_line_of_its_own(self, make):
        claims = [
            make.claim("1", "a", Exactly(60), coverage="town"),
            make.claim("2", "a", Exactly(60)),
        ]
        study = make.study(
            [make.count("a", make.stated(100, 4000))],
            claims,
            coverages=[Coverage("town", make.stated(20, 50))],
        )
        model = Joint(study, Assumptions())
        state, _ = density.follow(np.zeros(len(model.names)), model.structure, model.data())
        town, whole = state.counts[model.structure.truth_line]
        assert whole == pytest.approx(np.sqrt(100 * 4000))
        assert 100 * town / whole == pytest.approx(100 / 3, rel=0.01)
        for tail, wanted in ((0.05, 0.2), (0.95, 0.5)):
            at = np.full(len(model.names), stats.norm.ppf(tail))
            state, _ = density.follow(at, model.structure, model.data())
            assert state.counts[model.structure.truth_line[0]] / state.counts[0] == pytest.approx(
                wanted
            )

    def test_a_verified_count_has_a_coverage_of_its_own(self, make):
        quantities = [make.count("a", make.stated(100, 4000)), make.count("b", make.stated(1, 40))]
        claims = [make.claim(id, id, Verified(60)) for id in "ab"]
        priors = ranges.priors_of(make.study(quantities, claims), Assumptions(coverage_sd=0.7))
        assert priors.fraction == ("coverage verified",)
        assert (priors.fraction_mean[0], priors.fraction_sd[0]) == (0.4, 0.7)
        stated = [Coverage("verified", make.stated(20, 50))]  # a study may state it itself
        own = ranges.priors_of(make.study(quantities, claims, coverages=stated), Assumptions())
        assert own.fraction == ("coverage verified",)
        assert own.fraction_mean[0] < 0


def test_the_truth_that_claims_speak_of(make):
    quantities = [
        make.count("a", make.stated(100, 4000)),
        make.share("s", 40, 90),
        make.count("p", make.part("a", "s")),
    ]
    claims = [make.claim(str(n), id, Exactly(60)) for n, id in enumerate(("s", "a", "s", "p"))]
    model = Joint(make.study(quantities, claims), Assumptions())
    at = np.zeros(len(model.names))
    at[:2] = 0.3, -0.4
    state, _ = density.follow(at, model.structure, model.data())
    (s,), a = state.fractions, state.counts[0]
    logit = np.log(s / (1 - s))
    assert state.belief == pytest.approx([logit, np.log(a), logit, np.log(a * s)])
