"""What a report says of time: figures instead of rows, a table of dates, few of many claims."""

import json
import re

import pandas as pd
import pytest
import xarray as xr

from estimators.evidence.wording import Exactly
from estimators.inference.checks import Check, Checks
from estimators.inference.prior import Prior
from estimators.publish.claims_page import ALL, MOST, claims_note, shown_claims
from estimators.publish.figure_series import plot_series
from estimators.publish.over_time_table import dates_shown, over_time_table
from estimators.publish.plates import drawn
from estimators.publish.report import write_report
from estimators.publish.said import said_of
from estimators.publish.sentences import sentence
from estimators.publish.series_captions import series_alt
from tests.publish.series_study import (
    WEEKS,
    estimate_over_time,
    one_of_each,
    over_time_study,
    said,
)


def checks_of(study):
    rows = {
        c.id: {"quantity": c.quantity, "said": "1", "low": 1.0, "high": 9.0, "pit": 0.5,
               "outside": True}
        for c in study.readings
    }  # fmt: skip
    passed = (Check("r-hat", "passed", "why " * 400),)
    return Checks(passed, pd.DataFrame.from_dict(rows, orient="index"))


def thousands():
    claims = (
        said(f"m{n}", Exactly(100 + n), n % 70, ("post", "watch", "office")[n % 3], "killed")
        for n in range(1500)
    )
    return over_time_study((*one_of_each(), *claims))


@pytest.fixture
def page(tmp_path):
    study = over_time_study()
    estimate = estimate_over_time(study)
    before = estimate.tree["posterior"].to_dataset()[["count", "share"]]
    prior = Prior(study, xr.DataTree.from_dict({"prior": before}))
    made = write_report(estimate, to=tmp_path / "r", checks=checks_of(study), prior=prior)
    return made.read_text("utf-8")


def test_the_report_has_a_section_over_time(page, tmp_path):
    assert re.search(r"<h1[^>]*>Over time</h1>", page)
    names = {path.stem for path in (tmp_path / "r" / "figures").iterdir()}
    assert {"series_killed", "series_held", "over_time", "flows"} <= names
    assert not any(name.startswith("claims_") for name in names)
    table = pd.read_csv(tmp_path / "r" / "tables" / "over_time.csv")
    assert len(table) == 7 * WEEKS
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.DOTALL)
    assert all(f"Figure\xa0{n}." in text for n, text in enumerate(captions, 1))
    assert all(re.search(r'alt="[^"]{20,}"', image) for image in re.findall(r"<img[^>]*>", page))


def test_long_lists_are_cut_on_the_page(page):
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "These are the furthest" in text
    assert "why " * 100 not in text


def test_a_study_without_series_has_no_such_section(estimate, prior, study, make_checks, tmp_path):
    made = write_report(estimate, to=tmp_path / "r", checks=make_checks(study), prior=prior)
    assert "Over time" not in made.read_text("utf-8")
    assert not (tmp_path / "r" / "tables" / "over_time.csv").exists()


def test_the_table_rounds_and_leaves_new_of_a_stock_empty():
    table = over_time_table(estimate_over_time(over_time_study()), ["returned", "held"])
    assert list(table.loc["returned", "median"])[-1] == 900
    assert table.loc["held", "new low"].isna().all()
    assert list(table.loc["returned", "day"])[-1] == "2023-03-12"


def test_about_a_dozen_dates_are_shown_with_the_last():
    series = over_time_study().series[0]
    days = dates_shown(series)
    assert len(days) == WEEKS
    assert days[-1] == series.end


def test_of_thousands_of_claims_a_stated_number_is_shown():
    study = thousands()
    shown = shown_claims(study)
    assert len(study.claims) > ALL
    assert len(shown) <= MOST
    pairs = {(c.quantity, c.origin) for c in study.claims if c.used}
    there = {(study.claim_by_id[id].quantity, study.claim_by_id[id].origin) for id in shown}
    assert there == pairs
    assert f"Here stand {len(shown)}" in claims_note(study)
    assert "tables/claims.csv" in claims_note(study)
    assert shown_claims(over_time_study()) == tuple(c.id for c in one_of_each())


def test_no_rows_of_claims_for_what_runs_over_time():
    assert drawn(over_time_study()) == ()


def test_what_was_reported_is_what_was_said_last():
    study = over_time_study()
    assert said_of(study, "killed").ends == ("1,240", "1,240")
    assert "it was last reported as" in sentence(estimate_over_time(study), "killed")


def test_lorries_are_lorries_over_time():
    study = over_time_study((*one_of_each(), said("t", Exactly(90), 66, quantity="x0")), 1)
    estimate = estimate_over_time(study)
    assert re.search(r"between \d+ and \d+ lorries \(90%", sentence(estimate, "x0"))
    assert "people" not in sentence(estimate, "x0")
    assert plot_series(estimate, "x0").get_ylabel() == "lorries so far"
    assert ", lorries, 90% intervals up to" in series_alt(estimate, "x0")
    assert ", people, 90% intervals up to" in series_alt(estimate, "killed")
    units = over_time_table(estimate)["unit"]
    assert set(units.loc["x0"]) == {"lorries"}
    assert set(units.loc["killed"]) == {"persons"}
    assert json.dumps(sentence(estimate, "x0")).count("person") == 0
