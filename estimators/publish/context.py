"""What the report's template is given: sentences, lists and tables, all escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from estimators.evidence.study import Study, assumed_shares, status
from estimators.inference.checks import Checks
from estimators.inference.compute import MANY_READINGS
from estimators.inference.estimate import Estimate
from estimators.inference.how_wrong import HowWrong
from estimators.inference.outlook import Outlook
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import Conflicts
from estimators.publish import inputs
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.checklist_barg import barg
from estimators.publish.checklists import checklist_markdown, gaps_of, gather
from estimators.publish.claims_page import claims_note
from estimators.publish.escaping import Safe, escape, plain
from estimators.publish.page import page_tables
from estimators.publish.plain_words import between, printed_of
from estimators.publish.plates import drawn, file_name, headline_of, leading
from estimators.publish.provenance import Plate
from estimators.publish.rests import assumption, stands_on
from estimators.publish.rounding import as_text
from estimators.publish.said import listed, said_of, span
from estimators.publish.sentences import is_printable, sentence
from estimators.publish.style import COLUMN, figure_of
from estimators.publish.tables_doubt import conflicts_markdown, outlook_markdown, outlook_reading
from estimators.publish.units import are_people

_CHANGED = {
    "origin": marked("without each source"),
    "scenario": marked("under each scenario"),
    "anchor": marked("without each anchor"),
    "early error": marked("with less of the early error"),
    "prior": marked("with each prior tighter and wider"),
}
_APART = 2.0  # readings that differ by this factor are named


def context_of(
    estimate: Estimate,
    changes: Sensitivity | None,
    checks: Checks,
    prior: Prior | None,
    made: Mapping[str, Plate],
    wrong: HowWrong | None = None,
    narrower: Outlook | None = None,
    split: Conflicts | None = None,
) -> dict[str, Any]:
    """Return everything that the report's template names.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits, if there are any.
    checks
        The checks of the estimate.
    prior
        Draws before any claim, if there are any.
    made
        The figures by their names, in the order in which they are shown.
    wrong
        How wrong claims of the reference class have been, where the study stands on one.
    narrower
        What would narrow the estimate, where a headline number is a count that claims touch.
    split
        What direct claims say against the rest, where this was asked.
    """
    study = estimate.study
    ids = headline_of(study)
    lists = {
        "gather": gather(estimate, changes, made),
        "barg": barg(estimate, changes, checks, made),
    }
    return {
        "study": study,
        "recipe": estimate.recipe,
        "provenance": estimate.provenance,
        "headline": ids,
        "lead": _lead(estimate, ids[0]) if ids else None,
        "sentences": [_answer(estimate, changes, id, split) for id in ids],
        "figures": {name: _figure(plate) for name, plate in made.items()},
        "drawn": drawn(study),
        "leading": leading(study),
        "over_time": [name for name in made if name.startswith(("series_", "over_time"))],
        "running_totals": any(c.method == "running total" for c in study.readings),
        "claims_note": claims_note(study),
        "file_name": file_name,
        "quoted": quoted,
        "anchor": anchor,
        "used": inputs.used_of(study),
        "assumption": assumption(estimate, ids[0]) if ids else "",
        "stands": stands_on(estimate),
        "wrong": {"stands": stands_on(estimate), "reading": retold(wrong.reading())}
        if wrong
        else None,
        "narrower": _narrower(narrower) if narrower else None,
        "split": _split(split) if split else None,
        "many": len(study.readings) > MANY_READINGS,
        "limited": [_limited(estimate, prior, id) for id in ids] if prior else [],
        "apart": _apart(study),
        "stated": [study.by_id[id].label for id in ids if assumed_shares(study, id)],
        "waived": [c for c in checks if c.status == "waived"],
        "few": [study.by_id[id].label for id in ids if 0 < said_of(study, id).origins <= 3],
        "overrides": study.overrides,
        "people": are_people(study, study.by_id),
        "headline_people": are_people(study, ids),
        "no_list": all(said_of(study, id).identified is None for id in ids),
        "changes": changes,
        "varied": _varied(changes) if changes else "",
        "priors": prior,
        "gaps": gaps_of(*lists.values()),
        "tables": page_tables(estimate, changes, checks, prior)
        | {name: checklist_markdown(items) for name, items in lists.items()},
    }


def quoted(labels: Sequence[str], between: str) -> str:
    """Return labels in quotation marks, escaped, with something between them.

    Parameters
    ----------
    labels
        As a study says them.
    between
        What stands between two.
    """
    return between.join(say("“{label}”", label=escape(label)) for label in labels)


def anchor(heading: str) -> str:
    """Return the id that pandoc gives an English heading, for the same in another language.

    Parameters
    ----------
    heading
        The heading in English.
    """
    kept = re.sub(r"[^\w\s.-]", "", plain(heading)).lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"\s+", "-", kept.strip()))


def _lead(estimate: Estimate, id: str) -> dict[str, str] | None:
    """Return the first number in few words, and its figure; None where it has no sentence."""
    if not is_printable(estimate, id):
        return None
    label = plain(estimate.study.by_id[id].label)
    median = as_text(printed_of(estimate, id).median)
    text = say(
        "{label}: {between}. The middle of what is plausible is {median}.",
        label=label,
        between=between(estimate, id),
        median=median,
    )
    return {"text": text, "figure": file_name("density", id)}


def _varied(changes: Sensitivity) -> str:
    """Return what was changed from fit to fit, in words."""
    made = set(changes.table["kind"])
    return listed([retold(words) for kind, words in _CHANGED.items() if kind in made])


def _wrong(estimate: Estimate, made: HowWrong) -> dict[str, str]:
    return {"stands": stands_on(estimate), "reading": retold(made.reading())}


def _narrower(made: Outlook) -> dict[str, str]:
    return {"reading": outlook_reading(made), "table": Safe(outlook_markdown(made))}


def _split(found: Conflicts) -> dict[str, str]:
    return {"reading": retold(found.reading()), "table": Safe(conflicts_markdown(found))}


def _answer(
    estimate: Estimate, changes: Sensitivity | None, id: str, split: Conflicts | None = None
) -> str:
    if status(estimate.study, id) == "assumed":
        label = plain(estimate.study.by_id[id].label)
        return say(
            "{label}: no claim touches this number. It is assumed, not estimated "
            "({ends} before and after).",
            label=label,
            ends=printed_of(estimate, id).ends,
        )
    if not is_printable(estimate, id):
        label = plain(estimate.study.by_id[id].label)
        return say(
            "{label}: no sentence. The interval is narrower than three origins or "
            "fewer can know without a register; the table shows it, marked.",
            label=label,
        )
    return sentence(estimate, id, changes, split.of(id) if split else None)


def _figure(plate: Plate) -> Safe:
    """Return a figure with its id, caption and alternative text as Markdown."""
    column = " .column" if figure_of(plate.axes).get_figwidth() <= COLUMN else ""
    words = f'{{#fig-{plate.name}{column} alt="{escape(plate.alt)}"}}'
    return Safe(f"![{escape(plate.caption)}](<figures/{plate.name}.svg>){words}\n")


def _limited(estimate: Estimate, prior: Prior, id: str) -> str:
    """Return how much narrower the claims have made a quantity, on the scale of ratios."""
    label = plain(estimate.study.by_id[id].label)
    before, after = (_width(found.interval(id)) for found in (prior, estimate))
    part = round(100 * after / before) if before else 100
    told = say("hardly") if part > 70 else say("in part") if part > 40 else say("much")
    return say(
        "{label}: the 90% interval is {part}% as wide after the claims as before "
        "(on the scale of ratios); the claims narrowed it {told}.",
        label=label,
        part=part,
        told=told,
    )


def _width(interval: tuple[float, float, float]) -> float:
    low, _, high = interval
    return log(high / low) if low > 0 else 0.0


def _apart(study: Study) -> list[str]:
    """Return the quantities whose readings differ by more than a factor of two."""
    found = []
    for quantity in study.quantities:
        said = said_of(study, quantity.id)
        numbers = [span(c) for c in said.numbered]
        if numbers and max(low for low, _ in numbers) > _APART * min(high for _, high in numbers):
            low, high = said.ends
            found.append(
                say(
                    "{label}: from “{low}” to “{high}”.",
                    label=plain(quantity.label),
                    low=low,
                    high=high,
                )
            )
    return found
