"""The look of the Word document: pandoc's own reference, in the colours and fonts of a house."""

from __future__ import annotations

import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pypandoc
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from estimators.publish.fonts import MAIN
from estimators.publish.house import House

_WIDTH = Cm(16)
_EAST_ASIAN = ("ja", "ko", "zh")
_COMMON = "Arial"
# points: size, space before, space after
_SIZES = {
    "Title": (24, 6, 4),
    "Subtitle": (13, 0, 10),
    "Heading 1": (17, 24, 6),
    "Heading 2": (13, 16, 4),
    "Heading 3": (11, 12, 4),
    "Body Text": (10.5, 0, 7),
    "First Paragraph": (10.5, 0, 7),
    "Compact": (10.5, 0, 3),
    "Bibliography": (9.5, 0, 4),
    "Table Caption": (9, 12, 4),
    "Image Caption": (9, 4, 14),
    "Figure": (10.5, 10, 2),
    "Captioned Figure": (10.5, 10, 2),
    "Date": (9, 0, 12),
}
_COLOURED = ("Title", "Heading 1", "Heading 2", "Heading 3")


def write_reference(house: House, to: Path) -> Path:
    """Return a reference document for pandoc, in the style of a house.

    Parameters
    ----------
    house
        The house style.
    to
        The file to write.
    """
    made = Document(BytesIO(_shipped()))
    _set_base(made, house)
    for name, (size, before, after) in _SIZES.items():
        _set_style(made.styles[name], house, size, before, after)
    for name in _COLOURED:
        made.styles[name].font.color.rgb = _rgb(house.accent)
    _add_styles(made, house)
    _set_table(made, house)
    _set_page(made, house)
    _write_undated(made, to)
    return to


def _write_undated(made: Any, to: Path) -> None:
    """Write a document whose parts carry no time, since pandoc hands on those it copies."""
    content = BytesIO()
    made.save(content)
    with ZipFile(content) as source, ZipFile(to, "w", ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(ZipInfo(part), source.read(part))


@cache
def _shipped() -> bytes:
    command = [pypandoc.get_pandoc_path(), "--print-default-data-file=reference.docx"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:].upper())


def _set_base(made: Any, house: House) -> None:
    """Set font, colour and language of all text, for scripts of all directions."""
    fonts = made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    fonts.attrib.clear()
    for kind in ("ascii", "hAnsi"):
        fonts.set(qn(f"w:{kind}"), _family(house))
    fonts.set(qn("w:cs"), _COMMON)
    fonts.set(qn("w:eastAsia"), "Malgun Gothic")
    lang = made.styles.element.find(f".//{qn('w:lang')}")
    lang.set(qn("w:val"), house.language)
    if house.language.partition("-")[0] in _EAST_ASIAN:
        lang.set(qn("w:eastAsia"), house.language)
    made.styles["Normal"].font.color.rgb = _rgb(house.ink)
    made.styles["Hyperlink"].font.color.rgb = _rgb(house.accent)
    made.core_properties.language = house.language


def _family(house: House) -> str:
    """Return the house's font; in place of the one shipped, which few machines have, a common one.

    A Word document does not carry its fonts.
    """
    return _COMMON if house.family == MAIN else house.family


def _set_style(style: Any, house: House, size: float, before: float, after: float) -> None:
    style.font.size = Pt(size)
    style.font.name = _family(house)
    style.font.italic = False
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing = 1.2 if size <= 11 else 1.1
    form.keep_with_next = style.name.startswith(("Heading", "Table Cap", "Figure", "Captioned"))
    fonts = style.element.find(f".//{qn('w:rFonts')}")
    for name in [name for name in fonts.attrib if "Theme" in name]:
        del fonts.attrib[name]  # a theme's font would go before the house's


def _add_styles(made: Any, house: House) -> None:
    """Add the styles that docx.lua names."""
    for name, size in (("Table Text", 8.5), ("Small Table Text", 7)):
        form = _new(made, name, size).paragraph_format
        form.space_before = form.space_after = Pt(1.5)
    _new(made, "Question", 12).font.italic = True
    for name, colour in (("Answer", house.accent), ("Facts", house.accent), ("Warning", "#d55e00")):
        style = _new(made, name, 11.5)
        style.paragraph_format.left_indent = Cm(0.5)
        style.paragraph_format.space_after = Pt(6)
        _rule(style.element.get_or_add_pPr(), "left", colour)
    _new(made, "Claims", 8)


def _new(made: Any, name: str, size: float) -> Any:
    style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Normal"]
    style.font.size = Pt(size)
    return style


def _rule(form: Any, side: str, colour: str) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_border(side, 24, colour, space=8))
    form.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def _border(side: str, eighths: int, colour: str, space: int = 0) -> Any:
    made = OxmlElement(f"w:{side}")
    given = {"val": "single", "sz": eighths, "space": space, "color": colour[1:]}
    for name, value in given.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def _set_table(made: Any, house: House) -> None:
    """Give tables thin rules, one below the header that is stronger, and rows that stay whole."""
    style = made.styles["Table"].element
    form = style.find(qn("w:tblPr"))
    borders = OxmlElement("w:tblBorders")
    for side, colour in (("top", house.ink), ("bottom", house.ink), ("insideH", "#c8c8c8")):
        borders.append(_border(side, 6 if side != "insideH" else 4, colour))
    form.insert(list(form).index(form.find(qn("w:tblCellMar"))), borders)
    row = OxmlElement("w:trPr")
    row.append(OxmlElement("w:cantSplit"))
    style.insert(list(style).index(form) + 1, row)
    letters = OxmlElement("w:rPr")
    letters.append(OxmlElement("w:b"))
    style.find(qn("w:tblStylePr")).insert(0, letters)  # its one condition is the header row


def _set_page(made: Any, house: House) -> None:
    """Set A4 with the publisher at the head, and the page's number at the foot."""
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text, foot.text = house.name, f"{house.footer}\t"
    for line in (head, foot):
        line.style.font.size = Pt(8)
        line.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _add_page_number(foot)


def _add_page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)
