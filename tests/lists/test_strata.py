"""Strata pooled partially: slopes, identities, limits, missing strata, calibration, Brighton."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import binom, chisquare

from estimators.evidence.captures import Captures, Cell
from estimators.evidence.problems import EvidenceError
from estimators.inference.lists.shrinkage_fit import fit_shrinkage
from estimators.inference.lists.strata_fit import fit_strata, keep_largest
from estimators.inference.refusals import NotPublishableError
from estimators.models.lists.shrinkage_prior import Shrinkage, drawn
from estimators.models.lists.strata import Pooling, arrays_of, size
from estimators.models.lists.strata_density import log_chances, places, value_and_slope
from estimators.models.lists.strata_table import Strata
from estimators.models.lists.table import Table

BRIEF = {"draws": 400, "tune": 500, "chains": 2, "acceptance": (0.9,)}
PRIORS = [
    Pooling(),
    Pooling(learned=False, main=0.4),
    Pooling(highest=1),
    Pooling(single=Shrinkage(local_df=1.0), df=5.0),
]


def captures_of(counts, columns=("place",), lists=("A", "B", "C"), name="lists"):
    """Return captures of {stratum: counts by history from 1 on}."""
    cells = [
        Cell(history, int(count), stratum if isinstance(stratum, tuple) else (stratum,))
        for stratum, row in counts.items()
        for history, count in enumerate(row, 1)
        if count
    ]
    return Captures(lists, tuple(cells), columns, name=name)


def mixed(seed=1):
    """Return captures of two columns of strata, some known in part, and a list that is absent."""
    rng = np.random.default_rng(seed)
    levels = [(a, b) for a in ("f", "m") for b in ("1", "2", "3")]
    counts = {level: rng.integers(1, 12, 15) for level in levels}
    counts["f", "2"] = [c if h & 8 == 0 else 0 for h, c in enumerate(counts["f", "2"], 1)]
    counts["f", ""] = [3, 1, 2, 0, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 2]
    counts["", ""] = [1, 2, 0, 1]
    return captures_of(counts, ("sex", "year"), tuple("ABCD"))


@pytest.fixture(scope="module")
def two_places():
    return captures_of({"north": [30, 25, 12, 20, 9, 8, 7], "south": [14, 11, 6, 16, 5, 3, 4]})


@pytest.mark.parametrize("prior", PRIORS)
@pytest.mark.parametrize("absent", [None, {("f", "2"): ["D"]}])
def test_the_slope_is_that_of_finite_differences(prior, absent):
    arrays = arrays_of(Strata.of(mixed(), absent), prior)
    y = 0.6 * np.random.default_rng(3).standard_normal(size(arrays))
    slope, step = value_and_slope(y, arrays)[1], 1e-5
    for k, unit in enumerate(np.eye(len(y)) * step):
        above, below = (value_and_slope(y + s * unit, arrays)[0] for s in (1, -1))
        assert slope[k] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("prior", [Pooling(), Pooling(learned=False)])
def test_the_density_is_that_written_out(prior):
    captures = mixed()
    arrays = arrays_of(Strata.of(captures, {("f", "2"): ["D"]}), prior)
    found = []
    for seed in range(4):
        y = 0.5 * np.random.default_rng(seed).standard_normal(size(arrays))
        found.append(value_and_slope(y, arrays)[0] - written_out(y, arrays, captures, prior))
    np.testing.assert_allclose(found, found[0], atol=1e-8)  # up to a constant


def written_out(y, arrays, captures, prior):
    """The log density of the unknowns by the formulas, person by person."""
    terms = arrays.shared.term
    n_shared, first = places(y, arrays)
    scale = y[len(terms) : len(terms) + 2]
    raw = np.exp(scale)
    sd = 2.5 * raw / np.sqrt(2.5**2 + raw**2)
    total = sum(half_t(at, s, 3.0) for at, s in zip(scale, (1.0, 0.5), strict=True))
    base = y[: len(terms)].copy()
    for i, term in enumerate(terms):
        order = int(term).bit_count()
        if order == 1:
            total -= 0.5 * ((base[i] + 2.0) / 2.5) ** 2
            continue
        w, s = arrays.shared.centred[i], sd[order - 2]
        base[i] *= s ** (1 - w)
        total += -0.5 * (base[i] / s) ** 2 - w * np.log(s)
    log_tau = y[n_shared:first] if prior.learned else np.log([1.0, 0.5, 0.25])
    if prior.learned:
        total += sum(half_t(at, s, 3.0) for at, s in zip(log_tau, (1.0, 0.5, 0.25), strict=True))
    theta = np.empty((6, len(terms)))
    for s in range(6):
        for i, term in enumerate(terms):
            k, lt = s * len(terms) + i, log_tau[int(term).bit_count() - 1]
            w = arrays.centred[k]
            theta[s, i] = base[i] + np.exp((1 - w) * lt) * (y[first + k] - w * base[i])
            total += -0.5 * ((theta[s, i] - base[i]) / np.exp(lt)) ** 2 - w * lt
    return total + likelihood_written_out(theta, y[-6:], terms, captures)


def half_t(at, scale, df):
    return at - (df + 1) / 2 * np.log1p(np.exp(2 * at) / (df * scale**2))


def likelihood_written_out(theta, log_many, terms, captures):
    levels = [level for level in captures.levels if all(level)]
    log_q = np.full((6, 16), -np.inf)
    for s, level in enumerate(levels):
        seen = [h for h in range(1, 16) if not (level == ("f", "2") and h & 8)]
        odds = {h: theta[s][[int(t) & ~h == 0 for t in terms]].sum() for h in seen}
        for h in seen:
            log_q[s, h] = odds[h] - logsumexp(list(odds.values()))
    total = -np.exp(log_many).sum()
    for cell in captures.cells:
        fits = [
            s
            for s, level in enumerate(levels)
            if all(v in ("", w) for v, w in zip(cell.stratum, level, strict=True))
        ]
        total += cell.count * logsumexp(log_many[fits] + log_q[fits, cell.history])
    return total


def test_one_stratum_is_one_population(kosovo):
    captures = captures_of({"all": kosovo.full[1:]}, lists=tuple("ABCD"))
    found = fit_strata(captures, seed=3, draws=2000)
    alone = fit_shrinkage(Table.of(captures.pooled()), seed=4, draws=2000)
    for at in (0.1, 0.5, 0.9):
        ours, theirs = np.quantile(found.missed, at), np.quantile(alone.missed, at)
        assert ours == pytest.approx(theirs, abs=0.15 * alone.missed.std())
    assert found.missed.std() == pytest.approx(alone.missed.std(), rel=0.12)
    assert found.faults == ()


def test_without_room_between_them_strata_share_their_chances(two_places):
    shared = Pooling(learned=False, main=1e-3, pair=1e-3)
    found = fit_strata(two_places, seed=5, prior=shared, draws=1000)
    assert np.abs(np.diff(found.missed, axis=-1)).max() < 0.01
    alone = fit_shrinkage(Table.of(two_places.pooled()), seed=6)
    for at in (0.1, 0.5, 0.9):
        ours, theirs = np.quantile(found.missed[..., 0], at), np.quantile(alone.missed, at)
        assert ours == pytest.approx(theirs, abs=0.2 * alone.missed.std())


def test_with_all_the_room_strata_are_estimated_alone(two_places):
    apart = Pooling(learned=False, main=50.0, highest=1)
    found = fit_strata(two_places, seed=5, prior=apart, draws=1000)
    flat = Pooling(single=Shrinkage(main=(-2.0, 50.0)), highest=1)
    for place, level in enumerate(("north", "south")):
        only = captures_of({level: [c.count for c in two_places.stratum(level).cells]})
        alone = fit_strata(only, seed=7, prior=flat, draws=1000).missed[..., 0]
        for at in (0.1, 0.5, 0.9):
            ours, theirs = np.quantile(found.missed[..., place], at), np.quantile(alone, at)
            assert ours == pytest.approx(theirs, abs=0.2 * alone.std())


def test_totals_are_sums_of_strata():
    found = fit_strata(mixed(), seed=1, **BRIEF)
    everyone = found.total()
    np.testing.assert_allclose(everyone, found.total(sex="f") + found.total(sex="m"))
    np.testing.assert_allclose(found.total(sex="f", year="3"), found.count[..., 2])
    np.testing.assert_array_equal(found.seen(), found.n)  # who is allotted is not lost
    assert found.n == mixed().n
    assert (found.count >= found.observed).all()
    assert "missing at random" in found.assumption
    low, median, high = found.interval(0.9, year="1")
    assert low < median < high
    with pytest.raises(ValueError, match="no column of strata 'sexo'"):
        found.total(sexo="f")
    with pytest.raises(ValueError, match="no stratum has sex='x'"):
        found.total(sex="x")


def test_a_list_that_does_not_exist_leaves_the_chances_of_the_others():
    counts = {"a": [9, 8, 3, 7, 2, 1, 1] + [0] * 8, "b": [5] * 15}
    captures = captures_of(counts, lists=tuple("ABCD"))
    absent, prior = {"a": ["D"]}, Pooling(highest=2)
    four = arrays_of(Strata.of(captures, absent), prior)
    theta = np.random.default_rng(1).normal(-0.5, 1.0, (2, 10))
    log_q, q = log_chances(theta, four)
    assert np.isneginf(log_q[0, 8:]).all()
    np.testing.assert_allclose(q.sum(axis=1), 1.0)
    three = arrays_of(Strata.of(captures_of({"a": counts["a"][:7]})), prior)
    kept = [place for place, term in enumerate(four.shared.term) if term < 8]
    np.testing.assert_allclose(log_chances(theta[:1, kept], three)[0][0], log_q[0, :8])
    told = fit_strata(captures, seed=2, prior=prior, absent=absent, **BRIEF)
    assert told.count.shape == (2, 400, 2)


def simulated(rng, people, theta, hidden):
    """Return captures of strata drawn from effects, strata of some hidden, and the truth."""
    names = [f"s{s}" for s in range(len(people))]
    blank = arrays_of(Strata.of(captures_of({name: [1] * 7 for name in names})))
    log_q, q = log_chances(theta, blank)
    odds = np.exp(log_q[:, 0])
    chance = q / (1.0 + odds[:, None])
    chance[:, 0] = odds / (1.0 + odds)
    counts = np.stack([rng.multinomial(n, p) for n, p in zip(people, chance, strict=True)])
    lost = rng.binomial(counts, hidden)[:, 1:]
    known = dict(zip(names, counts[:, 1:] - lost, strict=True))
    return captures_of({**known, "": lost.sum(axis=0)}), counts[:, 1:].sum(axis=1)


def test_hidden_strata_are_found_again():
    rng, fits = np.random.default_rng(11), 16
    people = np.array([400, 900, 1500])
    hidden = np.array([0, 0.4, 0.2, 0.3, 0.5, 0.2, 0.1, 0.3])  # given the history only
    inside = np.zeros((fits, 7))
    for i in range(fits):
        theta = np.array([-1.5, -1.2, -1.8, 0.0, 0.0, 0.0]) + rng.normal(0, 0.5, (3, 6)) * [
            *(1, 1, 1, 0.4, 0.4, 0.4)
        ]
        captures, seen = simulated(rng, people, theta, hidden)
        found = fit_strata(captures, seed=i, **BRIEF)
        draws = np.concatenate(
            [found.count, found.observed, found.total()[..., None]], axis=-1
        ).reshape(-1, 7)
        truth = np.array([*people, *seen, people.sum()])
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        inside[i] = (low <= truth) & (truth <= high)
    assert inside.sum() >= binom.ppf(0.002, 3 * fits, 0.9) / (3 * fits) * inside.size
    assert inside[:, -1].sum() >= binom.ppf(0.002, fits, 0.9)


@pytest.mark.slow
def test_ranks_of_planted_totals_are_even():
    rng, fits, levels = np.random.default_rng(21), 50, ("a", "b", "c")
    prior = Pooling(single=Shrinkage(main=(-1.0, 0.7), scale=0.5), main=0.5, pair=0.3)
    blank = arrays_of(Strata.of(captures_of({level: [1] * 7 for level in levels})), prior)
    ranks = []
    for seed in range(fits):
        tau = blank.scale * np.abs(rng.standard_t(prior.df, 2))
        theta = drawn(blank.shared, rng) + tau[blank.order] * rng.standard_normal((3, 6))
        log_q, q = log_chances(theta, blank)
        counts = {level: rng.multinomial(150, q[s])[1:] for s, level in enumerate(levels)}
        odds = np.exp(log_q[:, 0])
        truth = 450 + rng.poisson(rng.gamma(150, odds)).sum()
        found = fit_strata(captures_of(counts), seed=seed, prior=prior, **BRIEF)
        kept = found.total().ravel()[:: found.total().size // 99][:99]
        ranks.append((kept < truth).sum())
    assert chisquare(np.bincount(np.array(ranks) // 20, minlength=5)).pvalue > 0.001


def test_what_rests_on_the_others_is_said():
    rng = np.random.default_rng(5)
    counts = {place: rng.poisson([40, 35, 12, 30, 10, 9, 6]) for place in "abc"}
    counts["thin"] = [6, 5, 1, 4, 1, 0, 0]
    found = fit_strata(captures_of(counts), seed=1, alone=True, **BRIEF)
    assert any("thin rests on the other strata almost alone" in s for s in found.findings)
    row = found.pooling.set_index("stratum").loc["thin"]
    assert row.again == 2
    assert row.alone_high - row.alone_low > row.high - row.low
    assert row.borrowed > 0.2
    assert len(found.pooling) == 4


def test_nothing_is_printed_of_chains_that_are_too_short(two_places):
    found = fit_strata(two_places, draws=30, tune=60, chains=2, acceptance=(0.8,))
    assert found.faults
    assert "no number may be printed" in found.describe()
    with pytest.raises(NotPublishableError):
        found.printable()


def test_what_it_rests_on_is_said(two_places):
    found = fit_strata(two_places, seed=1, acceptance=(0.95, 0.99))
    assert "no interaction of more than 2 of the 3 lists" in found.assumption
    if not found.faults:
        assert found.assumption in found.describe()
        assert found.printable() is found


def test_what_cannot_be_read_is_refused(two_places):
    cells = two_places.cells
    second = (Cell(c.history, c.count, c.stratum, "2") for c in cells)
    twice = Captures(two_places.lists, (*cells, *second), ("place",))
    with pytest.raises(EvidenceError, match="fit_replicates"):
        fit_strata(twice)
    with pytest.raises(EvidenceError, match=r"nobody is known to belong to the stratum.*east"):
        fit_strata(Captures(two_places.lists, (*cells, Cell(1, 0, ("east",))), ("place",)))
    with pytest.raises(EvidenceError, match="no column of strata"):
        fit_strata(two_places.pooled())
    levels = {("f", "1"): [5] * 7, ("m", "2"): [5] * 7, ("x", ""): [1]}
    astray = captures_of(levels, ("sex", "year"))
    with pytest.raises(EvidenceError, match="agrees with what is known"):
        fit_strata(astray)
    with pytest.raises(EvidenceError, match="no such stratum"):
        fit_strata(two_places, absent={"nroth": ["A"]})
    with pytest.raises(EvidenceError, match="no such list"):
        fit_strata(two_places, absent={"north": ["Z"]})
    with pytest.raises(EvidenceError, match="persons stand on lists that do not exist"):
        fit_strata(two_places, absent={"north": ["A"]})
    with pytest.raises(ValueError, match="3 to 10 lists"):
        fit_strata(captures_of({"a": [1, 2, 3]}, lists=("A", "B")))


def test_priors_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="pair must be above zero"):
        Pooling(pair=0.0)
    with pytest.raises(ValueError, match="highest must be"):
        Pooling(highest=-1)
    with pytest.raises(ValueError, match="let the total depart"):
        Pooling(single=Shrinkage(departure=0.5))
    assert [Pooling().orders(lists) for lists in (3, 5, 6)] == [2, 4, 2]


def test_small_lists_are_merged_into_one():
    counts = {(a, b): 10 for a in "ABCDE" for b in "ABCDE" if a < b} | {("D",): 50, ("A",): 30}
    captures = Captures.of(counts, "ABCDE")
    fewer = keep_largest(captures, 3, into="rest")
    assert set(fewer.lists) == {"A", "D", "rest"}
    assert fewer.n == captures.n
    assert keep_largest(captures, 5) is captures
    with pytest.raises(ValueError, match="two lists or more"):
        keep_largest(captures, 1)


def test_strata_of_brighton_add_up_to_its_total():
    folder = Path(os.environ.get("UNDERCOUNT_DATA", "")) / "lists"
    if not os.environ.get("UNDERCOUNT_DATA") or not folder.is_dir():
        pytest.skip("no tables: set UNDERCOUNT_DATA to the folder that holds lists/")
    cells = []
    for sex in ("female", "male"):
        for age in ("15_29", "30_44"):
            with (folder / f"brighton_{sex}_{age}.csv").open() as file:
                for row in csv.DictReader(file):
                    *marks, count = (int(value) for value in row.values())
                    history = sum(mark << k for k, mark in enumerate(marks))
                    cells.append(Cell(history, count, (sex, age)))
    lists = ("treat", "arrest", "exchange", "survey")
    found = fit_strata(Captures(lists, tuple(cells), ("sex", "age")), seed=1)
    assert found.n == 856
    low, median, high = found.interval(0.95)
    assert low < 1643 < high  # latent classes: 1,643 (1,463-1,915)
    assert 1600 < median < 1900
    assert found.rhat < 1.01
