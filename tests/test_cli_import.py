"""The import commands: what they write, and what they refuse."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from estimators.cli import app

ROW = "1,1,2022-02-24,Russia,UA Source,Tanks,cumulative,point,{value}\n"
HEADER = "report_id,day,date,victim,source,category,period,bound,value\n"
runner = CliRunner()


@pytest.fixture
def invoke(tmp_path):
    """Import one report of so many tanks into a folder."""

    def run(value, *options):
        file = tmp_path / "reports.csv"
        file.write_text(HEADER + ROW.format(value=value), encoding="utf-8")
        words = ["import", "radford2023", str(file), "--to", str(tmp_path / "study"), *options]
        return runner.invoke(app, words)

    return run


def test_another_file_ends_with_1_and_writes_nothing(invoke, tmp_path):
    result = invoke(30)
    assert result.exit_code == 1
    assert "replication-data-pnas.csv" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "study").exists()


def test_any_file_can_be_imported_and_is_recorded(invoke, tmp_path):
    result = invoke(30, "--any")
    assert result.exit_code == 0
    assert "file not checked" in result.stdout
    assert "imported with --any" in (tmp_path / "study" / "cleaning.csv").read_text("utf-8")
    assert "r0001,tanks_ru,exact,30" in (tmp_path / "study" / "claims.csv").read_text("utf-8")


def test_other_claims_are_replaced_only_by_force(invoke, tmp_path):
    claims = tmp_path / "study" / "claims.csv"
    assert invoke(30, "--any").exit_code == 0
    assert invoke(30, "--any").exit_code == 0
    before = claims.read_text("utf-8")
    result = invoke(31, "--any")
    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert claims.read_text("utf-8") == before
    assert invoke(31, "--any", "--force").exit_code == 0
    assert "exact,31" in claims.read_text("utf-8")


def test_a_wrong_cell_ends_with_1(invoke):
    result = invoke("many", "--any")
    assert result.exit_code == 1
    assert "row 2, value" in result.stderr


def test_the_published_reports_make_claims(reports_file, tmp_path):
    result = runner.invoke(app, ["import", "radford2023", str(reports_file), "--to", str(tmp_path)])
    assert result.exit_code == 0
    for number in ("4,609", "4,322", "252", "51"):
        assert number in result.stdout
    assert len((tmp_path / "claims.csv").read_text("utf-8").splitlines()) == 4610


def test_import_loads_no_model():
    code = (
        "import sys; from estimators.cli import app\n"
        "try: app(['import', 'radford2023', 'no such file'])\n"
        "except SystemExit as end: assert end.code == 1, end.code\n"
        "heavy = {'pymc', 'numpy', 'pandas', 'matplotlib', 'nutpie', 'arviz'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
