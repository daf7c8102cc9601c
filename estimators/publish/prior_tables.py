"""Tables of how much of the answer is prior, and of how many readings are really behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from estimators.evidence.study import status
from estimators.inference.estimate import Estimate
from estimators.inference.prior_part import POWER_SCALED, prior_part
from estimators.inference.sensitivity import Sensitivity
from estimators.publish.catalogue import retold, say
from estimators.publish.escaping import plain
from estimators.publish.rounding import Printed
from estimators.publish.tables import to_markdown

_COLUMNS = {
    "kept": 2,
    "prior_sensitivity": 3,
    "likelihood_sensitivity": 3,
    "bias_r2": 2,
    "effective": 1,
}


def prior_table(estimate: Estimate) -> pd.DataFrame:
    """Return, for each quantity that claims touch, how much is prior and how many readings count.

    Parameters
    ----------
    estimate
        The estimate.
    """
    table = prior_part(estimate)
    study = estimate.study
    table = table.loc[[id for id in table.index if status(study, id) != "assumed"]]
    labels = [plain(study.by_id[str(id)].label) for id in table.index]
    shown = table.drop(columns=["prior_low", "prior_high", "low", "high"]).round(_COLUMNS)
    for column in ("prior_limited", "too_narrow"):
        shown[column] = ["yes" if flag else "no" for flag in shown[column]]
    shown.insert(0, "label", labels)
    return shown


def dependence_markdown(estimate: Estimate) -> str:
    """Return claims, origins, networks and effective readings of each claimed quantity.

    Parameters
    ----------
    estimate
        The estimate.
    """
    table = prior_table(estimate)
    table = table[table["readings"] > 0]
    shown = pd.DataFrame(
        {
            "Quantity": list(table["label"]),
            "Statements": list(table["statements"]),
            "Readings": list(table["readings"]),
            "Origins": list(table["origins"]),
            "Networks": list(table["networks"]),
            "Effective readings": [f"{number:.1f}" for number in table["effective"]],
        }
    )
    return to_markdown(shown, widths={"Quantity": 40})


def prior_markdown(estimate: Estimate, ids: tuple[str, ...]) -> str:
    """Return how much of each quantity is prior, in words and numbers.

    Parameters
    ----------
    estimate
        The estimate.
    ids
        The quantities to show.
    """
    table = prior_table(estimate)
    table = table.loc[[id for id in ids if id in table.index]]
    rows = [_prior_row(row) for row in table.to_dict("records")]
    return to_markdown(pd.DataFrame(rows), widths={"Quantity": 36, "So it is": 26})


def _prior_row(row: Any) -> dict[str, str]:
    words = []
    if row["prior_limited"] == "yes":
        words.append(say("prior-limited"))
    if row["prior_sensitivity"] > POWER_SCALED:
        both = row["likelihood_sensitivity"] > POWER_SCALED
        words.append(say("prior and claims in conflict") if both else say("moved by the prior"))
    if row["too_narrow"] == "yes":
        words.append(say("too narrow to be printed in a sentence"))
    return {
        "Quantity": row["label"],
        "Width kept": f"{100 * row['kept']:.0f}%",
        "Shared error": f"{100 * row['bias_r2']:.0f}%",
        "Power: prior": f"{row['prior_sensitivity']:.2f}",
        "Power: claims": f"{row['likelihood_sensitivity']:.2f}",
        "So it is": ", ".join(words) or say("decided by the claims"),
    }


def scenarios_markdown(estimate: Estimate, changes: Sensitivity, ids: tuple[str, ...]) -> str:
    """Return the headline numbers under each scenario and anchor, beside the neutral reading.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits.
    ids
        The quantities to show.
    """
    table = changes.table
    kinds = ("scenario", "anchor", "early error")
    runs = dict.fromkeys(table.loc[table["kind"].isin(kinds), "run"])
    rows = [{"Scenario": say("neutral (the headline)"), **_ends(estimate, ids)}]
    for run in runs:
        mine = table[table["run"] == run].set_index("quantity")
        cells = {}
        for id in ids:
            row = mine.loc[id]
            ends = (row["low"], row["median"], row["high"])
            printed = Printed.of(ends, estimate.study.unit_of(id))
            doubt = "" if row["converged"] else say(" (not converged)")
            cells[plain(estimate.study.by_id[id].label)] = f"{printed.ends}{doubt}"
        rows.append({"Scenario": retold(plain(run)), **cells})
    return to_markdown(pd.DataFrame(rows), widths={"Scenario": 30})


def _ends(estimate: Estimate, ids: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for id in ids:
        unit = estimate.study.unit_of(id)
        found[plain(estimate.study.by_id[id].label)] = Printed.of(estimate.interval(id), unit).ends
    return found
