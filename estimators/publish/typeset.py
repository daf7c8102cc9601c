"""PDF by Typst: tagged for screen readers and fit for archives, or an error that says why not."""

from __future__ import annotations

from pathlib import Path

import typst

from estimators.publish.fonts import StyleError, folders_of
from estimators.publish.house import House


def typeset(source: Path, to: Path, root: Path, house: House, time: int) -> Path:
    """Return the PDF that a Typst source was set to.

    Parameters
    ----------
    source
        The source.
    to
        The file to write.
    root
        The folder that all images lie in.
    house
        The house style, for its fonts.
    time
        The time that it is dated with, in seconds since 1970.

    Raises
    ------
    StyleError
        If the source is wrong, or breaks a rule of PDF/UA-1 or PDF/A-2a.
    """
    fonts = typst.Fonts(
        include_system_fonts=False,  # the same pages on each machine
        include_embedded_fonts=True,  # those of formulas
        font_paths=folders_of(house.files),
    )
    try:
        made, warnings = typst.compile_with_warnings(
            str(source),
            root=str(root),
            font_paths=fonts,
            pdf_standards=["a-2a", "ua-1"],  # for archives, and for screen readers
            timestamp=time,
        )
    except typst.TypstError as error:
        raise StyleError(_told(house, error)) from None
    if warnings:
        raise StyleError(_told(house, warnings[0]))
    to.write_bytes(made)
    return to


def _told(house: House, error: object) -> str:
    """Return what Typst says is wrong, with the line of the filled template."""
    said = str(getattr(error, "diagnostic", "") or error)
    return f"the report cannot be set as PDF with {house.file('report.typ')}:\n{said.rstrip()}"
