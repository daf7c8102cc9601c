"""Reports held against their manifest: every change is found, and what is unknown is said."""

import json
import re
import shutil
from base64 import b64encode

import numpy as np
import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from typer.testing import CliRunner

from estimators.cli import app
from estimators.evidence.problems import EvidenceError
from estimators.publish.credit import credit_of
from estimators.publish.identity import content_id, figure_id
from estimators.publish.manifest import read_manifest, write_manifest
from estimators.publish.report import write_report
from estimators.publish.stamps import pictures_of, stamp_of
from estimators.publish.verify import verify

runner = CliRunner()


@pytest.fixture(scope="session")
def _report(tmp_path_factory):
    """The report that one test of this session wrote, for all others to copy."""
    return tmp_path_factory.mktemp("report") / "port"


@pytest.fixture
def report(_report, estimate, prior, study, make_checks, tmp_path):
    if not _report.exists():
        write_report(estimate, to=_report, checks=make_checks(study), prior=prior)
    return shutil.copytree(_report, tmp_path / "port")


def replaced(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")


def one_pixel(path):
    with Image.open(path) as image:
        told, pixels = PngInfo(), np.array(image)
        for name, text in image.text.items():
            told.add_itxt(name, text)
    pixels[40, 40, 0] ^= 1
    Image.fromarray(pixels).save(path, pnginfo=told)


def one_letter_of_the_caption(path):
    caption = json.loads(path.read_text("utf-8"))["caption"]
    replaced(path, caption, caption.replace("e", "o", 1))


ALTERATIONS = {
    "a pixel": ("figures/claims_taken.png", one_pixel),
    "a caption": ("figures/claims_taken.json", one_letter_of_the_caption),
    "alternative text": (
        "figures/claims_taken.json",
        lambda p: replaced(p, '"alt": "', '"alt": "x'),
    ),
    "a drawing": (
        "figures/claims_taken.svg",
        lambda p: replaced(p, "stroke-width: ", "stroke-width: 1"),
    ),
    "the title of an SVG": (
        "figures/claims_taken.svg",
        lambda p: replaced(p, "<title>T", "<title>t"),
    ),
    "the end of a PDF": (
        "figures/claims_taken.pdf",
        lambda p: p.write_bytes(p.read_bytes() + b"%"),
    ),
    "a cell": ("tables/estimates.csv", lambda p: replaced(p, "110", "111")),
    "a unit": ("tables/estimates.json", lambda p: replaced(p, "number", "persons")),
    "a result": ("results.json", lambda p: replaced(p, '"level": 0.9', '"level": 0.8')),
    "the page": ("report.html", lambda p: replaced(p, "The answer", "The Answer")),
}


def test_a_report_as_it_was_written(report):
    found = verify(report)
    assert not found.altered
    assert {verdict.state for verdict in found.verdicts} == {"same"}
    listed = {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}
    assert {verdict.path for verdict in found.verdicts} == listed - {"manifest.json"}
    said = str(found)
    assert "study: port" in said
    assert "seed: 1" in said
    assert "Nobody signed it" in said


@pytest.mark.parametrize("what", ALTERATIONS)
def test_each_alteration_is_found_in_the_file_and_in_the_folder(report, what):
    name, alter = ALTERATIONS[what]
    assert not verify(report / name).altered
    before = (report / name).read_bytes()
    alter(report / name)
    assert (report / name).read_bytes() != before
    assert verify(report / name).altered
    (failed,) = [verdict for verdict in verify(report).verdicts if verdict.state == "altered"]
    assert failed.path == name
    assert "SHA-256" in failed.why


def test_a_missing_file_fails_and_a_further_one_is_told(report):
    (report / "tables" / "claims.csv").unlink()
    (report / "figures" / "mine.png").write_bytes(b"x")
    found = verify(report)
    states = {v.path: v.state for v in found.verdicts if v.state != "same"}
    assert states["tables/claims.csv"] == "missing"
    assert states["figures/mine.png"] == "not listed"
    assert found.altered
    assert verify(report / "figures" / "mine.png").altered


def test_a_further_file_alone_does_not_fail_the_folder(report):
    (report / "notes.txt").write_text("mine")
    found = verify(report)
    assert not found.altered
    assert "not listed  notes.txt" in str(found)
    assert str(found).endswith("As it was written, but for a file that is not listed.")


def test_an_altered_manifest_is_found_by_its_digest(report):
    replaced(report / "manifest.json", '"seed": "1"', '"seed": "2"')
    assert verify(report).altered
    assert "manifest.json was altered" in str(verify(report / "results.json"))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("figures/claims_taken.json", one_letter_of_the_caption),
        ("tables/estimates.csv", lambda p: replaced(p, "110", "111")),
    ],
)
def test_ids_betray_what_a_manifest_made_anew_would_hide(report, name, change, estimate):
    change(report / name)
    write_manifest(report, credit_of(estimate))
    said = str(verify(report))
    assert "its id does not fit" in said
    assert verify(report).altered


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            r'(id="fig-claims_taken".*?<figcaption>.*?)estimate',
            r"\1estimat",
            "the caption of claims_taken",
        ),
        (r'( alt=")R', r"\1S", "the alternative text of claims_taken"),
    ],
)
def test_the_words_of_the_page_are_those_of_the_sidecars(report, estimate, old, new, told):
    page = report / "report.html"
    text, times = re.subn(old, new, page.read_text("utf-8"), count=1, flags=re.DOTALL)
    assert times == 1
    page.write_text(text, "utf-8")
    write_manifest(report, credit_of(estimate))
    (failed,) = [verdict for verdict in verify(report).verdicts if verdict.failed]
    assert (failed.path, failed.state) == ("report.html", "unfit")
    assert told in failed.why


