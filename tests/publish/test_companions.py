"""What lies beside a report: citation, schema, crate and workbook, read by other programs."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import frictionless
import jsonschema
import openpyxl
import pytest
import yaml
from rocrate.rocrate import ROCrate

from estimators.evidence.report_words import ReportWords
from estimators.publish.authors import parts_of
from estimators.publish.citation_files import citation_cff, credits_of
from estimators.publish.columns import columns_of, kind_of, known_tables, number_of, unguarded
from estimators.publish.companions import COMPANIONS, write_companions
from estimators.publish.folder import ReportFolder, Table, read_table
from estimators.publish.workbook import WORKBOOK

FULL = ReportWords(
    ("Harbour Watch", "Doe, Jane"), "The Press", 2026, "CC-BY-4.0", "https://p.org/r", "10.1234/x"
)
SCHEMA = json.loads((Path(__file__).parent / "cff-1.2.0.schema.json").read_text("utf-8"))
COMMITTED = Path(__file__).parents[2] / "reports"


@pytest.fixture
def folder(report_folder, tmp_path):
    made = shutil.copytree(report_folder, tmp_path / "port")
    write_companions(made, FULL)
    return made


def entities(folder):
    crate = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    return {entity["@id"]: entity for entity in crate["@graph"]}


@pytest.mark.parametrize("credits", [FULL, ReportWords(), ReportWords(publisher="The Press")])
def test_the_citation_file_is_valid_and_comes_back(report_folder, tmp_path, credits):
    made = shutil.copytree(report_folder, tmp_path / "port")
    write_companions(made, credits)
    told = yaml.safe_load((made / "CITATION.cff").read_text("utf-8"))
    jsonschema.Draft7Validator(SCHEMA).validate(told)
    assert told["title"] == "Taken from the port"
    assert credits_of(ReportFolder.read(made)) == credits


def test_a_citation_file_without_its_title_is_not_valid(report_folder):
    told = yaml.safe_load(citation_cff(ReportFolder.read(report_folder), FULL))
    del told["title"]
    assert not jsonschema.Draft7Validator(SCHEMA).is_valid(told)


def test_a_citation_file_that_is_broken_is_named(folder):
    (folder / "CITATION.cff").write_text("authors: [", encoding="utf-8")
    with pytest.raises(ValueError, match=r"CITATION\.cff cannot be read.*mend it"):
        credits_of(ReportFolder.read(folder))


def test_the_data_package_holds_what_it_says(folder):
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert {task.name for task in report.tasks} >= {"estimates", "claims", "checks"}


def test_a_table_that_was_changed_is_found_by_the_data_package(folder):
    table = folder / "tables" / "estimates.csv"
    table.write_text(table.read_text("utf-8").replace("110", "many"), encoding="utf-8")
    found = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert {"hash-count", "type-error"} & {kind for (kind,) in found.flatten(["type"])}


def test_every_column_of_every_table_has_a_meaning(report_folder):
    places = [report_folder, *(p.parent for p in COMMITTED.glob("*/results.json"))]
    tables = [table for place in places for table in ReportFolder.read(place).tables]
    assert {table.name for table in tables} >= set(known_tables()) - {"every_table"}
    for table in tables:
        assert table.name in known_tables()
        assert not [c.name for c in columns_of(table) if not c.meaning], table.name


def test_no_table_holds_a_number_of_many_digits(report_folder):
    for place in (report_folder, *(p.parent for p in COMMITTED.glob("*/results.json"))):
        for table in ReportFolder.read(place).tables:
            for column in columns_of(table):
                cells = table.columns[column.name] if column.is_numeric else []
                assert not [c for c in cells if re.search(r"\.\d{5,}", c)], column.name


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2,300", ""], "integer"),
        (["1", "0.25"], "number"),
        (["1e-05"], "number"),
        (["1", "about 2"], "string"),
        (["yes", "no"], "boolean"),
        (["yes", ""], "string"),
        (["2023-10-09"], "date"),
        (["2023-10"], "string"),
        (["", ""], "string"),
    ],
)
def test_the_type_of_a_column_is_what_holds_of_all_its_cells(cells, kind):
    assert kind_of(cells) == kind


def test_a_unit_that_all_rows_share_is_named(tmp_path):
    heads = ("quantity", "estimated low", "unit")
    rows = (("a", "1", "persons"), ("b", "2", "persons"))
    one = Table(tmp_path / "estimates.csv", heads, rows)
    two = Table(tmp_path / "estimates.csv", heads, (*rows, ("c", "3", "percent")))
    assert [column.unit for column in columns_of(one)] == ["", "persons", ""]
    assert [column.unit for column in columns_of(two)] == ["", "as in column unit", ""]


def test_the_crate_describes_every_file(folder):
    crate = ROCrate(str(folder))
    assert crate.name == "Taken from the port"
    assert crate.datePublished.year == 2026
    listed = {entity.id for entity in crate.data_entities} - {"./"}
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    hashes = {"ro-crate-metadata.json", "manifest.json"}  # each holds the hash of the other kind
    assert listed == there - hashes


def test_all_that_the_crate_refers_to_is_in_it(folder):
    found = entities(folder)
    refs = re.findall(
        r'\{\s*"@id": "([^"]+)"\s*\}', (folder / "ro-crate-metadata.json").read_text()
    )
    assert set(refs) - set(found) == {"https://w3id.org/ro/crate/1.1"}
    assert found["#person-Doe-Jane"]["name"] == "Jane Doe"
    assert found["figures/claims_taken.svg"]["description"].startswith("Taken on 14 May 2020")
    assert found["#input-study.toml"]["identifier"] == "sha256:" + "0" * 64


def test_the_crate_says_nothing_of_a_date_that_is_not_known(report_folder):
    assert "datePublished" not in entities(report_folder)["./"]


def test_the_workbook_holds_numbers_as_numbers(folder):
    book = openpyxl.load_workbook(folder / WORKBOOK)
    tables = ReportFolder.read(folder).tables
    assert book.sheetnames == ["About", "Columns", *(table.name for table in tables)]
    sheet = book["estimates"]
    heads = [cell.value for cell in sheet[4]]
    assert heads == list(read_table(folder / "tables" / "estimates.csv").heads)
    low = sheet.cell(5, heads.index("estimated low") + 1)
    assert (low.value, low.number_format) == (110, "#,##0")
    assert sheet.cell(3, low.column).value == "as in column unit"
    assert sheet.freeze_panes == "B5"
    texts = [cell.value for row in book["About"].iter_rows() for cell in row if cell.value]
    assert "How many were taken?" in texts
    assert "Harbour Watch; Doe, Jane" in texts


def test_mixed_columns_of_the_workbook_keep_their_words(folder):
    book = openpyxl.load_workbook(folder / WORKBOOK)
    values = {row[0].value: row[1] for row in book["assumptions"].iter_rows(min_row=5)}
    assert values["early_error"].value == "full"
    assert isinstance(values["origin_factor"].value, int)
    medians = [row[4] for row in book["changes"].iter_rows(min_row=5)]
    assert {cell.number_format for cell in medians} >= {"#,##0", '#,##0"%"'}
    assert all(isinstance(cell.value, int | float) for cell in medians)


def test_text_of_the_workbook_is_never_run(folder):
    table = folder / "tables" / "sources.csv"
    evil = """watch,"'=HYPERLINK(""http://h"")",ngo,1,1,http://h/i\n"""
    table.write_text(table.read_text("utf-8") + evil, encoding="utf-8")
    write_companions(folder, FULL)
    sheet = openpyxl.load_workbook(folder / WORKBOOK)["sources"]
    last = list(sheet.iter_rows())[-1]
    assert last[1].value == '=HYPERLINK("http://h")'
    assert (last[1].data_type, last[1].hyperlink, last[5].hyperlink) == ("s", None, None)


def test_two_runs_write_the_same_bytes(folder):
    first = {name: (folder / name).read_bytes() for name in COMPANIONS}
    write_companions(folder, FULL)
    assert {name: (folder / name).read_bytes() for name in COMPANIONS} == first
    with zipfile.ZipFile(folder / WORKBOOK) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 31, 0, 0, 0)}


def test_a_folder_without_a_report_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"is no report: it has no results\.json"):
        write_companions(tmp_path)


def test_persons_and_organisations_are_told_apart():
    assert parts_of("Doe, Jane") == {"family": "Doe", "given": "Jane"}
    assert parts_of("Harbour Watch") == {"literal": "Harbour Watch"}


def test_numbers_are_read_with_and_without_separators():
    assert number_of("1,300") == 1300.0
    assert number_of("about 3") is None
    assert unguarded("'=1") == "=1"
    assert unguarded("'tis") == "'tis"
