"""The figure and the table of what would narrow an estimate, and their place in the report."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from estimators.inference.outlook import outlook
from estimators.publish.captions_doubt import outlook_alt, outlook_caption
from estimators.publish.figure_outlook import plot_outlook
from estimators.publish.report import write_report
from estimators.publish.style import figure_of
from estimators.publish.tables_doubt import outlook_markdown, outlook_table


def beside(name):
    """Return another module of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


overlaps = beside("test_figures").overlaps


@pytest.fixture
def made(estimate):
    return outlook(estimate, simulations=20)


def stretched(made, by):
    table = made.table.copy()
    table[["factor_now", "factor_then"]] **= by
    return replace(made, table=table)


@pytest.mark.parametrize("by", [0.1, 1.0, 4.0, 12.0])
def test_a_row_a_scenario_and_no_overlap(made, by):
    ax = plot_outlook(stretched(made, by))
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["now", *made.scenarios] * 2
    assert len(ax.patches) == len(rows)
    assert not overlaps(figure_of(ax))


def test_bars_are_as_long_as_the_log_of_the_factor(made):
    ax = plot_outlook(made)
    widths = [bar.get_width() for bar in ax.patches[1 : len(made.scenarios) + 1]]
    mine = made.table[made.table["quantity"] == "taken"]
    assert widths == pytest.approx(np.log(mine["factor_then"]).tolist())
    texts = [text.get_text() for text in ax.texts]
    assert f"{mine['kept'].iloc[0]:.0%}" in texts


def test_long_names_and_formulas_stay_inside(make_study, make_estimate, study):
    long = replace(study.quantities[0], label="Taken $x$ from the harbour and not seen " * 6)
    odd = make_study(quantities=(long, *study.quantities[1:]))
    assert not overlaps(figure_of(plot_outlook(outlook(make_estimate(odd), simulations=2))))


def test_what_few_draws_bear_out_is_hatched_and_said(made):
    doubtful = replace(made, table=made.table.assign(few=0.5))
    bars = plot_outlook(doubtful).patches
    assert [bool(bar.get_hatch()) for bar in bars[:3]] == [False, True, True]
    assert "Hatched" in outlook_caption(doubtful)
    assert "uncertain" in outlook_markdown(doubtful)
    sure = replace(made, table=made.table.assign(few=0.0))
    assert "Hatched" not in outlook_caption(sure)
    assert "uncertain" not in outlook_markdown(sure)


def test_it_draws_on_given_axes(made):
    _, ax = plt.subplots()
    assert plot_outlook(made, ax) is ax
    assert ax.get_title("left").startswith("What would narrow it")


def test_the_same_in_words_and_rounded(made):
    assert "Taken on 14 May 2020: ×/÷" in outlook_alt(made)
    assert "after 10 more origins" in outlook_alt(made)
    assert len(outlook_markdown(made).splitlines()) == 2 + len(made.quantities)
    table = outlook_table(made)
    assert table["kept"].tolist() == made.table["kept"].round(2).tolist()


def test_the_report_has_a_section_with_figure_and_tables(
    estimate, study, prior, make_checks, tmp_path
):
    made = write_report(estimate, to=tmp_path / "r", checks=make_checks(study), prior=prior)
    page = made.read_text("utf-8")
    heads = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    assert heads.index("What would narrow it") == heads.index("What would change it") + 1
    assert "Raiffa" in page
    assert (tmp_path / "r" / "figures" / "outlook.svg").is_file()
    assert (tmp_path / "r" / "tables" / "outlook.csv").is_file()


def test_a_headline_that_no_claim_touches_has_no_section(
    make_study, make_estimate, prior, make_checks, tmp_path
):
    shares = make_study(headline=("women_share",))
    estimate = make_estimate(shares)
    made = write_report(estimate, to=tmp_path / "r", checks=make_checks(shares), prior=prior)
    assert "What would narrow it" not in made.read_text("utf-8")
