"""The BARG checklist, filled in from an estimate; what it leaves open stands as a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from estimators.inference.checks import Checks
from estimators.inference.estimate import Estimate
from estimators.inference.sensitivity import Sensitivity
from estimators.publish.catalogue import retold, say
from estimators.publish.checklists import Item
from estimators.publish.local_forms import in_digits


def barg(
    estimate: Estimate, changes: Sensitivity | None, checks: Checks, figures: Mapping[str, Any]
) -> tuple[Item, ...]:
    """Return the points of BARG, each with what this report says to it, or as a gap.

    Parameters
    ----------
    estimate
        The estimate that is reported.
    changes
        Changed fits, if there are any.
    checks
        The checks of the estimate.
    figures
        The report's figures by name.

    References
    ----------
    .. [1] Kruschke (2021). Bayesian Analysis Reporting Guidelines. Nature Human Behaviour 5,
       1282-1291. doi:10.1038/s41562-021-01177-7
    """
    return (*_model(figures), *_computation(estimate, checks), *_use(estimate, changes))


def _model(figures: Mapping[str, Any]) -> Iterator[Item]:
    yield Item(
        "0",
        say("Why Bayesian, and to what end"),
        say(
            "Claims alone do not fix the level; what is assumed about their errors "
            "has to be stated, and its part in the answer told (“How much of it is "
            "prior”)."
        ),
    )
    yield Item(
        "1",
        say("Model, likelihood, and priors with reasons"),
        say(
            "“How sources err” and “What was assumed”; what the ranges mean together "
            "is drawn there."
        )
        if {"prior", "prior_shares"} & set(figures)
        else say("“How sources err” and “What was assumed”."),
    )


def _computation(estimate: Estimate, checks: Checks) -> Iterator[Item]:
    drawn, told = estimate.recipe.draws, estimate.provenance
    waived = [retold(c.name) for c in checks if c.status == "waived"]
    yield Item(
        "2",
        say("Software, convergence, effective sample size"),
        say(
            "nutpie {version}, {chains} chains of {draws} draws; “Checks”{passed}.",
            version=told.get("version nutpie", "unknown"),
            chains=drawn.chains,
            draws=in_digits(drawn.draws),
            passed=say(": waived are {names}", names=", ".join(waived))
            if waived
            else say(", all passed"),
        ),
    )
    yield Item(
        "3",
        say("The posterior: predictive check, centre and interval"),
        say(
            "Median and 90% interval of each number; what each claim was predicted "
            "to say is under “What disagrees”. No Bayes factors are used."
        ),
    )


def _use(estimate: Estimate, changes: Sensitivity | None) -> Iterator[Item]:
    yield Item(
        "4",
        say("Decisions and their criteria"),
        say(
            "None is made here. One threshold is used: where direct claims and the "
            "rest of the account disagree with p below .05, both sides are printed."
        ),
    )
    yield Item(
        "5",
        say("Sensitivity to other priors"),
        say("“What would change it”: every range and scale tighter and wider.")
        if changes is not None and "prior" in set(changes.table["kind"])
        else "",
        say("no fits under other priors were made for this report."),
    )
    yield Item(
        "6",
        say("Seeds, data, scripts: can it be made again"),
        say(
            "“How to make it again”: seed {seed}, hashes of the inputs, versions.",
            seed=estimate.recipe.seed,
        ),
    )
