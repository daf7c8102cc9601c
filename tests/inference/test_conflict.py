from dataclasses import replace

import numpy as np
import pytest

import estimators as es
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Quantity, Range, SumOf
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import CouldReach, Exactly
from estimators.inference.compute import REFIT_ACCEPT, Change, Compiled, Draws
from estimators.inference.conflict import conflict, conflicts, separable
from estimators.inference.estimate import Estimate, Recipe, quantiles
from estimators.inference.sensitivity import REFIT
from estimators.inference.sides import Conflicts, p_of, p_text
from estimators.models.assumptions import Assumptions
from estimators.models.claims import SPLIT
from estimators.models.joint import Joint

SHORT = Draws(draws=300, tune=200, chains=2)
ALONE = Assumptions(  # no error is shared, and no parameter of a law
    **dict.fromkeys(("common_sd", "class_sd", "origin_factor", "network_scale", "nested_sd"), 0.0),
    **dict.fromkeys(("sigma_learn", "slack_learn", "precision_learn"), 0.0),
    early_error="none",
)


def stated(low, high):
    return Range(low, high, "stated before any claim was read")


def claim(id, quantity, number, origin, **given):
    return Claim(id, quantity, Exactly(number), origin, When.parse("2024-03"), **given)


def sums(*direct, range_of_a=(50, 5000)):
    """Return a study whose total has direct claims, and whose parts have others: about 300."""
    quantities = (
        Quantity("a", "Taken", "flow", stated(*range_of_a), unit="houses"),
        Quantity("b", "Held", "flow", stated(20, 3000), unit="houses"),
        Quantity("t", "All", "flow", SumOf(("a", "b"))),
        Quantity("far", "Elsewhere", "flow", stated(50, 500)),
    )
    parts = (
        claim("p1", "a", 200, "o4"),
        claim("p2", "a", 210, "o5"),
        claim("p3", "b", 100, "o6"),
        claim("p4", "far", 120, "o6"),
    )
    claims = (*(claim(f"d{n}", "t", x, f"o{n}") for n, x in enumerate(direct, 1)), *parts)
    sources = tuple(Source(f"o{n}", f"Paper {n}", "media") for n in range(1, 7))
    return Study("Sums", "How many?", quantities, sources, claims, ("t",), access="open", name="s")


def unsampled(study, assumptions=None):
    return Estimate(Recipe(study, assumptions or es.assumptions_of(study), 5, SHORT), None, {})


@pytest.fixture(scope="module")
def agreeing():
    return unsampled(sums(310, 290, 305))


def test_claims_that_fit_are_not_in_conflict(agreeing):
    found = conflict(agreeing, "t")
    assert (found.quantity, found.label, found.claims) == ("t", "All", ("d1", "d2", "d3"))
    assert (found.others, found.against, found.verdict) == (3, "other claims", "none")
    assert found.p > 0.2
    assert found.converged
    assert found.delta.shape == (2, REFIT.draws)
    assert found.rest[0] < 300 < found.rest[2]
    assert found.direct[0] < 300 < found.direct[2]
    assert found.factor[1] == pytest.approx(found.direct[1] / found.rest[1], rel=0.1)


def test_a_planted_conflict_is_found():
    found = conflict(unsampled(sums(1550, 1450, 1525)), "t")
    assert found.p < 0.05
    assert found.verdict in ("conflict", "strong conflict")
    assert found.delta.shape[1] == 1000  # what is near the line is fitted longer
    assert found.sentence().startswith("Direct claims say ")
    assert found.direct[0] > found.rest[2] * 0.9


def test_a_lone_quantity_stands_against_its_range(agreeing):
    found = conflict(agreeing, "far", draws=SHORT)
    assert (found.others, found.against) == (0, "its prior range")
    low, high = 50, 500
    assert found.rest[0] == pytest.approx(low, rel=0.25)
    assert found.rest[2] == pytest.approx(high, rel=0.25)
    assert "its range before any claim" in found.sentence()


def test_it_agrees_with_two_fits_where_no_error_is_shared():
    study = sums(310, 340, 450)
    longer = Draws(draws=3000, tune=500, chains=2)
    found = conflict(unsampled(study, ALONE), "t", draws=longer)
    rest = Compiled.of(study, ALONE).sample(
        longer, 3, Change(without=frozenset(found.claims)), target_accept=REFIT_ACCEPT
    )
    flat = (Quantity("t", "All", "flow", stated(1, 1e8)),)
    said = tuple(c for c in study.claims if c.quantity == "t")
    alone = replace(study, quantities=flat, claims=said)
    direct = Compiled.of(alone, ALONE).sample(longer, 4, target_accept=REFIT_ACCEPT)
    sides = [tree["posterior"]["count"].sel(quantity="t").values.ravel() for tree in (direct, rest)]
    np.testing.assert_allclose(found.direct, quantiles(sides[0]), rtol=0.03)
    np.testing.assert_allclose(found.rest, quantiles(sides[1]), rtol=0.03)
    apart = np.log(np.random.default_rng(1).permutation(sides[0]) / sides[1])
    assert found.p == pytest.approx(p_of(apart), abs=0.03)
    np.testing.assert_allclose(quantiles(found.delta), quantiles(apart), atol=0.02)


