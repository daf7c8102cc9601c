"""How a report is cited: in two styles and as data, with a sentence to copy."""

import json
import re
import shutil

import pytest

from estimators.evidence.report_words import ReportWords
from estimators.publish.cite import cite
from estimators.publish.companions import write_companions

GROUP = ReportWords(("Harbour Watch", "Doe, Jane"), "The Press", 2026, doi="10.1234/x")


@pytest.fixture
def folder(report_folder, tmp_path):
    made = shutil.copytree(report_folder, tmp_path / "port")
    write_companions(made, GROUP)
    return made


def test_the_report_in_apa(folder):
    made = cite(folder)
    entry = (
        r"Harbour Watch, & Doe, J\. \(2026\)\. Taken from the port \(Version \w{10}\)\. The Press\."
    )
    assert re.fullmatch(rf"{entry} https://doi\.org/10\.1234/x", made.entry)
    assert len(made.sentences) == 2
    assert made.sentences[0].startswith("We estimate that between 110 and 500 people (90% interval")
    assert made.sentences[0].endswith(" (Harbour Watch & Doe, 2026).")
    assert str(made).startswith(made.entry)


def test_a_figure_in_chicago_with_its_caption(folder):
    made = cite(folder / "figures" / "claims_taken.svg", "chicago")
    assert made.entry.startswith(
        "Harbour Watch, and Jane Doe. 2026. “Taken on 14 May 2020.” Figure"
    )
    assert "Taken from the Port" in made.entry
    caption = json.loads((folder / "figures" / "claims_taken.json").read_text("utf-8"))["caption"]
    assert made.sentences == (f"{caption.rstrip('.')} (Harbour Watch and Doe 2026).",)


def test_a_table_as_data(folder):
    (item,) = json.loads(cite(folder / "tables" / "estimates.csv", "csl").entry)
    assert (item["title"], item["genre"]) == ("Documented, reported and estimated", "Table")
    assert item["container-title"] == "Taken from the port"
    assert item["author"] == [{"literal": "Harbour Watch"}, {"family": "Doe", "given": "Jane"}]
    assert re.fullmatch(r"estimates-[0-9a-f]{10}", item["id"])


def test_bibtex_has_the_address_and_the_id(folder):
    made = cite(folder / "report.html", "bibtex")
    key = re.match(r"@techreport\{(port-[0-9a-f]{10}),", made.entry)
    assert key
    assert "url = {https://doi.org/10.1234/x}" in made.entry
    assert key[1] in made.entry.split("note = ")[1]


def test_without_authors_the_title_is_cited(report_folder):
    made = cite(report_folder, "chicago")
    assert made.entry.startswith("Taken from the Port. n.d.")
    assert "(Taken from the Port, n.d.)" in made.sentences[0]


def test_a_changed_figure_is_refused(folder):
    figure = folder / "figures" / "claims_taken.svg"
    figure.write_bytes(figure.read_bytes() + b"<!-- changed -->")
    with pytest.raises(ValueError, match=r"is not the file that was written.*cite the one"):
        cite(figure)
    assert cite(figure.with_suffix(".png")).entry


def test_what_cannot_be_cited_is_named(folder, tmp_path):
    with pytest.raises(ValueError, match=r"no style 'aap'.*apa"):
        cite(folder, "aap")
    with pytest.raises(ValueError, match="there is no such file"):
        cite(folder / "nothing.svg")
    (tmp_path / "alone.svg").write_text("<svg/>", encoding="utf-8")
    with pytest.raises(ValueError, match="part of no report"):
        cite(tmp_path / "alone.svg")
    (folder / "results.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"results\.json is not that of a report"):
        cite(folder)


def test_odd_names_of_folders_make_keys_that_bibtex_takes(folder):
    moved = folder.rename(folder.with_name("a {b}, c"))
    assert re.match(r"@techreport\{[\w-]+,", cite(moved, "bibtex").entry)
