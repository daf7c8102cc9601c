"""The account as flows: what adds up, what is left out, and that no text lies on another."""

import pytest
from matplotlib.patches import Polygon

from estimators.publish.figure_flows import plot_flows
from estimators.publish.flow_blocks import REST, blocks_of
from estimators.publish.style import figure_of
from tests.publish.series_study import estimate_over_time, over_time_study
from tests.publish.test_figures import overlaps


def names(side):
    return [entry.name for entry in side]


def test_blocks_are_balances_splits_parts_and_sums(estimate):
    found = {block.kind: block for block in blocks_of(estimate)}
    assert names(found["balance"].left) == ["Held in May"]
    assert names(found["balance"].right) == ["Held in June", "Freed in May"]
    assert names(found["part"].left) == ["Taken on 14 May 2020"]
    assert names(found["part"].right)[1] == REST
    assert names(found["sum"].right) == ["Taken anywhere"]


def test_a_running_balance_begins_with_what_the_others_leave():
    (balance,) = [
        b for b in blocks_of(estimate_over_time(over_time_study())) if b.kind == "balance"
    ]
    start, came = balance.left
    end, left = balance.right
    assert start.name == "Held in the camp, at the start"
    assert start.median == pytest.approx(end.median + left.median - came.median)


def test_of_a_large_study_only_the_headline_is_drawn():
    small = blocks_of(estimate_over_time(over_time_study()))
    large = blocks_of(estimate_over_time(over_time_study(extra=30)))
    assert {b.kind for b in small} == {"balance", "split", "sum"}
    assert {b.kind for b in large} == {"balance", "split"}


def test_texts_stand_apart_and_marks_are_open_without_a_claim(estimate):
    ax = plot_flows(estimate)
    assert not overlaps(figure_of(ax))
    told = [text.get_text() for text in ax.texts]
    assert told.count("Taken on 14 May 2020") == 3
    assert "110–500" in told
    faces = [p.get_facecolor() for p in ax.patches if isinstance(p, Polygon)]
    assert (1.0, 1.0, 1.0, 1.0) in faces
    assert len(set(faces)) == 2


def test_nothing_that_adds_up_is_refused(make_study, make_claim, make_estimate, study):
    alone = tuple(
        q for q in study.quantities if q.id in ("taken", "freed", "unclaimed", "women_share")
    )
    claims = [c for c in study.claims if c.quantity == "taken"]
    bare = make_study(*claims, quantities=alone, identities=(), headline=("taken",))
    with pytest.raises(ValueError, match="no flow"):
        plot_flows(make_estimate(bare))
