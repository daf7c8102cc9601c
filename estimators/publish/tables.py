"""Tidy tables of an estimate, rounded for print, as CSV and as Markdown."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study, assumed_shares, status
from estimators.inference.estimate import LEVEL, Estimate
from estimators.inference.prior_part import is_too_narrow
from estimators.publish.catalogue import retold
from estimators.publish.escaping import escape, plain
from estimators.publish.rounding import Printed, as_text, round_print
from estimators.publish.said import said_of, wording

__all__ = ["claims_table", "estimates_table", "round_print", "to_markdown", "write_csv"]

_FORMULA = ("=", "+", "-", "@")  # a spreadsheet takes a cell that starts so for a formula


def estimates_table(
    estimate: Estimate, ids: Iterable[str] | None = None, level: float = LEVEL
) -> pd.DataFrame:
    """Return what was documented, reported and estimated of each quantity, rounded for print.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities; all if not given.
    level
        Probability between low and high, with equal tails.

    Returns
    -------
    pandas.DataFrame
        One row a quantity. `documented` (identified one by one) and `reported` (lowest and
        highest wording) are what was said; the estimated columns hold low, median and high. A
        quantity that no claim touches has its numbers in the assumed columns instead.
    """
    rows = [_estimate_row(estimate, id, level) for id in ids or estimate.study.by_id]
    return pd.DataFrame(rows).set_index("quantity")


def _estimate_row(estimate: Estimate, id: str, level: float) -> dict[str, Any]:
    study = estimate.study
    said = said_of(study, id)
    unit = study.unit_of(id)
    printed = Printed.of(estimate.interval(id, level), unit)
    basis = status(study, id)
    return {
        "quantity": id,
        "label": plain(said.quantity.label),
        "documented": said.identified,
        "reported": said.reported,
        "readings": len(said.readings),
        "origins": said.origins,
        **_numbers("estimated", None if basis == "assumed" else printed),
        **_numbers("assumed", printed if basis == "assumed" else None),
        "unit": unit,
        "status": basis,
        "too_narrow": "yes" if basis != "assumed" and is_too_narrow(estimate, id) else "",
        "assumed_shares": " ".join(assumed_shares(study, id)),
    }


def _numbers(kind: str, printed: Printed | None) -> dict[str, float | None]:
    names = ("low", "median", "high")
    return {f"{kind} {name}": getattr(printed, name) if printed else None for name in names}


def claims_table(study: Study, ids: Iterable[str] | None = None) -> pd.DataFrame:
    """Return every claim of a study, used or with the reason why not.

    Parameters
    ----------
    study
        The study.
    ids
        Keep the claims on these quantities only; all if not given.

    Returns
    -------
    pandas.DataFrame
        One row a claim, in the order of the study: what was said, by whom, printed where and when.
    """
    wanted = None if ids is None else set(ids)
    kept = [c for c in study.claims if wanted is None or c.quantity in wanted]
    columns = list(_claim_row(study, study.claims[0])) if study.claims else ["claim"]
    rows = [_claim_row(study, claim) for claim in kept]
    return pd.DataFrame(rows, columns=columns).set_index("claim")


def _claim_row(study: Study, claim: Claim) -> dict[str, Any]:
    label = study.by_id[claim.quantity].label if claim.quantity else ""
    return {
        "claim": claim.id,
        "quantity": claim.quantity,
        "about": plain(label),
        "said": wording(study, claim),
        "phrase": plain(claim.phrase),
        "quote": plain(claim.quote),
        "origin": plain(study.source_by_id[claim.origin].name),
        "network": claim.network,
        "publisher": plain(claim.publisher),
        "published": str(claim.published),
        "as_of": str(claim.as_of or ""),
        "url": plain(claim.url),
        "archived_url": plain(claim.archived_url),
        "used": "yes" if claim.used else "no",
        "why_not": plain(claim.why_not),
        "repeats": claim.repeats,
        "derived_from": " ".join(claim.derived_from),
        "notes": plain(claim.notes),
    }


def to_markdown(
    table: pd.DataFrame,
    headings: Mapping[str, str] | None = None,
    widths: Mapping[str, int] | None = None,
) -> str:
    """Return a table as a Markdown pipe table in which all text of the study is escaped.

    Parameters
    ----------
    table
        The table; its index is left out. Cells that are `Safe` may hold Markdown, in columns of
        dtype object.
    headings
        What to call the columns; their names if not given.
    widths
        How wide each column is relative to the others; 10 if not given.
    """
    names = [str(column) for column in table.columns]
    heads: list[str] = [escape(retold((headings or {}).get(name, name))) for name in names]
    rules = [_rule((widths or {}).get(n, 10), _is_number(table[n])) for n in table.columns]
    rows = [[_cell(value) for value in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [heads, rules, *rows]) + "\n"


def write_csv(table: pd.DataFrame, path: str | Path) -> Path:
    """Return the CSV file that a table was written to, with text that no spreadsheet runs.

    Parameters
    ----------
    table
        The table, with its index as the first column.
    path
        The file.
    """
    path = Path(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([table.index.name or "row", *table.columns])
        for key, row in zip(table.index, table.itertuples(index=False), strict=True):
            writer.writerow([_inert(value) for value in (key, *row)])
    return path


def _rule(width: int, number: bool) -> str:
    return "-" * width + (":" if number else "-")


def _is_number(column: Any) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column)) and column.dtype != bool


def _cell(value: Any) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return "" if pd.isna(value) else escape(as_text(value))
    return escape("" if value is None else value)


def _inert(value: Any) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return "" if pd.isna(value) else f"{value:.10g}"
    text = plain("" if value is None else value)
    return f"'{text}" if text.startswith(_FORMULA) else text
