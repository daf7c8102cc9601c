"""Checklists say what a study states, and show as gaps what it does not."""

from dataclasses import replace

from estimators.evidence.report_words import ReportWords
from estimators.publish.checklist_barg import barg
from estimators.publish.checklists import GAP, checklist_markdown, gaps_of, gather

TOLD = ReportWords(
    funding="Paid by nobody.",
    search="Looked in three archives.",
    inclusion="All dated claims.",
    earlier="None.",
    url="https://example.org/study",
)


def answers(items):
    return {item.number: item.answer for item in items}


def test_what_the_study_states_is_answered_and_the_rest_is_a_gap(study, make_estimate):
    silent = answers(gather(make_estimate(study), None, {}))
    assert {number for number, answer in silent.items() if not answer} == {
        "2",
        "3",
        "4",
        "9",
        "12",
        "14",
        "17",
    }
    told = answers(gather(make_estimate(replace(study, report=TOLD)), None, {"flows": None}))
    assert {number for number, answer in told.items() if not answer} == {"12"}
    assert told["2"] == "Paid by nobody."
    assert told["4"].startswith("All dated claims. 5 of 7 claims are used")
    assert TOLD.url in told["14"]
    assert list(told) == [str(number) for number in range(1, 19)]


def test_a_gap_says_how_to_close_it(study, make_estimate):
    items = gather(make_estimate(study), None, {})
    open_items = [item for item in items if not item.answer]
    assert all(item.text.startswith(f"{GAP}: ") and item.remedy for item in open_items)
    assert gaps_of(items) == f"{len(open_items)} items"
    assert gaps_of(items[:1]) == ""
    assert "under \\[report\\] in study\\.toml" in checklist_markdown(items)


def test_barg_names_waived_checks_and_missing_fits(study, make_estimate, make_checks):
    told = barg(make_estimate(study), None, make_checks(study, "waived"), {})
    found = answers(told)
    assert "waived are divergences" in found["2"]
    assert not found["5"]
    assert list(found) == [str(number) for number in range(7)]
