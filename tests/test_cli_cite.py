"""`undercount cite` and `undercount reproduce`: what they print and how they end."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from estimators.cli import app
from estimators.publish import reproduce as module
from estimators.publish.reproduce import COLUMNS, Reproduction, differing

RUN = CliRunner()


@pytest.fixture
def report(tmp_path):
    told = {"title": "Taken from the port", "sentences": {"taken": "About 200 [bold] were taken."}}
    (tmp_path / "results.json").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


def test_cite_prints_entry_and_sentence(report):
    done = RUN.invoke(app, ["cite", str(report), "--style", "chicago"])
    assert done.exit_code == 0
    assert done.stdout.startswith("Taken from the Port. n.d.")
    assert "About 200 [bold] were taken (Taken from the Port, n.d.)." in done.stdout


def test_data_alone_goes_to_the_standard_output(report):
    done = RUN.invoke(app, ["cite", str(report), "--style", "csl"])
    assert json.loads(done.stdout)[0]["title"] == "Taken from the port"
    assert "About 200" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["cite", "nowhere"], 1, "there is no such file"),
        (["cite", ".", "--style", "aap"], 2, "apa, chicago, bibtex, csl"),
        (["reproduce", "nowhere"], 1, "is no report"),
    ],
)
def test_what_is_wrong_is_said(words, code, said):
    done = RUN.invoke(app, words)
    assert done.exit_code == code
    assert said in " ".join(done.output.split())


@pytest.mark.parametrize(("verdict", "code"), [("same", 0), ("different", 1)])
def test_reproduce_ends_by_its_verdict(report, monkeypatch, tmp_path, verdict, code):
    row = ("taken", "median", 243.0, 250.0, 1.5, verdict, "7 apart, 1.5 allowed")
    table = pd.DataFrame([row], columns=list(COLUMNS))
    made = Reproduction(table, differing({"commit": "a"}, {"commit": "b"}))
    monkeypatch.setattr(module, "reproduce", lambda folder, study: made)
    done = RUN.invoke(app, ["reproduce", str(report), "--csv", str(tmp_path / "all.csv")])
    assert done.exit_code == code
    assert f"{verdict}: 1 {verdict}" in done.stdout
    assert "commit" in done.stdout
    assert ("7 apart" in done.stdout) is (verdict == "different")
    assert "243.0" in (tmp_path / "all.csv").read_text("utf-8")
