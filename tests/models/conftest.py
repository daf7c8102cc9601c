"""Small studies built in Python, and the kinds of things in them."""

import pytest

from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import AtLeast, Between, Exactly, MoreThan, Nearly, OrderOf, UpTo

DAY = When.parse("2024-03")


def claim(id, quantity, wording, origin="m1", **given):
    return Claim(id, quantity, wording, origin, DAY, **given)


def count(id, rule=None, measure="flow", **given):
    return Quantity(id, f"Number {id}", measure, rule, **given)


def stated(low, high):
    return Range(low, high, "stated before any claim was read")


def share(id, low, high):
    return Quantity(id, f"Share {id}", "share", stated(low, high))


SOURCES = (
    Source("m1", "One paper", "media"),
    Source("m2", "Another paper", "media"),
    Source("n1", "A group", "ngo"),
    Source("r1", "A register", "register"),
)


def study_of(quantities, claims=None, identities=(), sources=SOURCES, **given):
    if claims is None:
        claims = [claim("c", quantities[0].id, Exactly(60))]
    return Study("A study", "How many?", quantities, sources, claims, (), identities, **given)


@pytest.fixture(scope="session")
def every_law():
    """A study with a claim of each law, on two counts and a share."""
    quantities = [count("a", stated(100, 3000)), count("b", stated(10, 900)), share("s", 40, 90)]
    claims = [
        claim("exact", "a", Exactly(600)),
        claim("listed", "a", Exactly(583), "r1", method="enumeration"),
        claim("nearly", "a", Nearly(700), "m2"),
        claim("floor", "b", AtLeast(120), "n1", network="guards"),
        claim("over", "s", MoreThan(70), "m2"),
        claim("ceiling", "b", UpTo(300), "m1"),
        claim("pair", "b", Between(100, 250), "r1"),
        claim("word", "b", OrderOf("hundreds"), "n1", network="guards"),
    ]
    return study_of(quantities, claims)


@pytest.fixture(scope="session")
def make():
    """Makers of the parts of a study."""

    class Make:
        claim = staticmethod(claim)
        count = staticmethod(count)
        share = staticmethod(share)
        stated = staticmethod(stated)
        study = staticmethod(study_of)

    return Make
