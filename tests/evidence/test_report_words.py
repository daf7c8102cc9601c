"""What a study says of its report: read with every problem named, held against rules in Python."""

from dataclasses import replace

import pytest

from estimators.evidence.files import read_study, write_study
from estimators.evidence.problems import EvidenceError
from estimators.evidence.report_words import ReportWords


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('licence = "CC BY 4.0"', "not a licence that SPDX knows"),
        ('licence = ""', "not a licence that SPDX knows"),
        ('licence = "cc0-1.0"', 'Write "CC0-1.0"'),
        ("year = 26", "not a year from 1900 to 2100"),
        ("year = 2020.5", "not a year from 1900 to 2100"),
        ('year = "2020"', "it is not a number"),
        ('doi = "https://doi.org/10.5281/zenodo.1"', "without https://doi.org/"),
        ('url = "example.org"', "begins with https://"),
        ('authors = "Anna"', "not a list of texts"),
        ('authors = ["Anna", "Anna"]', "a name stands twice"),
        ('authors = [" "]', "one of them is no name"),
        ("funding = 3", "it is not text"),
        ('license = "CC0-1.0"', "Did you mean 'licence'"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(folder, line, told):
    (problem,) = folder.problems(outline=f"{folder.outline}\n[report]\n{line}\n")
    assert problem.startswith(f"study.toml, [report], {line.partition(' ')[0]}: ")
    assert told in problem


def test_all_of_it_is_named_at_once(folder):
    lines = '[report]\nyear = 3\ndoi = "x"\nurl = "x"\n'
    assert len(folder.problems(outline=f"{folder.outline}\n{lines}")) == 3


def test_a_study_that_says_nothing_has_the_defaults_and_writes_no_table(folder, tmp_path):
    study = read_study(folder.path)
    assert study.report == ReportWords()
    write_study(study, tmp_path / "again")
    assert "[report]" not in (tmp_path / "again" / "study.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (ReportWords(year="2020"), "report, year: it is not a year"),
        (ReportWords(year=True), "report, year: it is not a year"),
        (ReportWords(doi=3), "report, doi: it is not text"),
        (ReportWords(authors=[3, 3]), "report, authors: one of them is no name"),
        ("Anna", "study, report: it is not a ReportWords"),
    ],
)
def test_what_python_gives_is_held_against_the_same_rules(folder, words, told):
    with pytest.raises(EvidenceError, match=told):
        replace(read_study(folder.path), report=words)


def test_a_single_name_is_no_list():
    with pytest.raises(ValueError, match="authors: it is a text, not a list"):
        ReportWords(authors="Anna")
