"""The command: what it prints, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from estimators.cli import app

STUDY = Path(__file__).parents[1] / "data" / "north_korea"
runner = CliRunner()


@pytest.fixture
def skeleton(tmp_path):
    result = runner.invoke(app, ["new", str(tmp_path / "port")])
    assert result.exit_code == 0
    return tmp_path / "port"


def test_new_writes_what_check_finds_sound(skeleton):
    result = runner.invoke(app, ["check", str(skeleton)])
    assert result.exit_code == 0
    assert "Sound" in result.stdout
    again = runner.invoke(app, ["new", str(skeleton)])
    assert again.exit_code == 1
    assert "there already" in again.stderr


def test_check_counts_claims_origins_and_networks():
    result = runner.invoke(app, ["check", str(STUDY)])
    assert result.exit_code == 0
    for name in ("claims", "used as readings", "origins", "networks", "settled"):
        assert name in result.stdout


def test_unsound_evidence_ends_with_1_and_every_problem(skeleton):
    claims = skeleton / "claims.csv"
    text = claims.read_text("utf-8").replace("about", "abhout").replace("at least", "at lest")
    claims.write_text(text, encoding="utf-8")
    result = runner.invoke(app, ["check", str(skeleton)])
    assert result.exit_code == 1
    assert "abhout" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_no_folder_is_an_error_of_evidence(tmp_path):
    result = runner.invoke(app, ["report", str(tmp_path / "nothing")])
    assert result.exit_code == 1
    assert "no such folder" in result.stderr


@pytest.mark.parametrize(
    "words",
    [["check"], ["nonsense"], ["report", "x", "--draws", "0"], ["report", "x", "--waive", "a"]],
)
def test_what_is_not_understood_ends_with_2(words):
    assert runner.invoke(app, words).exit_code == 2


def test_help_and_version_say_what_there_is():
    text = runner.invoke(app, ["--help"]).stdout
    for word in ("check", "report", "new", "claims.csv", "Exit codes"):
        assert word in text
    assert "Example" in runner.invoke(app, ["report", "--help"]).stdout
    assert runner.invoke(app, ["--version"]).stdout.startswith("undercount ")


def test_markup_and_control_characters_come_out_as_text(skeleton):
    outline = skeleton / "study.toml"
    lines = outline.read_text("utf-8").splitlines()
    odd = r'title = "[red]x[/red] \u001b[31m [/nonsense]"'
    lines = [odd if line.startswith("title") else line for line in lines]
    outline.write_text("\n".join(lines), encoding="utf-8")
    result = runner.invoke(app, ["check", str(skeleton)])
    assert result.exit_code == 0
    assert "[red]x[/red]" in result.stdout
    assert "\x1b[31m" not in result.stdout


def test_failed_checks_end_with_3_and_the_remedy(skeleton, monkeypatch, tmp_path):
    from estimators.inference.checks import NotPublishableError

    def refused(*_args):
        raise NotPublishableError("divergences: 3 draws. Sample longer.")

    monkeypatch.setattr("estimators.cli_report._make_report", refused)
    result = runner.invoke(app, ["report", str(skeleton), "--to", str(tmp_path / "out")])
    assert result.exit_code == 3
    assert "Sample longer." in result.stderr
    assert not (tmp_path / "out").exists()


def test_report_passes_what_was_asked_on(skeleton, monkeypatch):
    seen = {}

    def made(asked, stage):
        stage("estimating")
        seen.update(vars(asked))
        del seen["study"]
        return asked.to / "report.html"

    monkeypatch.setattr("estimators.cli_report._make_report", made)
    words = ["report", str(skeleton), "--seed", "7", "--draws", "50", "--chains", "2"]
    words += ["--changes", "origin", "--changes", "early error", "--keep", ".fits"]
    result = runner.invoke(app, [*words, "--waive", "r-hat=a trial = run"])
    assert result.exit_code == 0
    assert result.stdout.strip() == "reports/port/report.html".replace("/", str(Path("/")))
    assert seen == {
        "to": Path("reports/port"),
        "seed": 7,
        "draws": 50,
        "chains": 2,
        "keep": Path(".fits"),
        "kinds": ("origin", "early error"),
        "waivers": {"r-hat": "a trial = run"},
        "style": None,
        "language": None,
    }
    assert "estimating" in result.stderr


def test_a_house_style_is_read_before_anything_is_estimated(skeleton, tmp_path):
    result = runner.invoke(app, ["report", str(skeleton), "--style", str(tmp_path)])
    assert result.exit_code == 2
    assert "no style.toml" in " ".join(result.stderr.replace("│", " ").split())


def test_check_loads_no_model():
    code = (
        "import sys; from estimators.cli import app\n"
        f"try: app(['check', {str(STUDY)!r}])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'pymc', 'numpy', 'pandas', 'matplotlib', 'nutpie', 'arviz'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
