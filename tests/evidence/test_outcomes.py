"""Known outcomes: the set that is shipped, and everything that can be wrong with a file of them."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import estimators as es
from estimators.cli import app
from estimators.evidence.outcome_rows import COLUMNS, OPTIONAL
from estimators.evidence.wording import Between, CouldReach, OrderOf, UpTo

SET = Path(__file__).parents[2] / "data" / "known_outcomes"
ROW = {
    "event": "Ferry, Port 2011",
    "quantity": "dead",
    "category": "accident",
    "event_end": "2011-03-04",
    "access_opened": "2011-03-05",
    "claim_value": "120",
    "qualifier": "about",
    "source": "Coast guard",
    "source_class": "official",
    "published_date": "2011-03-05",
    "final_value": "134",
    "final_source": "Inquiry",
    "kind": "claim",
    "selection": "plain",
    "final_quality": "A",
}


def write(path, *changes, drop=()):
    columns = [column for column in (*COLUMNS, *OPTIONAL) if column not in drop]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(ROW | change for change in changes)
    return path


@pytest.fixture
def refused(tmp_path):
    def read(*changes, **how):
        with pytest.raises(es.EvidenceError) as caught:
            es.read_outcomes(write(tmp_path / "mine.csv", *changes, **how))
        return [str(problem) for problem in caught.value.problems]

    return read


def test_the_set_that_is_shipped():
    found = es.read_outcomes(SET)
    assert (len(found.events), found.n_claims, found.unread) == (181, 747, ())
    assert sum(claim.is_denial for event in found.events for claim in event.claims) == 1
    claims = [claim for event in found.events for claim in event.claims]
    assert all(claim.source_class for claim in claims)
    filled = [claim for claim in claims if claim.class_reason]
    assert len(filled) == 71
    assert all(claim.class_reason.startswith("filled by rule: ") for claim in filled)
    assert {e.cluster for e in found.events if "Vanni" in e.event} == {"Vanni, Sri Lanka 2009"}
    early = found.of(["arrests", "deportation"])
    assert {event.category for event in early.events} == {"arrests", "deportation"}
    assert early.hash != found.hash == es.read_outcomes(SET / "claims.csv").hash


def test_what_a_row_says(tmp_path):
    rows = (
        {},
        {"claim_value": "", "low": "90", "high": "150", "qualifier": "between"},
        {"claim_value": "", "qualifier": "dozens"},
        {"qualifier": "as many as"},
        {"qualifier": "can reach", "kind": "projection"},
        {"claim_value": "0", "qualifier": "exact"},
        {"published_date": "2011-03", "note": "Same origin as the coast guard"},
    )
    found = es.read_outcomes(write(tmp_path / "mine.csv", *rows))
    (event,) = found.events
    said = [claim.wording for claim in event.claims]
    assert said[1:5] == [Between(90, 150), OrderOf("dozens"), UpTo(120), CouldReach(120)]
    assert (said[5], event.claims[5].is_denial) == (None, True)
    assert [claim.is_repeat for claim in event.claims] == [False] * 6 + [True]
    assert event.counted_from == date(2011, 3, 5)
    assert event.cluster == event.event
    assert event.claims[6].published.middle == date(2011, 3, 16)


def test_an_unknown_wording_is_named_and_never_guessed(tmp_path):
    found = es.read_outcomes(write(tmp_path / "mine.csv", {}, {"qualifier": "roughly"}))
    assert found.unread == ("mine.csv row 3: 'roughly' is no known wording; it is left out.",)
    assert found.events[0].claims[1].wording is None


def test_the_columns_of_the_folder_alone_are_enough(tmp_path):
    path = write(tmp_path / "mine.csv", {"source_class": ""}, drop=OPTIONAL)
    assert es.read_outcomes(path).events[0].claims[0].source_class == ""


TOMORROW = (date.today() + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"final_value": "0"}, "row 2, final_value: an outcome of zero has no logarithm."),
        ({"final_value": ""}, "row 2, final_value: it is empty."),
        ({"claim_value": "1,200"}, "claim_value: it is not a number. Got '1,200'"),
        ({"claim_value": ""}, "claim_value: it has no number."),
        ({"published_date": TOMORROW}, "published_date: it lies in the future."),
        ({"published_date": "5 March"}, "published_date: it is not a date."),
        ({"event_end": "2011-03"}, "event_end: it is not one day."),
        ({"access_opened": ""}, "access_opened: it is not a date."),
        ({"category": "arrest"}, "category: it is not known. Got 'arrest'. Did you mean 'arrests'"),
        ({"kind": ""}, "kind: it is empty."),
        ({"source_class": "police"}, "source_class: it is not known."),
        ({"final_low": "140"}, "final_low: it is above final_value."),
        ({"final_high": "120"}, "final_high: it is below final_value."),
        (
            {"claim_value": "", "low": "90", "high": "80"},
            "row 2, low: low (90) is not below high (80)",
        ),
        ({"source": ""}, "source: it is empty."),
    ],
)
def test_bad_cells_are_named_with_their_row_and_column(refused, change, said):
    problems = refused(change)
    assert any(said in problem for problem in problems), problems


def test_rows_that_contradict_each_other(refused):
    other = {"source": "Mayor"}
    (problem,) = refused({}, other | {"final_value": "140"})
    assert problem.startswith("mine.csv row 3, final_value: it is '134' in row 2. Got '140'")
    problems = refused({"cluster": "a"}, other | {"cluster": "b", "quantity": "missing"})
    assert "An event stands in one cluster" in problems[0]
    (problem,) = refused({}, {})
    assert "the same source says the same on the same day in mine.csv row 2" in problem


def test_files_that_hold_nothing_or_lack_columns(refused, tmp_path):
    assert "no event stands in it" in refused()[0]
    assert "the column 'kind' is missing" in refused({}, drop=("kind",))[0]
    with pytest.raises(es.EvidenceError, match="cannot be read"):
        es.read_outcomes(tmp_path / "none.csv")


def test_rows_are_added_when_both_together_are_sound(tmp_path):
    mine = tmp_path / "set.csv"
    more = write(tmp_path / "more.csv", {"source": "Mayor"})
    runner = CliRunner()
    assert runner.invoke(app, ["outcomes", "add", str(mine), str(more)]).exit_code == 0
    write(tmp_path / "other.csv", {"event": "Bus, Road 2012"})
    result = runner.invoke(app, ["outcomes", "add", str(mine), str(tmp_path / "other.csv")])
    assert "2 outcomes" in result.stdout
    before = mine.read_bytes()
    result = runner.invoke(app, ["outcomes", "add", str(mine), str(more)])
    assert result.exit_code == 1
    assert "says the same on the same day" in result.stderr
    assert mine.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["more.csv", "other.csv", "set.csv"]


def test_the_command_says_what_a_set_holds(tmp_path):
    runner = CliRunner()
    result = runner.invoke(app, ["outcomes", "check", str(SET)])
    assert result.exit_code == 0
    assert "181 outcomes in 149 clusters, 747 claims, 0 of them unread" in result.stdout
    bad = write(tmp_path / "bad.csv", {"kind": "rumour"})
    assert runner.invoke(app, ["outcomes", "check", str(bad)]).exit_code == 1
