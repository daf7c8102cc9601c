"""Reference classes: the one that is shipped, and what they make of claims."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import estimators as es
from estimators.evidence.outcome import Outcomes
from estimators.inference.learning import Learner
from estimators.models.claim_error import PRIORS, readable
from estimators.models.reference import latest, read_reference, reference_class

ROOT = Path(__file__).parents[2]
SET = es.read_outcomes(ROOT / "data" / "known_outcomes")


def test_the_shipped_class_is_of_the_shipped_events():
    shipped = reference_class()
    told = tuple(event for event in SET.events if readable(event.claims))
    assert shipped.hash == Outcomes(told).hash
    assert shipped.events == len(told)
    assert set(shipped.parameters) == set(PRIORS)
    scale = np.exp(shipped.parameters["shared error"][:, None])
    before, after = (
        scale[:, 0] * np.exp(shipped.parameters["shared error by phase"][:, p]) for p in (0, 3)
    )
    assert np.all(before > after)  # early claims err together more


def test_a_class_is_read_back_as_it_was_written(tmp_path):
    shipped = reference_class()
    (tmp_path / "mine.json").write_text(shipped.as_text(), encoding="utf-8")
    again = read_reference(tmp_path / "mine.json")
    assert again.as_text() == shipped.as_text()
    event = SET.events[0]
    both = [of.settled(event, event.claims).quantile([0.05, 0.5, 0.95]) for of in (shipped, again)]
    assert both[0] == pytest.approx(both[1])


def test_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match=r"no reference class 'attack'\..* Use one of: all"):
        reference_class("attack")


def test_too_few_events_are_refused_before_anything_is_compiled():
    few = Learner(Outcomes(SET.events[:7]))
    with pytest.raises(ValueError, match="too few to learn from; take the class 'all'"):
        few.learn()


def test_later_words_of_a_source_supersede_earlier_ones():
    event = next(event for event in SET.events if event.event.startswith("Lahaina"))
    kept = latest(readable(event.claims))
    assert len({claim.source for claim in kept}) == len(kept) < len(readable(event.claims))
    for claim in kept:
        mine = [c for c in readable(event.claims) if c.source == claim.source]
        assert claim.published.middle == max(c.published.middle for c in mine)


def test_the_outcome_itself_is_never_read():
    shipped, event = reference_class(), SET.events[12]
    hidden = replace(event, final=1.0, final_low=None, final_high=None)
    ends = [shipped.settled(of, event.claims).quantile([0.05, 0.95]) for of in (event, hidden)]
    assert ends[0].tolist() == ends[1].tolist()
