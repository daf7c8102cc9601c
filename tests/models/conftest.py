"""Small studies built in Python, the kinds of things in them, and one way to weigh what is said."""

import numpy as np
import pytest

from estimators.evidence.choices import Anchor, Coverage
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import PartOf, Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    AtLeast,
    BestEstimate,
    Between,
    CouldReach,
    Exactly,
    MoreThan,
    Most,
    Nearly,
    OrderOf,
    UpTo,
    Verified,
)
from estimators.models import cells, chances
from estimators.models.arrays import Data, State
from estimators.models.assumptions import Assumptions
from estimators.models.joint import SUMMED
from estimators.models.laws import LADDERS
from estimators.models.nodes import rules_of
from estimators.models.phases import PHASES
from estimators.models.printing import cells_of

DAY = When.parse("2024-03")


def claim(id, quantity, wording, origin="m1", published=DAY, **given):
    when = When.parse(published) if isinstance(published, str) else published
    return Claim(id, quantity, wording, origin, when, **given)


def count(id, rule=None, measure="flow", **given):
    return Quantity(id, f"Number {id}", measure, rule, **given)


def stated(low, high, middle=None):
    return Range(low, high, "stated before any claim was read", middle)


def share(id, low, high):
    return Quantity(id, f"Share {id}", "share", stated(low, high))


SOURCES = (
    Source("m1", "One paper", "media"),
    Source("m2", "Another paper", "media"),
    Source("n1", "A group", "ngo"),
    Source("r1", "A register", "register"),
    Source("x1", "Some say", "unknown"),
)


def study_of(quantities, claims=None, identities=(), sources=SOURCES, **given):
    if claims is None:
        claims = [claim("c", quantities[0].id, Exactly(60))]
    return Study("A study", "How many?", quantities, sources, claims, (), identities, **given)


@pytest.fixture(scope="session")
def every_law():
    """A study with a claim of each law, on three counts and a share, and two anchors."""
    quantities = [
        count("a", stated(100, 3000, 400)),
        count("b", stated(10, 900)),
        share("s", 40, 90),
        count("p", PartOf("a", "s")),
    ]
    claims = [
        claim("exact", "a", Exactly(600)),
        claim("listed", "a", Exactly(583), "r1", method="enumeration"),
        claim("nearly", "a", Nearly(700), "m2"),
        claim("town", "a", Exactly(200), "n1", coverage="town"),
        claim("best", "a", BestEstimate(600, 450, 1000), "n1"),
        claim("names", "a", Verified(112), "r1"),
        claim("rumour", "a", Exactly(600), "x1", published="2024-05"),
        claim("floor", "b", AtLeast(120), "n1", network="guards"),
        claim("over", "s", MoreThan(70), "m2"),
        claim("mostly", "s", Most(), "n1"),
        claim("ceiling", "b", UpTo(300), "m1"),
        claim("forecast", "b", CouldReach(2000), "m1"),
        claim("pair", "b", Between(100, 250), "r1"),
        claim("word", "b", OrderOf("hundreds"), "n1", network="guards"),
    ]
    anchors = (
        Anchor("list", "p", "names", floor=90),
        Anchor("census", "b", "a census", value=180, complete_within=5),
    )
    coverages = (Coverage("town", stated(20, 50)),)
    return study_of(quantities, claims, anchors=anchors, coverages=coverages)


def weigh(law, observed, belief, log_sigma=None, log_slack=None, *, share=False, method=1, half=0):
    """Return log probability and slopes of printed things: by the compiled loop, a row a thing.

    With `half` the things are places on a lattice of that half width.
    """
    observed = np.atleast_1d(np.asarray(observed, dtype=float))
    n = len(observed)
    chance, low, high = (
        (np.ones((n, 1)), observed[:, None] - half, observed[:, None] + half)
        if half or law.code in (cells.WORD, cells.STEP)
        else cells_of(observed, np.full(n, float(share)), np.full(n, method))
    )
    word = np.stack([np.full(n, int(share)), observed.astype(int)], axis=1)
    if law.code == cells.TABLE:
        word[:] = 0
    slack = np.log(law.slack) if law.slack else 0.0
    is_summed = law.code in SUMMED and n <= 100  # many are weighed cell by cell: faster to set up
    none, nothing = np.zeros(0), np.zeros(0, dtype=np.int64)
    given = Data(
        *[none] * 6,
        *(none, none, nothing, nothing, none, none),
        np.full(n, law.code),
        np.zeros(n),
        np.zeros(n),
        np.full(n, law.sign),
        *(chance, low, high),
        *rules_of(chance, low, high, np.full(n, law.sigma if is_summed else 0.0)),
        word,
        *(np.ones(n), np.ones(n), np.zeros(n)),
        law.table[None] if law.code == cells.TABLE else np.zeros((1, 5)),
        np.concatenate(LADDERS),
        np.cumsum([0, *map(len, LADDERS)]),
        *(none, nothing, none, none),
    )
    state = State(
        *[none] * 5,
        np.full(n, float(belief)),
        np.full(n, np.log(law.sigma) if log_sigma is None else log_sigma),
        np.full(n, slack if log_slack is None else log_slack),
    )
    return chances.readings(state, given)


@pytest.fixture(scope="session")
def standing():
    """Assumptions that stand on a reference class, with round numbers."""
    scales = dict(zip(PHASES, (0.3, 0.2, 0.1, 0.05), strict=True))
    return Assumptions(reference="all", phase_scale=scales, own_sd=0.8)


@pytest.fixture(scope="session")
def make():
    """Makers of the parts of a study, and `weigh`."""

    class Make:
        claim = staticmethod(claim)
        count = staticmethod(count)
        share = staticmethod(share)
        part = PartOf
        stated = staticmethod(stated)
        study = staticmethod(study_of)
        weigh = staticmethod(weigh)

    return Make
