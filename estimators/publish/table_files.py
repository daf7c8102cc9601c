"""Tables as files: CSV and Markdown, and beside them what the table is and whence it comes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from estimators.publish.claims_page import ALL
from estimators.publish.columns import about, columns_of
from estimators.publish.credit import Credit
from estimators.publish.folder import read_table
from estimators.publish.identity import content_id
from estimators.publish.languages import ENGLISH, speaking
from estimators.publish.provenance import write_sidecar
from estimators.publish.tables import to_markdown, write_csv


def write_table(
    table: pd.DataFrame, folder: Path, name: str, credit: Credit, text: str = ""
) -> Path:
    """Return the CSV of a table, written with a sidecar and, unless it is long, Markdown.

    Parameters
    ----------
    table
        The table, with its index as the first column.
    folder
        Where to; it has to be there.
    name
        The name of the files.
    credit
        What made the table, who said what it holds, and its licence.
    text
        The Markdown; made of the table if not given.
    """
    path = write_csv(table, folder / f"{name}.csv")
    if text or len(table) <= ALL:  # nobody reads a longer page
        with speaking(ENGLISH):
            shown = text or to_markdown(table.reset_index())
        path.with_suffix(".md").write_text(shown, encoding="utf-8", newline="\n")
    written = read_table(path)
    title, read = about(written)
    units = {column.name: column.unit for column in columns_of(written) if column.unit}
    words = {"title": title, "caption": read, "units": units}
    write_sidecar(path.with_suffix(".json"), content_id(name, path.read_bytes()), words, credit)
    return path