def test_the_pictures_of_the_page_are_those_of_the_folder(report, estimate):
    page = report / "report.html"
    picture = next(pictures_of(page.read_bytes()))[0]
    drawn = b64encode(picture.replace(b"stroke-width: ", b"stroke-width: 1", 1)).decode()
    replaced(page, b64encode(picture).decode(), drawn)
    write_manifest(report, credit_of(estimate))
    assert "the picture density_taken on the page is another" in str(verify(page))


@pytest.mark.parametrize("end", ["svg", "png", "pdf", "json"])
def test_every_file_of_a_figure_says_whence_it_comes(report, end):
    stamp = stamp_of(report / "figures" / f"claims_taken.{end}")
    listed = read_manifest(report).entries[f"figures/claims_taken.{end}"].id
    assert stamp["id"] == listed
    assert re.fullmatch(r"claims_taken-[0-9a-f]{10}", listed)
    assert (stamp["study"], stamp["seed"], stamp["commit"]) == ("port", "1", "abc")
    assert stamp["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize("name", ["results.json", "report.html"])
def test_results_and_page_say_whence_they_come(report, name):
    stamp = stamp_of(report / name)
    assert (stamp["study"], stamp["seed"]) == ("port", "1")
    assert "id" not in stamp


def test_ids_come_from_the_content(report):
    folder = report / "figures"
    told = json.loads((folder / "claims_taken.json").read_text("utf-8"))
    drawn = (folder / "claims_taken.svg").read_bytes()
    name, words = "claims_taken", (told["caption"], told["alt"])
    assert told["id"] == figure_id(name, drawn, *words)
    assert told["id"] == figure_id(name, drawn.replace(b'"seed": "1"', b'"seed": "2"'), *words)
    assert told["id"] != figure_id(name, drawn, words[0] + ".", words[1])
    assert told["id"] != figure_id(name, drawn.replace(b"stroke", b"fill", 1), *words)
    table = json.loads((report / "tables" / "ranges.json").read_text("utf-8"))
    assert table["id"] == content_id("ranges", (report / "tables" / "ranges.csv").read_bytes())
    assert table["units"] == {"low": "as in column of", "high": "as in column of"}
    assert "Harbour Watch" in table["sources"]["publishers"]


def test_a_lone_file_proves_only_what_it_says(report, tmp_path):
    alone = shutil.copy(report / "figures" / "claims_taken.png", tmp_path)
    found = verify(alone)
    assert not found.altered
    assert found.kind == "figure"
    assert "only what it says of itself" in str(found)
    assert "study: port" in str(found)
    mute = shutil.copy(report / "tables" / "ranges.csv", tmp_path)
    said = str(verify(mute))
    assert "It says nothing of itself" in said
    assert json.loads((report / "tables" / "ranges.json").read_text("utf-8"))["id"] in said
    assert "Not checked" in said


def test_a_file_from_elsewhere_is_held_against_a_folder(report, tmp_path):
    alone = tmp_path / "renamed.png"
    shutil.copy(report / "figures" / "claims_taken.png", alone)
    assert "same        figures/claims_taken.png" in str(verify(alone, against=report))
    one_pixel(alone)
    assert verify(alone, against=report).altered
    cell = tmp_path / "estimates.csv"
    shutil.copy(report / "tables" / "estimates.csv", cell)
    replaced(cell, "110", "111")
    assert verify(cell, against=report).verdicts[0].state == "altered"


@pytest.mark.parametrize("source", ["figures/x.svg", "data:image/svg+xml;base64,A"])
def test_a_picture_of_another_kind_is_none_of_the_folder(report, estimate, source):
    page = report / "report.html"
    picture = b64encode(next(pictures_of(page.read_bytes()))[0]).decode()
    replaced(page, f"data:image/svg+xml;base64,{picture}", source)
    write_manifest(report, credit_of(estimate))
    assert "a picture on the page is no figure of this folder" in str(verify(page))


@pytest.mark.parametrize("content", [b"", b"\x00 no such thing"])
@pytest.mark.parametrize("end", ["svg", "png", "pdf", "json", "html", "docx"])
def test_damaged_files_are_mute(tmp_path, end, content):
    (tmp_path / f"x.{end}").write_bytes(content)
    assert "It says nothing of itself" in str(verify(tmp_path / f"x.{end}"))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2, "provenance": {}, "files": []}']
    + [
        json.dumps({"format": 1, "provenance": {}, "files": [given]})
        for given in (
            {"path": "../x", "sha256": "", "size": 0, "id": ""},
            {"path": "/x", "sha256": "", "size": 0, "id": ""},
            {"path": "x", "sha256": 3, "size": 0, "id": ""},
            {"path": "x"},
        )
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(EvidenceError, match="not the manifest of a report"):
        verify(tmp_path)


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(EvidenceError, match="no such file or folder"):
        verify(tmp_path / "nowhere")
    with pytest.raises(EvidenceError, match=r"manifest\.json: it cannot be read"):
        verify(tmp_path)


def test_two_runs_write_the_same_bytes(estimate, prior, study, make_checks, tmp_path, report):
    write_report(estimate, to=tmp_path / "two", checks=make_checks(study), prior=prior)
    one, two = ((p / "manifest.json").read_bytes() for p in (report, tmp_path / "two"))
    assert one == two


def test_the_figures_as_pdf_hold_letters(report):
    with pikepdf.open(report / "figures" / "claims_taken.pdf") as pdf:
        fonts = pdf.pages[0].Resources.Font
        assert {str(font.Subtype) for font in fonts.values()} == {"/Type0"}


def test_the_command_ends_with_1_where_something_was_altered(report):
    result = runner.invoke(app, ["verify", str(report)])
    assert result.exit_code == 0
    assert "As it was written." in result.stdout
    replaced(report / "tables" / "estimates.csv", "110", "111")
    result = runner.invoke(app, ["verify", str(report)])
    assert result.exit_code == 1
    assert "altered     tables/estimates.csv" in result.stdout
    result = runner.invoke(app, ["verify", str(report / "nothing")])
    assert result.exit_code == 1
    assert "no such file" in result.stderr
