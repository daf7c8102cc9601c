"""Fits kept in a folder are opened again while nothing that they depend on has changed."""

from dataclasses import replace
from pathlib import Path

import pytest

import estimators as es
from estimators.evidence.claim import Claim, Source
from estimators.evidence.quantity import Quantity, Range
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import Exactly
from estimators.inference.compute import Draws
from estimators.inference.kept import _CODE, Kept

DRAWS = Draws(draws=20, tune=60, chains=2)


def said(number):
    """One claim."""
    return Claim("c", "a", Exactly(number), "m", When.parse("2024-03"))


@pytest.fixture
def study():
    """A study with one claim."""
    taken = Quantity("a", "Taken", "flow", Range(100, 5000, "stated before"))
    return Study("A study", "How many?", (taken,), (Source("m", "A paper", "media"),), (said(500),))


def fitting(study, times):
    """A fit that counts how often it is made."""

    def fit():
        times.append(1)
        return es.estimate(study, seed=1, draws=DRAWS, progress=False)

    return fit


def test_a_fit_is_made_once_and_gets_the_words_of_today(study, tmp_path):
    times = []
    first = Kept.of(tmp_path, study, 1, DRAWS).estimate(fitting(study, times))
    told = replace(study, title="Another title", notes="new", headline=("a",))
    again = Kept.of(tmp_path, told, 1, DRAWS).estimate(fitting(told, times))
    assert len(times) == 1
    assert again.study == told
    assert (again.count == first.count).all()
    assert again.provenance["sha256 study.toml"] != first.provenance["sha256 study.toml"]
    assert again.provenance["commit"] == first.provenance["commit"]


def test_what_changes_a_fit_is_another_fit(study, tmp_path):
    known = Kept.of(tmp_path, study, 1, DRAWS)
    more = replace(study, claims=(said(501),))
    others = [
        Kept.of(tmp_path, more, 1, DRAWS),
        Kept.of(tmp_path, study, 2, DRAWS),
        Kept.of(tmp_path, study, 1, Draws(draws=21, tune=60, chains=2)),
    ]
    assert len({known.digest, *(other.digest for other in others)}) == 4


def test_code_of_the_model_is_part_of_what_it_depends_on(study, tmp_path, monkeypatch):
    known = Kept.of(tmp_path, study, 1, DRAWS)
    monkeypatch.setattr("estimators.inference.kept._code", lambda: "changed")
    assert Kept.of(tmp_path, study, 1, DRAWS).digest != known.digest


def test_other_results_are_kept_by_name_and_what_they_depend_on(study, tmp_path):
    kept, made = Kept.of(tmp_path, study, 1, DRAWS), []

    def make_it():
        made.append(1)
        return {"a": [1.5, len(made)]}

    assert kept.other("changes", ("origin",), make_it) == {"a": [1.5, 1]}
    assert kept.other("changes", ("origin",), make_it) == {"a": [1.5, 1]}
    assert kept.other("changes", ("prior",), make_it) == {"a": [1.5, 2]}


def test_without_a_folder_nothing_is_kept(study, tmp_path):
    kept, times = Kept.of(None, study, 1, DRAWS), []
    kept.estimate(fitting(study, times))
    kept.estimate(fitting(study, times))
    kept.other("changes", (), lambda: times.append(1))
    assert len(times) == 3
    assert not list(tmp_path.iterdir())


def test_the_code_that_fits_is_named_by_files_that_are_there():
    package = Path(es.__file__).parent
    assert all(list(package.glob(pattern)) for pattern in _CODE)
