"""One small study with claims simulated from known counts; its model is compiled once."""

from dataclasses import replace

import numpy as np
import pytest

from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import PartOf, Quantity, Range, SumOf
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    WORDS,
    About,
    AtLeast,
    Between,
    Exactly,
    MoreThan,
    OrderOf,
    UpTo,
)
from estimators.inference.compute import Draws
from estimators.inference.estimate import estimate
from estimators.models.assumptions import Assumptions
from estimators.models.joint import Joint
from estimators.models.printing import to_scale

TRUTH = {"a": 800.0, "b": 240.0, "s": 60.0, "p": 480.0, "t": 1040.0}  # s in percent
DRAWS = Draws(draws=600, tune=500, chains=4)
SEED = 7


def stated(low, high):
    return Range(low, high, "stated before any claim was read")


def claim(id, quantity, wording, origin, **given):
    return Claim(id, quantity, wording, origin, When.parse("2024-03"), **given)


def blank():
    """Return the study with claims whose numbers are still to be drawn."""
    quantities = (
        Quantity("a", "Taken", "flow", stated(100, 5000)),
        Quantity("b", "Held", "flow", stated(30, 2000)),
        Quantity("s", "Share of women", "share", stated(30, 85)),
        Quantity("p", "Women taken", "flow", PartOf("a", "s")),
        Quantity("t", "All", "flow", SumOf(("a", "b"))),
        Quantity("u", "Elsewhere", "flow", stated(50, 500)),
        Quantity("v", "Boys taken", "flow", PartOf("a", stated(5, 15))),
    )
    claims = (
        claim("1", "a", Exactly(500), "m1"),
        claim("2", "a", About(500), "m2"),
        claim("3", "a", AtLeast(500), "n1", network="guards"),
        claim("4", "a", Between(600, 1000), "r1"),
        claim("5", "b", Exactly(500), "r1", method="enumeration"),
        claim("6", "b", UpTo(500), "m1"),
        claim("7", "b", OrderOf("hundreds"), "n1", network="guards"),
        claim("8", "b", Exactly(500), "m2", network="guards"),
        claim("9", "s", Exactly(50), "m2"),
        claim("10", "s", MoreThan(50), "n1", network="guards"),
        claim("11", "a", Exactly(500), "m1", repeats="1", used=False),
    )
    sources = (
        Source("m1", "One paper", "media"),
        Source("m2", "Another paper", "media"),
        Source("n1", "A group", "ngo"),
        Source("r1", "A register", "register"),
    )
    return Study(
        "Known counts",
        "How many?",
        quantities,
        sources,
        claims,
        ("t",),
        access="closed",
        name="island",
    )


def simulated(study, seed):
    """Return the study with what its origins would print, each with an error of its own (.15)."""
    rng = np.random.default_rng(seed)
    laws = Joint(study, Assumptions()).laws()
    true = [TRUTH[reading.quantity] for reading in laws.readings]
    belief = to_scale(true, laws.is_share > 0) + 0.15 * rng.standard_normal(len(true))
    sigma, slack = (np.array([getattr(r, of) for r in laws.readings]) for of in ("sigma", "slack"))
    said = {}
    for claim, number in zip(study.readings, laws.draw(rng, belief, sigma, slack), strict=True):
        match claim.wording:
            case OrderOf():
                said[claim.id] = OrderOf(WORDS[int(number)])
            case Between(low, high):
                half = (high / low) ** 0.5
                said[claim.id] = Between(round(np.exp(number) / half), round(np.exp(number) * half))
            case wording:
                said[claim.id] = type(wording)(float(number))
    return replace(
        study, claims=[replace(c, wording=said.get(c.id, c.wording)) for c in study.claims]
    )


@pytest.fixture(scope="session", autouse=True)
def quiet():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNDERCOUNT_PROGRESS", "0")
        yield


@pytest.fixture(scope="session")
def truth():
    return TRUTH


@pytest.fixture(scope="session")
def study():
    return simulated(blank(), seed=1)


@pytest.fixture(scope="session")
def made(study):
    """The estimate of the simulated study."""
    return estimate(study, seed=SEED, draws=DRAWS)
