"""What a user adds from Python: wordings and classes of sources, known to readers and rules."""

import copy
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from estimators.evidence.files import read_study, write_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.registry import register_class, registered_classes
from estimators.evidence.wording import (
    NAMES,
    About,
    OneNumber,
    register_wording,
    registered,
    wording_of,
)

ROOT = Path(__file__).parents[2]


def test_a_registered_wording_is_known_everywhere(folder):
    kind = register_wording("a good", "a good")
    assert issubclass(kind, OneNumber)
    assert registered() == ("a good",)
    assert "a good" in NAMES
    assert NAMES[-1] == "a good"
    assert wording_of("a good", value=600.0) == kind(600)
    assert str(kind(1100)) == "a good 1,100"
    assert kind(600) != About(600)
    folder.write(claims=folder.table(folder.row(wording="a good")))
    study = read_study(folder.path)
    assert study.claims[0].wording == kind(600)
    write_study(study, folder.path)
    assert read_study(folder.path) == study
    (problem,) = folder.problems(claims=folder.table(folder.row(wording="a goood")))
    assert "Did you mean 'a good'?" in problem


def test_the_hedge_is_the_name_unless_one_is_given():
    assert str(register_wording("reportedly")(600)) == "reportedly 600"
    assert str(register_wording("said to be", "said to be some")(600)) == "said to be some 600"


def test_registering_again_gives_the_same_type():
    assert register_wording("a good") is register_wording("a good", "a good")
    with pytest.raises(ValueError, match="'a good' is a wording already"):
        register_wording("a good", "a full")


@pytest.mark.parametrize("name", ["about", "between", "estimate", "hundreds", "many", "most"])
def test_a_built_in_name_is_taken(name):
    with pytest.raises(ValueError, match="a wording already"):
        register_wording(name)


@pytest.mark.parametrize("name", ["", "About", " a", "a  b", "a1", "a,b", 5])
def test_a_name_is_made_of_lower_case_words(name):
    with pytest.raises(ValueError, match="lower-case words"):
        register_wording(name)


def test_a_registered_wording_is_copied_and_travels_to_another_process():
    made = register_wording("well over")(600)
    assert copy.deepcopy(made) == replace(made) == pickle.loads(pickle.dumps(made)) == made
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(made), cwd=ROOT, capture_output=True
    )
    assert done.stdout.decode().strip() == "well over 600"


def test_a_registered_class_is_known_to_the_rules(folder):
    outline = folder.outline.replace('"media"', '"smuggler"')
    (problem,) = folder.problems(outline=outline)
    assert "unknown class. Got 'smuggler'." in problem
    made = register_class("smuggler", 0.9, "They boast.")
    assert registered_classes() == {"smuggler": made}
    assert register_class("smuggler", 0.9, "They boast.") is made
    study = read_study(folder.path)
    assert study.sources[0].source_class == "smuggler"
    assert study.class_spreads == {"smuggler": 0.9}
    registered_classes().clear()
    assert registered_classes() == {"smuggler": made}


def test_the_class_of_the_study_itself_counts_before_a_registered_one(folder):
    register_class("smuggler", 0.9, "They boast.")
    own = '[classes.smuggler]\nspread = 0.5\nreason = "r"\n'
    folder.write(outline=folder.outline.replace("[sources]", f"{own}[sources]"))
    assert read_study(folder.path).class_spreads == {"smuggler": 0.5}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (("media", 0.9, "r"), "a class already"),
        (("smuggler", 0.8, "r"), "a class already"),
        (("a b", 0.9, "r"), "cannot be the name"),
        (("x", 0, "r"), "above 0 and at most 5"),
        (("x", 5.1, "r"), "above 0 and at most 5"),
        (("x", float("nan"), "r"), "above 0 and at most 5"),
        (("x", "wide", "r"), "not a number but str"),
        (("x", 0.9, " "), "needs a reason"),
    ],
)
def test_a_class_that_cannot_be_registered(given, wrong):
    register_class("smuggler", 0.9, "They boast.")
    with pytest.raises(ValueError, match=wrong):
        register_class(*given)


def test_an_unknown_wording_of_a_file_is_still_refused(folder):
    folder.write(claims=folder.table(folder.row(wording="a good")))
    with pytest.raises(EvidenceError, match="not a known wording"):
        read_study(folder.path)
