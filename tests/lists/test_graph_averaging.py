"""Averages over decomposable graphs: closed forms, published results, honest ends."""

from math import lgamma

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp
from scipy.stats import dirichlet_multinomial, kstest, nbinom

from estimators.inference.lists.graph_averaging import average_graphs, poisson_gamma
from estimators.models.lists.decomposable import (
    decomposable_graphs,
    neighbours,
    perfect_order,
    powers,
)
from estimators.models.lists.graph_sums import quantiles_of, sum_graphs
from estimators.models.lists.hyper_dirichlet import HyperDirichlet
from estimators.models.lists.likelihood import Likelihood, grid, spacing
from estimators.models.lists.table import Table
from estimators.models.lists.tails import mass_beyond, tail_beyond

LEVELS = np.array([0.025, 0.5, 0.975])


def unspaced(count):
    """Return the prior 1/N of programs that take each point of a wide grid as one number."""
    return -np.log(count) - np.log(spacing(count))


def brute_log_likelihood(table, near, delta, unseen):
    """Return log p(table | N, graph) as a product over lists, each given earlier neighbours."""
    lists = len(near)
    cells = table.full.astype(float)
    cells[0] = unseen
    found = lgamma(cells.sum() + 1) - sum(lgamma(c + 1) for c in cells)
    before = 0
    for v in perfect_order(near):
        known = near[v] & before
        pairs_of = {}
        for history, number in enumerate(cells):
            both = pairs_of.setdefault(history & known, [0.0, 0.0])
            both[history >> v & 1] += number
        share = delta * 2.0 ** (lists - 1 - known.bit_count())
        for out, on in pairs_of.values():
            found += lgamma(2 * share) - lgamma(2 * share + out + on)
            found += lgamma(share + out) + lgamma(share + on) - 2 * lgamma(share)
        before |= 1 << v
    return found


@pytest.mark.parametrize("delta", [0.0625, 0.5, 1.0, 3.0])
def test_marginal_likelihoods_are_those_of_a_chain_of_conditional_tables(kosovo, delta):
    graphs, model = decomposable_graphs(4), HyperDirichlet.of(kosovo, delta)
    for edges in graphs.edges.tolist():
        near = neighbours(edges, 4)
        found = model.log_likelihood(powers(near), np.array([4400.0, 4401.0, 13_000.0]))
        brute = [brute_log_likelihood(kosovo, near, delta, u) for u in (0, 1, 8600)]
        np.testing.assert_allclose(found, brute, rtol=1e-11)


def test_the_graph_with_all_edges_is_a_dirichlet_multinomial(spina):
    model = HyperDirichlet.of(spina, 0.7)
    near = (0b110, 0b101, 0b011)
    for unseen in (0, 40, 300):
        cells = spina.full.copy()
        cells[0] = unseen
        expected = dirichlet_multinomial.logpmf(cells, np.full(8, 0.7), int(cells.sum()))
        found = model.log_likelihood(powers(near), np.array([float(cells.sum())]))
        assert found[0] == pytest.approx(expected, abs=1e-9)


def test_likelihoods_of_all_tables_with_so_many_persons_sum_to_one():
    near = neighbours(0b101, 3)
    total = 0.0
    people, cells = 3, 8
    for chosen in np.ndindex(*(cells,) * people):
        counts = np.bincount(chosen, minlength=cells)
        kept = np.flatnonzero(counts[1:]) + 1
        table = Table(("A", "B", "C"), kept.astype(np.int64), counts[kept].astype(np.int64))
        log_ways = gammaln(people + 1) - gammaln(counts + 1).sum()
        found = HyperDirichlet.of(table, 0.4).log_likelihood(powers(near), np.array([3.0]))
        total += np.exp(found[0] - log_ways)
    assert total == pytest.approx(1.0, abs=1e-12)


def test_the_sum_over_graphs_is_the_plain_sum(congenital):
    graphs, model = decomposable_graphs(5), HyperDirichlet.of(congenital)
    count = 537.0 + np.arange(0, 400, 3)
    tables = model.log_tables(np.arange(32), count)
    prior = -np.log(count)
    value = graphs.power.astype(float) @ tables
    found = sum_graphs(graphs.power, tables, np.zeros(822), prior)
    np.testing.assert_allclose(found.log, logsumexp(value, axis=0), atol=1e-11)
    plain = logsumexp(value + prior, axis=1)
    seen = plain > plain.max() - 30
    np.testing.assert_allclose(found.evidence[seen], plain[seen], atol=1e-9)
    assert (plain[~np.isfinite(found.evidence)] < plain.max() - 40).all()


@pytest.mark.parametrize("name", ["Ned_5", "UKdat_5", "HIV"])
def test_graphs_left_out_after_a_first_look_change_nothing(read_table, name):
    table = read_table(name)
    graphs, model = decomposable_graphs(len(table.lists)), HyperDirichlet.of(table)
    count = grid(table.n, 1e6 * table.n, 1500)
    tables = model.log_tables(np.arange(graphs.power.shape[1]), count)
    found = sum_graphs(graphs.power, tables, np.zeros(len(graphs)), -np.log(count))
    plain = logsumexp(graphs.power.astype(float) @ tables, axis=0)
    np.testing.assert_allclose(found.log, plain, atol=1e-9)


