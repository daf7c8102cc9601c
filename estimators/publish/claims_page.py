"""The claims on the report's page: all of a study of few, the most telling of one of thousands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.publish.catalogue import say, say_many
from estimators.publish.escaping import Safe, escape, link, plain
from estimators.publish.said import wording
from estimators.publish.tables import claims_table, to_markdown

ALL = 400  # claims that a page can hold
MOST = 100  # of more, those that it shows


def shown_claims(study: Study) -> tuple[str, ...]:
    """Return the ids of the claims that the page shows, in the order of the study or by quantity.

    Parameters
    ----------
    study
        The study.

    Notes
    -----
    Of a study with more than `ALL` claims these are `MOST`: what each source said last of each
    quantity, the quantities of the headline first, and then what each said first.
    """
    if len(study.claims) <= ALL:
        return tuple(c.id for c in study.claims)
    used = sorted((c for c in study.claims if c.used), key=_when)
    last = {(c.quantity, c.origin): c for c in used}
    first = {(c.quantity, c.origin): c for c in reversed(used)}
    ranked = [*_headline_first(study, last), *_headline_first(study, first)]
    chosen = {c.id: c for c in reversed(ranked)}
    kept = [chosen[id] for id in list(dict.fromkeys(c.id for c in ranked))[:MOST]]
    place = {id: number for number, id in enumerate(study.by_id)}
    return tuple(c.id for c in sorted(kept, key=lambda c: (place[c.quantity], c.origin, _when(c))))


def _when(claim: Claim) -> tuple[object, str]:
    return claim.speaks_for.end, claim.id


def _headline_first(study: Study, said: Mapping[tuple[str, str], Claim]) -> list[Claim]:
    return sorted(said.values(), key=lambda c: (c.quantity not in study.headline, c.id))


def claims_note(study: Study) -> str:
    """Return which claims the page shows, in words.

    Parameters
    ----------
    study
        The study.
    """
    shown = len(shown_claims(study))
    if shown == len(study.claims):
        return say("Every claim that was found, used or with the reason why not.")
    where = say("are in the file tables/claims.csv beside this page")
    if study.obtain:
        where = say("are not shipped with the study; get them by: {obtain}", obtain=study.obtain)
    return say(
        "{claims} were found. Here stand {shown}: what each source said last of "
        "each quantity, and of some what it said first. All of them, used or "
        "with the reason why not, {where}.",
        claims=say_many("{number} claim", "{number} claims", len(study.claims)),
        shown=shown,
        where=where,
    )


def claims_markdown(study: Study) -> str:
    """Return claims as a Markdown table: said, by whom, printed where, used or why not.

    Parameters
    ----------
    study
        The study.
    """
    table = claims_table(study).loc[list(shown_claims(study))]
    shown = pd.DataFrame(
        {
            "About": list(table["about"]),
            "Said": [_said(study, id) for id in table.index],
            "Origin": [_origin(row) for row in table.to_dict("records")],
            "Printed": [_printed(row) for row in table.to_dict("records")],
            "Used": [_use(row) for row in table.to_dict("records")],
        },
        dtype=object,  # a column of strings would forget which cells are Markdown
    )
    return to_markdown(
        shown, widths={"About": 26, "Said": 22, "Origin": 22, "Printed": 22, "Used": 30}
    )


def _said(study: Study, id: str) -> str:
    claim = study.claim_by_id[id]
    said, printed = wording(study, claim), plain(claim.quote) or plain(claim.phrase)
    if not printed or printed.replace(",", "") == said.replace(",", ""):
        return said
    return f"{said}: “{printed}”"


def _origin(row: Mapping[Any, Any]) -> str:
    return (
        say("{origin} (network {network})", origin=row["origin"], network=row["network"])
        if row["network"]
        else str(row["origin"])
    )


def _printed(row: Mapping[Any, Any]) -> Safe:
    where = link(row["publisher"] or say("source"), row["url"])
    kept = f" ({link(say('archived'), row['archived_url'])})" if row["archived_url"] else ""
    return Safe(f"{where}{kept}, {escape(row['published'])}")


def _use(row: Mapping[Any, Any]) -> str:
    if row["used"] == "yes":
        return say("used")
    return say(
        "not used: {why}",
        why=row["why_not"] or say("it repeats or was computed from another claim"),
    )
