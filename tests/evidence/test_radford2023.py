"""The loss reports of Radford et al. 2023: read, cleaned and made into claims."""

import csv
import io
import shutil
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from estimators.evidence import radford2023
from estimators.evidence.files import read_study
from estimators.evidence.outline import read_outline
from estimators.evidence.problems import EvidenceError
from estimators.evidence.radford2023 import QUANTITIES, SOURCES, read_reports
from estimators.evidence.radford2023_claims import cleaning_text, import_reports
from estimators.evidence.tables import claims_text, read_claims
from estimators.evidence.wording import Exactly, UpTo, Verified

STUDY = Path(__file__).parents[2] / "data" / "ukraine_losses"
RESHAPED = {
    "report_id": "1",
    "day": "1",
    "date": "2022-02-24",
    "victim": "Russia",
    "source": "UA Source",
    "category": "Tanks",
    "period": "cumulative",
    "bound": "point",
    "value": "30",
    "population": "equipment",
    "kind": "equipment",
}
PUBLISHED = {
    "days": "1",
    "loss_count": "30",
    "loss_type": "Tanks-Russia",
    "claim_source": "UA Source",
    "time_frame": "Cumulative",
    "loss_country": "Russia",
    "minimum": "0",
    "maximum": "0",
    "category": "Tanks",
    "source_target": "UA Source-Russia",
}


@pytest.fixture
def reports(tmp_path):
    """Read hand-made rows: the sound one, each with some cells changed."""

    def read(*changes, row=RESHAPED):
        path = tmp_path / "reports.csv"
        with path.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, row)
            writer.writeheader()
            writer.writerows(row | change for change in changes)
        return read_reports(path, any_file=True)

    return read


@pytest.fixture
def imported(reports):
    """Import totals: (day, value) by themselves or with cells changed; numbers run from 1."""

    def make(*given):
        rows = []
        for number, (day, value, *cells) in enumerate(given, start=1):
            date = radford2023.Report(0, day, *[""] * 5, 0).date
            row = {"report_id": number, "day": day, "date": date.isoformat(), "value": value}
            rows.append(row | (cells[0] if cells else {}))
        return import_reports(reports(*rows))

    return make


@pytest.fixture(scope="session")
def everything(reports_file):
    return import_reports(read_reports(reports_file))


def problems(read, *changes, row=RESHAPED):
    with pytest.raises(EvidenceError) as caught:
        read(*changes, row=row)
    return [str(problem) for problem in caught.value.problems]


def test_both_shapes_say_the_same(reports):
    reshaped = reports({}, {"report_id": "2", "bound": "max", "value": "100000"})
    published = reports({}, {"maximum": "1", "loss_count": "1e+05"}, row=PUBLISHED)
    assert reshaped.rows == published.rows
    assert published.rows[1].value == 100_000
    assert published.file == ""


@pytest.mark.parametrize(
    ("row", "column", "got"),
    [
        (RESHAPED, "report_id", "first"),
        (RESHAPED, "day", "0"),
        (RESHAPED, "day", "366"),
        (RESHAPED, "date", "2022-02-25"),
        (RESHAPED, "victim", "Rusia"),
        (RESHAPED, "source", "UK Source"),
        (RESHAPED, "category", "Trucks"),
        (RESHAPED, "category", "Civilian Deaths"),
        (RESHAPED, "period", "Day"),
        (RESHAPED, "bound", "minimum"),
        (RESHAPED, "value", "1e+05"),
        (RESHAPED, "value", "-1"),
        (PUBLISHED, "days", "1.5"),
        (PUBLISHED, "loss_count", "many"),
        (PUBLISHED, "loss_type", "Jets-Russia"),
        (PUBLISHED, "claim_source", ""),
        (PUBLISHED, "time_frame", "daily"),
        (PUBLISHED, "loss_country", "USA"),
        (PUBLISHED, "minimum", "yes"),
        (PUBLISHED, "category", "Ships"),
        (PUBLISHED, "source_target", "UA Source-Ukraine"),
    ],
)
def test_a_wrong_cell_is_named_with_row_and_column(reports, row, column, got):
    wrong = {column: got} | ({"loss_country": "Ukraine"} if got == "Ships" else {})
    (message,) = problems(reports, wrong, row=row)
    assert message.startswith(f"reports.csv row 2, {column}: ")
    assert not got or repr(got) in message