def test_graphs_that_are_given_no_weight_are_left_out(spina):
    weight = np.where(decomposable_graphs(3).edges == 0, 0.0, -np.inf)
    found = average_graphs(spina, log_weight=weight)
    assert found.graphs()["graph"].tolist() == ["[1|2|3]"]
    assert found.probability.sum() == pytest.approx(1.0)


def test_published_result_of_congenital_anomalies(congenital):
    found = average_graphs(congenital, delta=0.5, count=538.0 + np.arange(300))
    assert found.interval == (588.0, 616.0, 655.0)
    assert found.mean == pytest.approx(617.82, abs=0.005)
    assert found.graphs().iloc[0]["graph"] == "[12|13|24|45]"
    assert found.posterior[-1] == pytest.approx(2.3e-8, rel=0.03)


def test_published_result_of_spina_bifida_with_an_informative_prior(spina):
    count = 627.0 + np.arange(300)
    found = average_graphs(spina, delta=1.0, count=count, log_prior=poisson_gamma(13.14, 55.17))
    assert found.interval == (682.0, 731.0, 797.0)
    assert found.mean == pytest.approx(733.45, abs=0.005)


def test_published_result_of_kosovo(kosovo):
    found = average_graphs(kosovo, delta=2.0**-4, count=4400.0 + np.arange(22_001))
    assert found.interval == (9827.0, 12_595.0, 16_544.0)
    best = found.graphs().iloc[0]
    assert (best["graph"], round(best["probability"], 3)) == ("[123|134]", 0.986)
    assert best["cliques"] == "A+B+C | A+C+D"


def test_the_poisson_gamma_prior_is_negative_binomial():
    count = np.array([0.0, 10, 700])
    expected = nbinom.logpmf(count, 13.14, 1 / (1 + 55.17))
    np.testing.assert_allclose(poisson_gamma(13.14, 55.17)(count), expected, atol=1e-9)


