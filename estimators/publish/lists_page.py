"""The part of a report on matched lists: figures, tables and what the template is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimators.evidence.list_overlaps import Overlap, overlaps
from estimators.evidence.screening_lists import screen_captures
from estimators.inference.lists.study_lists import Listed
from estimators.publish import lists_words
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.escaping import Safe, plain
from estimators.publish.figure_families import plot_families
from estimators.publish.figure_upset import plot_upset
from estimators.publish.plates import file_name
from estimators.publish.provenance import Plate
from estimators.publish.rounding import Printed, as_text, round_print
from estimators.publish.tables import to_markdown

_FEW = 45  # pairs of lists that the page shows: those of ten lists


def lists_plates(made: Sequence[Listed]) -> Iterator[Plate]:
    """Yield how each table of lists overlaps, and what each family makes of it.

    Parameters
    ----------
    made
        The matched lists of a study.
    """
    for one in made:
        id = one.anchor.id
        text = lists_words.upset_caption(one), lists_words.upset_alt(one)
        axes = plot_upset(one.matched.table.first)
        yield Plate(file_name("upset", id), axes, say("Who stands on which lists"), *text)
        text = lists_words.families_caption(one), lists_words.families_alt(one)
        axes = plot_families(one.comparison)
        yield Plate(file_name("families", id), axes, say("How many there are, by family"), *text)


def lists_tables(made: Sequence[Listed]) -> dict[str, pd.DataFrame]:
    """Return the tables of families and of overlaps, over all matched lists of a study.

    Parameters
    ----------
    made
        The matched lists of a study.
    """
    if not made:
        return {}
    families = [_families(one).assign(lists=one.anchor.id) for one in made]
    pairs = [_overlaps(one).assign(lists=one.anchor.id) for one in made]
    return {
        "list_families": pd.concat(families).set_index("lists"),
        "list_overlaps": pd.concat(pairs).set_index("lists"),
    }


def lists_context(made: Sequence[Listed]) -> list[dict[str, Any]]:
    """Return what the template is given of each table of matched lists.

    Parameters
    ----------
    made
        The matched lists of a study.
    """
    return [_context(one) for one in made]


def _context(made: Listed) -> dict[str, Any]:
    pairs = _overlaps(made)
    screened = screen_captures(made.matched.table).findings
    return {
        "id": made.anchor.id,
        "reading": lists_words.reading(made),
        "figures": [file_name(kind, made.anchor.id) for kind in ("upset", "families")],
        "families": Safe(to_markdown(_shown(made), widths={_FAMILY: 30, _FAULT: 30})),
        "overlaps": Safe(to_markdown(_pairs(pairs.head(_FEW)))),
        "more": max(len(pairs) - _FEW, 0),
        "findings": [f"{finding.why} {finding.proposal}" for finding in screened],
    }


def _families(made: Listed) -> pd.DataFrame:
    """Return what each family makes of the lists, rounded for print."""
    rows = []
    for family, row in made.comparison.table.iterrows():
        ends = [float(row[name]) for name in ("low", "median", "high")]
        known = not np.isnan(ends).any()
        printed = Printed.of((ends[0], ends[1], ends[2])) if known else None
        numbers = {name: getattr(printed, name, None) for name in ("low", "median", "high")}
        rest = {"interval": row["interval"], "rhat": round(float(row["rhat"]), 4)}
        rows.append({"family": family} | numbers | rest | {"fault": row["fault"]})
    return pd.DataFrame(rows)


def _overlaps(made: Listed) -> pd.DataFrame:
    """Return for each pair of lists how many stand on both, and how many if independent."""
    return pd.DataFrame(
        {
            "list": pair.list_a,
            "other": pair.list_b,
            "both": pair.both,
            "only list": pair.only_a,
            "only other": pair.only_b,
            "chapman": _chapman(pair),
        }
        for pair in overlaps(made.matched.table.first)
    )


def _chapman(pair: Overlap) -> float:
    """Return how many there are if two lists are independent (Chapman 1951), in two digits."""
    one, other = pair.both + pair.only_a, pair.both + pair.only_b
    return round_print((one + 1) * (other + 1) / (pair.both + 1) - 1)


_FAMILY, _FAULT = marked("Family of models"), marked("Why not")
_PEOPLE, _MEDIAN = marked("People (90%)"), marked("Median")
_ONE, _OTHER = marked("List"), marked("Other list")
_BOTH, _CHAPMAN = marked("On both"), marked("These two alone would give")
_NOTHING = "–"


def _shown(made: Listed) -> pd.DataFrame:
    """Return the families as the page shows them."""
    rows = []
    for row in _families(made).to_dict("records"):
        known = not pd.isna(row["low"])
        ends = f"{as_text(row['low'])}–{as_text(row['high'])}" if known else _NOTHING
        rows.append(
            {
                _FAMILY: retold(str(row["family"])),
                _PEOPLE: ends,
                _MEDIAN: as_text(row["median"]) if known else _NOTHING,
                _FAULT: retold(str(row["fault"])),
            }
        )
    shown = pd.DataFrame(rows)
    return shown if shown[_FAULT].any() else shown.drop(columns=_FAULT)


def _pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the overlaps as the page shows them."""
    return pd.DataFrame(
        {
            _ONE: plain(row["list"]),
            _OTHER: plain(row["other"]),
            _BOTH: as_text(row["both"]),
            _CHAPMAN: as_text(row["chapman"]),
        }
        for row in pairs.to_dict("records")
    )
