"""Matched lists as evidence of a study: read from its folder, written back, and refused."""

import pytest

import estimators as es
from estimators.evidence.study import status

LISTS = "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,20\n1,1,0,9\n1,1,1,3\n"
STUDY = """format = 1
title = "Killed"
question = "How many were killed?"
headline = ["killed"]

[quantities.killed]
label = "Killed"
measure = "flow"
range = [100, 5000]
reason = "The size of the place."

[anchors.matched]
quantity = "killed"
lists = "lists/matched.csv"
assumption = "decomposable graphs"
departure = [0.5, 2]
reason = "Three teams worked apart."
"""
HEADER = "id,quantity,wording,value,low,high,origin,network,publisher,published,url,phrase,used"
HEADER += ",why_not\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lists").mkdir()
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "claims.csv").write_text(HEADER)
    (tmp_path / "lists" / "matched.csv").write_text(LISTS)
    return tmp_path


def problems(folder):
    with pytest.raises(es.EvidenceError) as caught:
        es.read_study(folder)
    return "\n".join(map(str, caught.value.problems))


def test_a_study_of_lists_and_no_claims_is_read_and_written_back(folder, tmp_path):
    study = es.read_study(folder)
    matched = study.anchors[0].matched
    assert matched.table.n == 102
    assert (matched.departure.low, matched.departure.high) == (0.5, 2.0)
    assert status(study, "killed") == "claimed"
    es.write_study(study, tmp_path / "again" / folder.name)
    again = es.read_study(tmp_path / "again" / folder.name)
    assert again.anchors[0].matched.table == matched.table
    es.write_study(again, tmp_path / "twice" / folder.name)
    assert es.read_study(tmp_path / "twice" / folder.name) == again


def test_a_list_file_that_is_wrong_is_told_with_its_row(folder):
    (folder / "lists" / "matched.csv").write_text(LISTS + "0,0,0,7\n1,0,0,-2\n")
    told = problems(folder)
    assert "matched.csv row 7" in told
    assert "matched.csv row 8" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"lists/matched.csv"', '"../matched.csv"', "no file in the folder"),
        ('"lists/matched.csv"', '"lists/other.csv"', "other.csv"),
        ('"decomposable graphs"', '"graph"', "unknown assumption"),
        ('assumption = "decomposable graphs"\n', "", "rests on an assumption, and none is named"),
        ('quantity = "killed"', 'quantity = "kiled"', "no"),
        ("departure = [0.5, 2]", "departure = [2, 0.5]", "departure"),
        ("departure = [0.5, 2]", "classes = 1000", "classes"),
        ("departure = [0.5, 2]", "floor = 20", "a floor and matched lists"),
        ("departure = [0.5, 2]", 'columns = ["A", "X"]', "X"),
    ],
)
def test_what_is_wrong_with_matched_lists_is_said(folder, old, new, said):
    (folder / "study.toml").write_text(STUDY.replace(old, new))
    assert said in problems(folder)


def test_lists_that_are_only_shown_need_no_assumption(folder):
    text = STUDY.replace('assumption = "decomposable graphs"', "used = false")
    (folder / "study.toml").write_text(text)
    told = problems(folder)
    assert "no claim is used" in told