def test_all_problems_are_found_at_once(reports):
    found = problems(reports, {"day": "x", "value": "0"}, {"source": "Nobody"}, {})
    assert [text.split(":")[0].rsplit(None, 1)[-1] for text in found] == ["day", "value", "source"]
    assert "stands in row 2 already" in problems(reports, {}, {})[0]
    both = {"minimum": "1", "maximum": "1"}
    assert "a minimum or a maximum" in problems(reports, both, row=PUBLISHED)[0]
    assert problems(reports) == ["reports.csv: no report stands in it. Give the whole file."]


def test_a_missing_column_and_a_missing_file_are_problems(reports, tmp_path):
    short = {name: cell for name, cell in RESHAPED.items() if name != "bound"}
    assert "'bound' is missing" in problems(reports, {}, row=short)[0]
    with pytest.raises(EvidenceError, match="cannot be read"):
        read_reports(tmp_path / "none.csv")


def test_another_file_is_refused_with_where_to_get_the_right_one(reports, tmp_path):
    reports({})
    with pytest.raises(EvidenceError) as caught:
        read_reports(tmp_path / "reports.csv")
    for word in ("replication-data-pnas.csv", "github.com/benradford", "7664712", "--any"):
        assert word in str(caught.value)


def test_what_was_imported_unchecked_says_so(reports):
    read = reports({})
    step = import_reports(read).steps[0]
    assert step.what == "file not checked"
    assert read.sha256 in step.why
    assert cleaning_text([step]).splitlines()[1].startswith(",file not checked,")


def test_a_row_becomes_a_claim(imported):
    un = {"source": "United Nations", "victim": "Ukraine", "category": "Civilian Deaths"}
    made = imported(
        (2, 30),
        (3, 5, {"period": "daily"}),
        (4, 600, un),
        (5, 40, {"bound": "min", "source": "OSI"}),
        (6, 50, {"bound": "max", "source": "US Source"}),
    ).claims
    assert [claim.id for claim in made] == ["r0001", "r0002", "r0003", "r0004", "r0005"]
    wordings = [Exactly(30), Exactly(5), Verified(600), Verified(40), UpTo(50)]
    assert [claim.wording for claim in made] == wordings
    assert [claim.phrase for claim in made] == ["30", "5", "600", "at least 40", "up to 50"]
    assert [claim.origin for claim in made] == ["ua", "ua", "un", "osi", "us"]
    running = "running total"
    assert [claim.method for claim in made] == [running, "", running, running, ""]
    assert [bool(claim.since) for claim in made] == [False, True, False, False, False]
    assert made[1].since == made[1].as_of == made[1].published
    assert made[2].quantity == "civilian_deaths_ua"
    assert all(claim.used for claim in made)


def test_the_same_again_repeats_the_first(imported):
    made = imported((2, 30), (2, 30), (2, 30, {"bound": "min"}), (3, 30), (2, 30))
    assert [claim.repeats for claim in made.claims] == ["", "r0001", "", "", "r0001"]
    assert [claim.used for claim in made.claims] == [True, False, True, True, False]
    assert "r0001" in made.claims[1].why_not


def test_ranges_are_paired_in_the_order_of_rows(imported):
    low, high = {"bound": "min"}, {"bound": "max"}
    made = imported((2, 10, low), (2, 20, low), (2, 15, high), (2, 90, high), (3, 70, high))
    assert [claim.pairs_with for claim in made.claims] == ["", "", "r0001", "r0002", ""]
    assert "from 10" in made.claims[2].notes


def test_a_range_that_does_not_rise_stays_two_bounds(imported):
    made = imported((2, 30, {"bound": "min"}), (2, 30, {"bound": "max"}))
    assert not any(claim.pairs_with for claim in made.claims)
    assert all("does not rise" in claim.notes and claim.used for claim in made.claims)
    assert Counter(step.what for step in made.steps)["kept unpaired"] == 2


