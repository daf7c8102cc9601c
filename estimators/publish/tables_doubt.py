"""Tables of what would narrow the estimate and of what disagrees, rounded for print."""

from __future__ import annotations

from typing import Any

import pandas as pd

from estimators.inference.outlook import DOUBTFUL, Outlook, as_factor
from estimators.inference.sides import Conflict, Conflicts, p_text
from estimators.publish.catalogue import retold, say
from estimators.publish.escaping import plain
from estimators.publish.rounding import Printed
from estimators.publish.said import listed
from estimators.publish.tables import to_markdown


def outlook_table(made: Outlook) -> pd.DataFrame:
    """Return what would narrow each quantity, rounded for print, one row a scenario.

    Parameters
    ----------
    made
        From `outlook`.
    """
    ends = made.table[["now_low", "now_median", "now_high"]].itertuples(index=False, name=None)
    printed = [Printed.of(interval) for interval in ends]
    shown = made.table.round({"factor_now": 2, "factor_then": 2, "kept": 2, "few": 2})
    for name, of in (("now_low", "low"), ("now_median", "median"), ("now_high", "high")):
        shown[name] = [getattr(interval, of) for interval in printed]
    return shown.set_index("quantity")


def outlook_markdown(made: Outlook) -> str:
    """Return how far each interval would reach under each scenario, a row a quantity.

    Parameters
    ----------
    made
        From `outlook`.
    """
    rows = []
    for id in made.quantities:
        found = {name: made.at(id, name) for name in made.scenarios}
        now = as_factor(found[made.scenarios[0]]["factor_now"])
        then = {_capital(retold(name)): _then(row) for name, row in found.items()}
        rows.append({"Quantity": plain(made.study.by_id[id].label), "Now": now, **then})
    return to_markdown(pd.DataFrame(rows), widths={"Quantity": 30})


def outlook_reading(made: Outlook) -> str:
    """Return in one sentence what would narrow the first quantity, and how far.

    Parameters
    ----------
    made
        From `outlook`.
    """
    first = made.quantities[0]
    rows = [(name, made.at(first, name)) for name in made.scenarios]
    told = [
        say(
            "{factor} after {name} ({kept} of its width)",
            factor=as_factor(row["factor_then"]),
            name=retold(name),
            kept=f"{row['kept']:.0%}",
        )
        for name, row in rows
    ]
    return say(
        "The 90% interval of “{label}” is {now}; on average over what might be said, it would be "
        "{told}.",
        label=made.study.by_id[first].label,
        now=as_factor(rows[0][1]["factor_now"]),
        told=listed(told),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _then(row: Any) -> str:
    doubt = say(", uncertain") if row["few"] > DOUBTFUL else ""
    return f"{as_factor(row['factor_then'])} ({row['kept']:.0%}{doubt})"


def conflicts_table(found: Conflicts) -> pd.DataFrame:
    """Return both sides of each quantity, rounded for print, with p and the verdict.

    Parameters
    ----------
    found
        From `conflicts`.
    """
    shown = found.summary()
    for side in ("direct", "rest"):
        names = [f"{side}_{end}" for end in ("low", "median", "high")]
        printed = [Printed.of(getattr(one, side), one.unit) for one in found]
        shown[names] = [(one.low, one.median, one.high) for one in printed]
    rounded = dict.fromkeys(("factor_low", "factor_median", "factor_high", "rhat"), 2)
    return shown.round(rounded | {"p": 4, "p_holm": 4})


def conflicts_markdown(found: Conflicts) -> str:
    """Return what direct claims say against the rest of the account, a row a quantity.

    Parameters
    ----------
    found
        From `conflicts`.
    """
    rows = [
        {
            "Quantity": plain(one.label),
            "Direct claims say": retold(one.ends[0]),
            "of": len(one.claims),
            "Against": _against(one),
            "these say": retold(one.ends[1]),
            "p": p_text(one.p).removeprefix("p = "),
            "Holm": p_text(adjusted).removeprefix("p = "),
            "Verdict": f"{retold(one.verdict)}{retold(one.doubt)}",
        }
        for one, adjusted in zip(found, found.adjusted, strict=True)
    ]
    widths = {"Quantity": 30, "Direct claims say": 16, "of": 5, "Against": 20, "these say": 16}
    return to_markdown(pd.DataFrame(rows), widths=widths)


def _against(one: Conflict) -> str:
    return (
        say("{others} other readings", others=one.others)
        if one.others > 1
        else say("1 other reading")
        if one.others
        else retold(one.against)
    )
