"""Checklists, and GATHER among them, filled in from a study; what it leaves open is a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.inference.sensitivity import Sensitivity
from estimators.publish.catalogue import marked, retold, say, say_many
from estimators.publish.escaping import plain
from estimators.publish.local_forms import in_digits
from estimators.publish.tables import to_markdown

GAP = marked("Gap")


@dataclass(frozen=True)
class Item:
    """One item of a checklist: its number, what it asks for, and what the report says to it.

    Without an answer it is a gap, and `remedy` says how to close it.
    """

    number: str
    asked: str
    answer: str = ""
    remedy: str = ""

    @property
    def text(self) -> str:
        """Return the answer, or that there is none and what to do."""
        return self.answer or f"{retold(GAP)}: {self.remedy}"


def checklist_markdown(items: Sequence[Item]) -> str:
    """Return a checklist as a Markdown table: item, what it asks, and what the report says to it.

    Parameters
    ----------
    items
        Of the checklist.
    """
    rows = [{"Item": i.number, "Asked": i.asked, "In this report": i.text} for i in items]
    widths = {"Item": 6, "Asked": 34, "In this report": 60}
    return to_markdown(pd.DataFrame(rows), widths=widths)


def gaps_of(*checklists: Sequence[Item]) -> str:
    """Return how many items are open, in words; '' where none is.

    Parameters
    ----------
    checklists
        The checklists.
    """
    return (
        say_many("{number} item", "{number} items", n)
        if (n := sum(not i.answer for c in checklists for i in c))
        else ""
    )


def gather(
    estimate: Estimate, changes: Sensitivity | None, figures: Mapping[str, Any]
) -> tuple[Item, ...]:
    """Return the eighteen items of GATHER, each with what this report says to it, or as a gap.

    Parameters
    ----------
    estimate
        The estimate that is reported.
    changes
        Changed fits, if there are any.
    figures
        The report's figures by name.

    References
    ----------
    .. [1] Stevens et al. (2016). Guidelines for Accurate and Transparent Health Estimates
       Reporting. The Lancet 388, e19-e23. doi:10.1016/S0140-6736(16)30388-9
    """
    study = estimate.study
    return (*_objectives(study), *_inputs(study), *_methods(estimate, changes, figures))


def _objectives(study: Study) -> Iterator[Item]:
    when = [c.speaks_for for c in study.readings]
    period = say(
        " What is used speaks of {first} to {last}.",
        first=min(w.start for w in when),
        last=max(w.end for w in when),
    )
    asked = say("What is estimated, of whom, and for which period")
    yield Item("1", asked, study.question and plain(study.question) + (period if when else ""))
    remedy = say("state funding under [report] in study.toml.")
    yield Item("2", say("Who paid for the work"), plain(study.report.funding), remedy)


def _inputs(study: Study) -> Iterator[Item]:
    told = study.report
    used = sum(c.used for c in study.claims)
    noted = sum(bool(s.notes) for s in study.sources)
    remedy = say("state search under [report] in study.toml: where was looked, when, how.")
    yield Item("3", say("How the data were found and accessed"), plain(told.search), remedy)
    rule = told.inclusion and plain(f"{told.inclusion} {told.decisions}")
    counts = {"used": in_digits(used), "claims": in_digits(len(study.claims))}
    yield Item(
        "4",
        say("What was taken in and left out, and why"),
        rule
        and say(
            "{rule} {used} of {claims} claims are used; each other one stands under “All claims” "
            "with the reason why not.",
            rule=rule,
            **counts,
        ),
        say(
            "state inclusion under [report] in study.toml: the rule. {used} of {claims} claims "
            "are used; each other one stands under “All claims” with its reason.",
            **counts,
        ),
    )
    yield Item(
        "5",
        say("Each source: who, what, when, how it counted"),
        say(
            "“Who asserted them”: {sources} sources, notes on {noted}; “All claims”: "
            "the words, date and address of each claim.",
            sources=len(study.sources),
            noted=noted,
        ),
    )
    yield Item(
        "6",
        say("Inputs that are likely to be biased"),
        say("“How sources err”, and the signed scenario under “What would change it”."),
    )
    stated = len(study.ranges()) + len(study.anchors)
    yield Item(
        "7",
        say("Other inputs"),
        say(
            "“What was assumed”: {stated} stated ranges and anchors, each with its reason.",
            stated=stated,
        ),
    )
    yield Item(
        "8",
        say("Inputs in a form that machines read, or why not"),
        say("The rows are not shipped. {obtain}", obtain=plain(study.obtain))
        if study.obtain
        else say("The files tables/claims.csv and tables/ranges.csv."),
    )


def _methods(
    estimate: Estimate, changes: Sensitivity | None, figures: Mapping[str, Any]
) -> Iterator[Item]:
    told = estimate.study.report
    drawn = next((name for name in ("flows", "account") if name in figures), "")
    remedy = say("the study has no identities that could be drawn as an account.")
    answer = say(
        "The account under “What is believed”; how claims are read under “How sources err”."
    )
    yield Item("9", say("An overview of the method as a diagram"), drawn and answer, remedy)
    yield Item(
        "10",
        say("All steps and formulas"),
        say("“How sources err” with the formula, “What was assumed”, and the program's source."),
    )
    yield Item(
        "11",
        say("How the model was chosen"),
        say("One model for all studies; what this study chose is under “What was assumed”."),
    )
    yield Item(
        "12",
        say("How well it does, and sensitivity to what was assumed"),
        say("“Checks” and “What would change it”.") if changes else "",
        say("no changed fits were made; make the report without --quick."),
    )
    yield Item(
        "13",
        say("Which kinds of uncertainty are in, and which not"),
        say(
            "In: errors of sources, wording, rounding, stated ranges. Not in: “What is not known”."
        ),
    )
    where = told.url and say("{url}; “How to make it again”.", url=plain(told.url))
    yield Item(
        "14", say("Access to the code"), where, say("state url under [report] in study.toml.")
    )
    yield Item(
        "15", say("Results in a file"), say("The files results.json and tables/estimates.csv.")
    )
    yield Item(
        "16", say("Uncertainty beside each result, in numbers"), say("A 90% interval with each.")
    )
    remedy = say(
        "state earlier under [report] in study.toml: estimates before this one, or 'None.'"
    )
    yield Item("17", say("Beside earlier estimates"), plain(told.earlier), remedy)
    yield Item("18", say("Limits"), say("“What is not known” and “How much of it is prior”."))
