"""Lists drawn at random: shares, heterogeneity and dependence are as planned."""

import numpy as np
import pytest

from estimators.models.lists.simulate import Plan, simulate_lists

RNG = np.random.default_rng


def odds_ratio(captures, people, a, b):
    both = captures.size(a, b)
    only_a, only_b = captures.size(a) - both, captures.size(b) - both
    return both * (people - both - only_a - only_b) / (only_a * only_b)


def test_lists_have_the_shares_of_the_plan_whatever_depends_on_what():
    plan = Plan(200_000, {"A": 0.3, "B": 0.2, "C": 0.05}, 1.0, {("B", "A"): 1.5, ("B", "C"): -1.0})
    made = simulate_lists(plan, RNG(1))
    sizes = [made.size(id) / plan.people for id in plan.lists]
    assert sizes == pytest.approx([0.3, 0.2, 0.05], rel=0.03)


def test_without_differences_lists_are_independent_and_pairs_have_their_odds_ratio():
    plain = Plan(400_000, {"A": 0.3, "B": 0.2, "C": 0.25}, dependence={("A", "C"): np.log(3.0)})
    made = simulate_lists(plain, RNG(2))
    assert odds_ratio(made, plain.people, "A", "B") == pytest.approx(1.0, rel=0.05)
    assert odds_ratio(made, plain.people, "A", "C") == pytest.approx(3.0, rel=0.05)


def test_people_who_differ_make_lists_hang_together():
    made = simulate_lists(Plan(200_000, {"A": 0.2, "B": 0.2}, heterogeneity=1.5), RNG(3))
    assert odds_ratio(made, 200_000, "A", "B") > 2.0


def test_a_plan_without_a_list():
    plan = Plan(100, {"A": 0.3, "B": 0.2, "C": 0.1}, dependence={("A", "C"): 1.0})
    assert plan.without("C") == Plan(100, {"A": 0.3, "B": 0.2})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"people": 0, "shares": {"A": 0.3, "B": 0.2}}, "1 or more"),
        ({"people": 9, "shares": {"A": 1.3, "B": 0.2}}, "list A"),
        ({"people": 9, "shares": {"A": 0.3}}, "two lists"),
        (
            {"people": 9, "shares": {"A": 0.3, "B": 0.2}, "dependence": {("A", "X"): 1.0}},
            "no pair of the lists A, B",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        Plan(**given)
