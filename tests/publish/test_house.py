"""House styles: read with every problem, and used in all three documents and the figures."""

import shutil
from datetime import date
from pathlib import Path

import docx
import matplotlib as mpl
import pikepdf
import pytest

from estimators.publish.credit import Credit
from estimators.publish.documents import write_documents
from estimators.publish.fonts import (
    StyleError,
    families_in,
    figure_families,
    lettering,
    main_files,
    missing_letters,
    spare_faces,
)
from estimators.publish.front import Front
from estimators.publish.house import TEMPLATES, contrast, default_house, read_house
from estimators.publish.provenance import Plate, write_plate
from estimators.publish.render import fill
from estimators.publish.style import new_axes, style

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="#333333"/></svg>'
)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "house"
    made.mkdir()
    shutil.copy(mpl.get_data_path() + "/fonts/ttf/DejaVuSerif.ttf", made)
    (made / "logo.svg").write_text(LOGO)
    (made / "style.toml").write_text(
        'name = "Harbour Watch"\nfooter = "Cite as Harbour Watch 2020"\nlogo = "logo.svg"\n'
        'accent = "#7a1f1f"\nlanguage = "de-CH"\nfigure = "Abbildung"\ntable = "Tabelle"\n'
        '[font]\nfamily = "DejaVu Serif"\nfiles = ["DejaVuSerif.ttf"]\n'
    )
    return made


def test_the_style_that_is_shipped_is_a_folder_of_the_same_form():
    house = default_house()
    assert house.folder == TEMPLATES
    assert house.files == main_files()
    assert all(path.is_file() for path in house.files)
    assert contrast(house.ink) > contrast(house.accent) > 4.5


def test_contrast_is_as_wcag_defines_it():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#ffffff") == pytest.approx(1)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


def test_a_house_sets_all_three_documents(folder, tmp_path):
    (folder / "report.css").write_text("body { margin: 3.75rem; }")
    house = read_house(folder)
    front = Front("Bericht", "Frage?", "Zeile", date(2020, 5, 15))
    text = "# Kopf\n\n::: {.answer}\nText.\n:::\n\n| A |\n|---|\n| 1 |\n\n: Zahlen {#tbl-a}\n"
    write_documents(text, front, "", house, tmp_path)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert '<html lang="de-CH">' in page
    assert "margin: 3.75rem" in page
    assert "--accent: #7a1f1f" in page
    assert 'alt="Harbour Watch"' in page
    assert "Tabelle\xa01." in page
    word = docx.Document(tmp_path / "report.docx")
    assert str(word.styles["Heading 1"].font.color.rgb) == "7A1F1F"
    assert word.styles["Body Text"].font.name == "DejaVu Serif"
    assert word.sections[0].footer.paragraphs[0].text.startswith("Cite as Harbour Watch 2020")
    with pikepdf.open(tmp_path / "report.pdf") as paper:
        assert str(paper.Root.Lang) == "de-CH"
        assert paper.open_metadata()["dc:creator"] == ["Harbour Watch"]
        fonts = {
            str(o.get("/FontName", "")) for o in paper.objects if isinstance(o, pikepdf.Dictionary)
        }
    assert any("DejaVuSerif" in name for name in fonts)
    assert not any("Fira" in name for name in fonts)


def test_its_own_template_and_reference_go_before_ours(folder, tmp_path):
    (folder / "report.md").write_text("<< word | e >> *ours*")
    assert fill({"word": "a*b"}, read_house(folder)) == r"a\*b *ours*"
    own = docx.Document()
    own.save(str(folder / "reference.docx"))
    assert read_house(folder).file("reference.docx") == folder / "reference.docx"
    assert read_house(folder).file("report.typ") == TEMPLATES / "report.typ"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<< nothing >>", "'nothing' is undefined"),
        ("a\n<% if %>", r"report\.md, line 2"),
    ],
)
def test_a_template_that_names_what_there_is_not_is_refused(folder, text, told):
    (folder / "report.md").write_text(text)
    with pytest.raises(StyleError, match=told):
        fill({}, read_house(folder))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('"#7a1f1f"', '"red"', r'accent: .* Got \'red\'\. Write a colour as "#00558a"'),
        ('"#7a1f1f"', '"#ffe000"', "contrast with white is 1.3"),
        ('"#7a1f1f"', "7", "accent: it is not text"),
        ('"de-CH"', '"deutsch!"', "Write en or pt-BR"),
        ("logo.svg", "none.svg", "there is no such file in the folder"),
        ("logo.svg", "../house/../x.svg", "there is no such file in the folder"),
        ("logo.svg", "style.toml", "it is neither SVG nor PNG"),
        ('["DejaVuSerif.ttf"]', '["logo.svg"]', "it is no font"),
        ('"DejaVu Serif"', '"Futura"', "The files are of: DejaVu Serif"),
        ('name = "Harbour Watch"', 'name = ""', "name: it is empty"),
        ("footer", "foter", "Did you mean 'footer'"),
        ("[font]", "[font", "it is not TOML"),
    ],
)
def test_what_is_wrong_with_a_house_is_said(folder, was, now, told):
    path = folder / "style.toml"
    text = path.read_text()
    assert was in text
    path.write_text(text.replace(was, now))
    with pytest.raises(StyleError, match=told):
        read_house(folder)


def test_a_folder_without_a_style_is_refused(tmp_path):
    with pytest.raises(StyleError, match=r"no style\.toml"):
        read_house(tmp_path)


def test_every_hangul_syllable_and_arabic_letter_has_a_shape():
    syllables = "".join(map(chr, range(0xAC00, 0xD7A4)))
    assert len(syllables) == 11_172
    assert missing_letters(syllables, main_files()) == ""
    assert (
        missing_letters("مركز توثيق \u200fحقوق, Ελλάδα, Київ, ქართული, 中国\ufe0f", main_files())
        == ""
    )
    assert missing_letters("a\U00012000b\U00012000", main_files()) == "\U00012000"


def test_figures_are_set_in_the_house_s_font_and_every_script(tmp_path):
    house = (Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf",)
    with lettering("DejaVu Serif", house), style():
        assert mpl.rcParams["font.family"][0] == "DejaVu Serif"
    assert figure_families()[0] == "Fira Sans"
    with style():
        ax = new_axes(1.0)
        ax.set_title("북송 العربية ქართული 中国", fontweight="bold")
        ax.set_xlabel("ไทย हिन्दी")  # letters for which more fonts have to be asked
    assert write_plate(Plate("a", ax, "a", "b", "c"), tmp_path, Credit()).is_file()


def test_a_letter_that_no_font_has_stops_a_figure(tmp_path):
    with style():
        ax = new_axes(1.0)
        ax.set_title("\U00012000")
    with pytest.raises(StyleError, match=r"the figure a: no font has the letters .*U\+12000"):
        write_plate(Plate("a", ax, "a", "b", "c"), tmp_path, Credit())


def test_families_that_stand_in_are_named_as_their_files_name_them():
    for face in spare_faces():
        if face.path.suffix == ".ttf":
            assert face.family in families_in(face.path), face
