"""Tables: documented, reported and estimated apart; nothing with fourteen digits."""

import csv
import re

import pandas as pd

from estimators.evidence.wording import About, Exactly
from estimators.publish.claims_page import claims_markdown
from estimators.publish.escaping import Safe
from estimators.publish.tables import claims_table, estimates_table, to_markdown, write_csv


def test_the_three_words_have_columns_of_their_own(estimate):
    row = estimates_table(estimate).loc["taken"]
    assert pd.isna(row["documented"])
    assert row["reported"] == "at least 150 … about 200"
    assert (row["estimated low"], row["estimated median"], row["estimated high"]) == (110, 240, 500)
    assert row["unit"] == "persons"


def test_what_no_claim_touches_is_assumed_and_never_estimated(estimate):
    row = estimates_table(estimate).loc["unclaimed"]
    assert row["status"] == "assumed"
    assert pd.isna(row["estimated low"])
    assert row["assumed median"] == 70


def test_documented_counts_the_identified_also_when_unused(make_study, make_estimate, make_claim):
    study = make_study(
        make_claim("a", "taken", Exactly(180)),
        make_claim("n", "taken", Exactly(3), method="enumeration", used=False, why_not="A floor."),
    )
    assert estimates_table(make_estimate(study)).loc["taken", "documented"] == 3


def test_claims_table_keeps_every_claim(study):
    table = claims_table(study)
    assert list(table.index) == [c.id for c in study.claims]
    assert table.loc["e", "why_not"] == "The number of those taken, relabelled."


def test_a_claim_shows_its_quote_and_where_it_is_archived(make_study, make_claim):
    where = {"url": "https://p.org/1", "archived_url": "https://archive.example/1"}
    said = make_claim("a", "taken", About(200), quote="Some 200 were led away.", **where)
    page = claims_markdown(make_study(said)).replace("\\", "")
    assert "“Some 200 were led away.”" in page
    assert "[archived](<https://archive.example/1>)" in page
    assert claims_table(make_study(said)).loc["a", "archived_url"] == where["archived_url"]


def test_csv_has_short_numbers_and_no_formulas(estimate, tmp_path):
    table = estimates_table(estimate)
    table["label"] = ["=1+2", "@x", "plain", "-2", *["z"] * (len(table) - 4)]
    text = write_csv(table, tmp_path / "t.csv").read_text("utf-8")
    assert not re.search(r"\d\.\d{3,}|\d{8,}", text)
    rows = list(csv.DictReader(text.splitlines()))
    assert [r["label"] for r in rows[:4]] == ["'=1+2", "'@x", "plain", "'-2"]
    assert rows[0]["estimated high"] == "500"
    assert rows[0]["documented"] == ""


def test_markdown_escapes_text_but_not_what_the_program_made():
    table = pd.DataFrame({"a": ["x|y", Safe("**z**")], "n": [1234.0, None]}, dtype=object)
    assert to_markdown(table) == (
        "| a | n |\n| ----------- | ----------- |\n| x\\|y | 1\\,234 |\n| **z** |  |\n"
    )