def test_p_is_not_small_too_often_where_the_model_is_true():
    study, base = sums(310, 290, 305), Assumptions()
    model = Joint(study, base)
    ids = frozenset({"d1", "d2", "d3"})
    found = []
    for n in range(12):
        rng = np.random.default_rng(n)
        made = model.follow(rng.standard_normal((1, len(model.names))), model.data())
        of_laws = np.exp(made["log_sigma"]), np.exp(made["log_slack"])
        printed = model.laws().draw(rng, made["belief"], *of_laws)[0]
        compiled = Compiled.of(study, base, ids)
        tree = compiled.sample(SHORT, n, Change(observed=printed), target_accept=REFIT_ACCEPT)
        found.append(p_of(tree["posterior"]["error"].sel(effect=SPLIT.id).values))
    assert sum(p < 0.05 for p in found) <= 2
    assert 0.25 < np.mean(found) < 0.75


def test_only_the_claims_set_apart_carry_delta():
    study = sums(310, 290, 305)
    model = Joint(study, Assumptions(), split=frozenset({"d1", "p3"}))
    assert model.names[:3] == Joint(study, Assumptions()).names[:3]
    place = model.names.index(SPLIT.id)
    moved = np.zeros((2, len(model.names)))
    moved[1, place] = 1.0
    before, after = model.follow(moved, model.data())["belief"]
    carried = {r.id for r, by in zip(model.readings, after - before, strict=True) if by}
    assert carried == {"d1", "p3"}
    assert (after - before).max() == pytest.approx(3.0)


def test_any_claims_can_be_set_apart(agreeing):
    one = conflict(agreeing, claims=("d1",), draws=SHORT)
    assert (one.quantity, one.unit) == ("t", "houses")
    assert one.sentence().startswith("This claim says ")
    several = conflict(agreeing, claims=["d1", "p3"], draws=SHORT)
    assert (several.quantity, several.unit, several.rest) == ("", "factor", (1.0, 1.0, 1.0))
    assert several.label == "2 claims on 2 quantities"
    assert several.direct == pytest.approx(several.factor, rel=1e-4)
    assert "times what the rest of the account implies" in several.sentence()


def test_many_are_adjusted_for_how_many_they_are(agreeing):
    found = conflicts(agreeing, draws=SHORT, progress=False)
    assert [one.quantity for one in found] == ["t", "a", "b"]  # nothing is tied to 'far'
    table = found.summary()
    assert list(table.index) == ["t", "a", "b"]
    assert (table["p_holm"] >= table["p"]).all()
    assert found.of("a").quantity == "a"
    assert found.of("far") is None
    assert found.reading().startswith("Numbers split in two: 3.")
    assert len(Conflicts(())) == 0
    assert list(Conflicts(()).summary().columns) == list(table.columns)


def test_shares_are_split_on_the_logit(made):
    found = conflict(made, "s", draws=SHORT)
    assert (found.unit, found.against) == ("percent", "its prior range")
    assert 0 < found.direct[0] < found.direct[2] < 100


def test_the_same_seed_gives_the_same_numbers(agreeing):
    first, again = (conflict(agreeing, "t", seed=4, draws=SHORT).p for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("given", "error", "text"),
    [
        ({"quantity": "nothing"}, es.EvidenceError, "nothing"),
        ({"quantity": "u"}, ValueError, "no claim that is used speaks of 'u' itself"),
        ({"claims": ("1", "no")}, ValueError, "'no' is no claim"),
        ({"claims": ("11",)}, ValueError, "'11' is kept, not used"),
        ({"claims": ("1", "9")}, ValueError, "counts and of shares"),
        ({}, ValueError, "give a quantity, or the ids of claims"),
        ({"quantity": "a", "claims": ("1",)}, ValueError, "not both"),
    ],
)
def test_what_cannot_be_split_is_refused_before_sampling(study, given, error, text, monkeypatch):
    monkeypatch.setattr(Compiled, "sample", lambda *_, **__: pytest.fail("sampled"))
    with pytest.raises(error, match=text):
        conflict(unsampled(study), **given)


def test_lists_that_cannot_be_split_are_refused(study, monkeypatch):
    monkeypatch.setattr(Compiled, "sample", lambda *_, **__: pytest.fail("sampled"))
    with pytest.raises(ValueError, match="named twice"):
        conflicts(unsampled(study), ["a", "a"])
    with pytest.raises(ValueError, match="no claim that is used speaks of 't' itself"):
        conflicts(unsampled(study), ["a", "t"])


def test_what_has_no_weight_is_no_direct_claim(monkeypatch):
    monkeypatch.setattr(Compiled, "sample", lambda *_, **__: pytest.fail("sampled"))
    more = Claim("f", "far", CouldReach(900), "o1", When.parse("2024-03"))
    study = sums(300)
    kept = tuple(c for c in study.claims if c.quantity != "far")
    floors = replace(Assumptions(), reading="floors")
    forecast = replace(study, claims=(*kept, more), headline=("far",))
    assert separable(unsampled(study)) == ("t", "a", "b")
    assert "far" in separable(unsampled(forecast))
    assert "far" not in separable(unsampled(forecast, floors))
    with pytest.raises(ValueError, match="speaks of 'far' itself"):
        conflict(unsampled(forecast, floors), "far")


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.36, "p = .36"), (0.013, "p = .013"), (0.0005, "p = .0005"), (1.0, "p = 1.00")],
)
def test_p_is_printed_without_its_zero(p, text):
    assert p_text(p) == text


def test_p_is_never_below_what_the_draws_can_tell():
    assert p_of(np.ones((2, 400))) == pytest.approx(2 / 800)
    assert p_of(np.array([1.0, -1.0])) == 1.0