def test_a_total_out_of_line_is_left_out_with_the_median(imported):
    made = imported(*((100 + day, 300 + day) for day in range(6)), (103, 30))
    assert [claim.used for claim in made.claims] == [True] * 6 + [False]
    assert "30 against 302.5, the median of the 6 other totals" in made.claims[6].why_not
    few = imported(*((100 + day, 300) for day in range(4)), (103, 30))
    assert all(claim.used for claim in few.claims)


def test_fast_growth_is_not_out_of_line(imported):
    made = imported(*((day, 20 * 2**day) for day in range(1, 9)))
    assert all(claim.used for claim in made.claims)


def test_only_running_totals_can_be_out_of_line(imported):
    other = {"source": "US Source"}
    made = imported(*((100 + day, 300, other) for day in range(6)), (103, 30, other))
    assert all(claim.used for claim in made.claims)


def test_a_named_miscoding_is_left_out(imported):
    american = {"source": "US Source", "category": "Military Deaths"}
    claim = imported((260, 5937, american)).claims[0]
    assert not claim.used
    assert claim.why_not.startswith("Probably coded wrongly")


def test_the_study_has_the_quantities_and_sources_that_claims_name():
    outline = tomllib.loads((STUDY / "study.toml").read_text("utf-8"))
    named = {id for categories in QUANTITIES.values() for id in categories.values()}
    assert len(named) == 30
    assert set(outline["quantities"]) == named
    assert set(outline["sources"]) == set(SOURCES.values())


def test_the_study_is_sound_apart_from_its_claims():
    assert read_outline(STUDY / "study.toml")[2] == []


def test_claims_read_back_unchanged(imported, tmp_path):
    made = imported((2, 30), (3, 5, {"period": "daily"}), (4, 40, {"bound": "min"}))
    (tmp_path / "claims.csv").write_text(claims_text(made.claims), encoding="utf-8")
    assert tuple(read_claims(tmp_path / "claims.csv").claims) == made.claims


def test_a_changed_byte_is_refused(reports_file, tmp_path):
    content = reports_file.read_bytes()
    (tmp_path / "reports.csv").write_bytes(content.replace(b"400", b"401", 1))
    with pytest.raises(EvidenceError, match="not the file that was checked"):
        read_reports(tmp_path / "reports.csv")


def test_the_whole_file_is_cleaned_as_recorded(everything):
    claims, steps = everything.claims, everything.steps
    assert len(claims) == 4609
    assert Counter(step.what for step in steps) == {
        "repeats": 252,
        "paired": 51,
        "left out: out of line": 32,
        "left out: coded wrongly": 3,
    }
    assert sum(claim.used for claim in claims) == 4609 - 252 - 32 - 3
    assert Counter(claim.wording.name for claim in claims) == {
        "exact": 4309,
        "at least": 51,
        "up to": 51,
        "verified": 198,
    }
    assert sum(claim.method == "running total" for claim in claims) == 4108
    assert sum(claim.since is not None for claim in claims) == 162
    assert {c.id for c in claims if c.why_not.startswith("Probably")} == {"r2660", "r2678", "r3392"}


def test_the_study_is_sound_with_its_claims(everything, tmp_path):
    for name in ("study.toml", "references.bib"):
        shutil.copy(STUDY / name, tmp_path)
    (tmp_path / "claims.csv").write_text(claims_text(everything.claims), encoding="utf-8")
    study = read_study(tmp_path)
    assert study.claims == everything.claims
    assert len(study.readings) == 4322 - 51


def test_the_readme_has_these_counts(everything):
    readme = (STUDY / "README.md").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(cleaning_text(everything.steps))))
    assert len(rows) == 338
    readings = sum(claim.used for claim in everything.claims) - 51
    for n in (252, 51, 32, 4322, readings, 162, 122, 4309, 76, 4108):
        assert f"{n:,}" in readme
