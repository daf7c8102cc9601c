"""One honest sentence: its parts, their order, and when there is none."""

import pytest

from estimators.evidence.wording import About, Exactly, MoreThan
from estimators.inference.checks import NotPublishableError
from estimators.models.assumptions import Assumptions
from estimators.publish.labels import is_participle
from estimators.publish.sentences import sentence


def test_the_whole_sentence(estimate, changes):
    assert sentence(estimate, "taken", changes) == (
        "We estimate that between 110 and 500 people (90% interval; median 240) were taken on"
        " 14 May 2020; it was reported as “at least 150” at the lowest and “about 200” at the"
        " highest (3 readings by 3 origins); no count of identified persons exists; the "
        "result rests on the assumption that claims are right on average but for an error "
        "that early claims share, taken at its full size because nobody could count there, "
        "then or since; if that fails, it is 110–500 if early claims share no error of their "
        "own and 120–530 if only half of that error stays."
    )


def test_an_assumed_share_is_said_to_be_one(estimate):
    text = sentence(estimate, "lost")
    assert "no claim counts these people (1 claim kept, not used)" in text
    assert "the share (taken to be between 50% and 95% of “Taken on 14 May 2020”)" in text
    assert "is a stated assumption: no claim tells anything about it" in text


def test_no_sentence_for_what_is_only_assumed(estimate):
    with pytest.raises(NotPublishableError, match="assumed, not estimated"):
        sentence(estimate, "unclaimed")


def test_a_share_is_in_percent(estimate):
    assert sentence(estimate, "women_share").startswith(
        "We estimate that the share of women was between 32% and 68% (90% interval; median 50%); "
        "it was reported as “at least 40%” (1 reading by 1 origin)"
    )


def test_documented_is_its_own_part(make_study, make_estimate, make_claim):
    study = make_study(
        make_claim("a", "taken", MoreThan(100)),
        make_claim(
            "n", "taken", Exactly(1), "paper", method="enumeration", used=False, why_not="one"
        ),
    )
    text = sentence(make_estimate(study), "taken")
    assert "1 identified person is documented (by The Paper), so this is not a count" in text


def test_open_access_and_no_early_error_change_the_assumption(
    make_study, make_estimate, make_claim
):
    open_study = make_study(make_claim("a", "taken", About(100)), access="open")
    text = sentence(make_estimate(open_study), "taken")
    assert "taken at its full size." in text
    none = sentence(make_estimate(open_study, Assumptions(early_error="none")), "taken")
    assert none.endswith("the assumption that claims are right on average, early ones too.")


def test_runs_that_did_not_converge_are_not_cited(estimate, changes):
    changes.table["converged"] = False
    assert "if that fails" not in sentence(estimate, "taken", changes)


@pytest.mark.parametrize(
    ("label", "is_one"),
    [("Held in June", True), ("Returned on 9 May", True), ("Women taken", False), ("Red", False)],
)
def test_labels_that_can_follow_people_were(label, is_one):
    assert is_participle(label) is is_one


def test_a_label_that_cannot_stands_first(estimate):
    assert sentence(estimate, "women").startswith("Women taken: we estimate that this was between ")