CASES = [
    *(("readme", name) for name in (
        "kosovo_aggregate", "UKdat_5", "Ned_5", "Artificial_3", "spina", "HIV", "Congenital",
        "brighton_total")),
    *(("wide", name) for name in (
        "kosovo_aggregate", "UKdat_5", "Ned_5", "Artificial_3", "spina", "HIV", "Congenital",
        "brighton_total")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_same_as_the_other_program_on_its_grids(read_table, reference, kind, name):
    table = read_table(name)
    said = "README" if kind == "readme" else "MSETools"
    rows = [r for r in reference if r["package"] == "dga" and r["dataset"] == name]
    row = next(r for r in rows if r["settings"].startswith(said))
    if kind == "readme":
        found = average_graphs(table, count=table.n + np.arange(5.0 * table.n + 1))
    else:
        count = table.n + np.round(np.linspace(1, 30 * table.n, 1000))
        found = average_graphs(table, count=count, log_prior=unspaced)
    low, median, high = (float(row[key]) for key in ("lo95", "estimate", "hi95"))
    assert found.interval == (low, median, high)
    assert found.mean == pytest.approx(float(row["mean"]), abs=0.0051)
    top, chance, end = row["notes"].split("top graph ")[1].replace("post.prob ", "").split(" ", 2)
    best = found.graphs(1).iloc[0]
    assert set(best["graph"][1:-1].split("|")) == set(top[1:-1].split("|"))
    assert best["probability"] == pytest.approx(float(chance.strip(";")), abs=0.00051)
    at_end = float(row["notes"].split("grid end)=")[1])
    assert found.posterior[-1] == pytest.approx(at_end, rel=0.06)
    assert end


@pytest.mark.parametrize("name", ["UKdat_5", "Ned_5"])
def test_a_grid_that_hides_a_second_mode_is_found_out(read_table, name):
    table = read_table(name)
    short = average_graphs(table, count=table.n + np.arange(5.0 * table.n + 1))
    assert not short.held
    assert short.beyond > 0.4
    assert "still lies beyond" in short.warning
    assert short.warning in short.describe()
    wide = average_graphs(table)
    assert wide.held
    assert wide.beyond < 1e-5
    assert wide.near_top < 1e-4
    assert not wide.warning


def test_the_grid_goes_as_far_as_there_is_probability(kosovo):
    found = average_graphs(kosovo)
    exact = average_graphs(kosovo, count=4400.0 + np.arange(26_000))
    assert found.held
    assert found.interval == exact.interval
    assert found.mean == pytest.approx(exact.mean, rel=1e-5)
    few = average_graphs(kosovo, points=600)
    assert len(few.likelihood.count) <= 600
    np.testing.assert_allclose(few.interval, exact.interval, rtol=0.01)
    assert few.mean == pytest.approx(exact.mean, rel=1e-4)


def test_a_ceiling_that_cuts_is_said(kosovo):
    found = average_graphs(kosovo, ceiling=12_000)
    assert found.likelihood.count[-1] <= 12_000
    assert not found.held
    exact = average_graphs(kosovo, count=4400.0 + np.arange(26_000))
    above = exact.posterior[exact.likelihood.count > found.likelihood.count[-1]].sum()
    assert found.beyond == pytest.approx(above, abs=0.005)


def test_a_prior_that_ends_leaves_nothing_beyond(kosovo):
    def prior(count):
        return np.where(count <= 15_000, -np.log(count), -np.inf)

    found = average_graphs(kosovo, log_prior=prior)
    assert found.held
    assert found.interval[2] < 15_000


def drawn_table(rng, near, delta, people):
    """Draw a table of so many people, list by list given earlier neighbours."""
    history = np.zeros(people, dtype=np.int64)
    before = 0
    for v in perfect_order(near):
        known = near[v] & before
        share = delta * 2.0 ** (len(near) - 1 - known.bit_count())
        chance = rng.beta(share, share, size=1 << len(near))
        history |= (rng.random(people) < chance[history & known]).astype(np.int64) << v
        before |= 1 << v
    seen, count = np.unique(history[history > 0], return_counts=True)
    return Table(tuple("ABC"), seen, count)


def test_the_posterior_is_calibrated_over_tables_drawn_from_the_prior():
    rng, ranks, best = np.random.default_rng(8), [], []
    graphs, prior = decomposable_graphs(3), poisson_gamma(20.0, 10.0)
    for _ in range(300):
        at = int(rng.integers(len(graphs)))
        people = int(rng.poisson(rng.gamma(20.0, 10.0)))
        table = drawn_table(rng, neighbours(int(graphs.edges[at]), 3), 1.0, people)
        found = average_graphs(table, delta=1.0, log_prior=prior, count=table.n + np.arange(900.0))
        below = np.append(0.0, np.cumsum(found.posterior))
        ranks.append(rng.uniform(*below[people - table.n : people - table.n + 2]))
        best.append((found.probability[at], found.probability @ found.probability))
    assert kstest(ranks, "uniform").pvalue > 0.01
    claimed, expected = np.mean(best, axis=0)
    assert claimed == pytest.approx(expected, abs=0.04)


def test_what_is_beyond_a_power_tail_is_continued():
    count = grid(10, 1e5)
    likelihood = Likelihood(10, count, -2.0 * np.log(count))
    rest = tail_beyond(likelihood, -np.log(count))
    assert rest == pytest.approx((9.5 / (1e5 + 0.5)) ** 2, rel=0.15)
    assert mass_beyond(likelihood, 1000.0, -np.log(count)) == pytest.approx(9.5**2 / 1e6, rel=0.15)
    flat = Likelihood(10, count, np.zeros(len(count)))
    assert tail_beyond(flat, -np.log(count)) == pytest.approx(1.0)


def test_quantiles_reach_their_probability():
    count = np.array([1.0, 2, 3, 4])
    found = quantiles_of(count, np.log([0.1, 0.4, 0.3, 0.2]), np.array([0.05, 0.5, 0.51, 1.0]))
    assert found.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_within_one_graph_lists_that_are_independent_say_what_two_lists_say(kosovo):
    found = average_graphs(kosovo)
    at = int(np.argmax(found.probability))
    within = found.within(at)
    assert within.sum() == pytest.approx(1.0)
    row = found.graphs(1).iloc[0]
    assert quantiles_of(found.likelihood.count, np.log(within + 1e-300), LEVELS)[1] == row["median"]
    mixed = sum(
        found.probability[k] * found.within(k) for k in np.flatnonzero(found.probability > 1e-12)
    )
    np.testing.assert_allclose(mixed, found.posterior, atol=1e-9)


def test_order_of_lists_does_not_matter(read_table):
    table = read_table("kosovo_aggregate")
    turned = table.history >> 1 | (table.history & 1) << 3
    order = np.argsort(turned)
    other = type(table)(table.lists, turned[order], table.count[order])
    a, b = average_graphs(table), average_graphs(other)
    np.testing.assert_allclose(a.likelihood.log, b.likelihood.log, atol=1e-9)


@pytest.mark.parametrize("delta", [0.0, -1.0, float("nan")])
def test_a_prior_without_persons_is_refused(kosovo, delta):
    with pytest.raises(ValueError, match="above 0"):
        average_graphs(kosovo, delta=delta)


def test_counts_below_those_on_the_lists_are_refused(kosovo):
    with pytest.raises(ValueError, match="rising order"):
        average_graphs(kosovo, count=np.array([100.0, 5000.0]))


def test_weights_that_do_not_fit_are_refused(kosovo):
    with pytest.raises(ValueError, match="61 graphs"):
        average_graphs(kosovo, log_weight=np.zeros(8))


def test_the_description_says_on_what_it_rests(kosovo):
    said = average_graphs(kosovo).describe()
    assert "61 decomposable graphs" in said
    assert "prior 1/N" in said
    assert "no edge of a graph joins" in said
