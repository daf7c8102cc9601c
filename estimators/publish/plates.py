"""Which figures a report holds, each drawn when it is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from estimators.evidence.quantity import PERCENT, SEVERAL
from estimators.evidence.study import Study, status
from estimators.inference.estimate import Estimate
from estimators.inference.how_wrong import HowWrong
from estimators.inference.origins import OriginsCurve
from estimators.inference.outlook import Outlook
from estimators.inference.prior import Prior
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import Conflicts
from estimators.publish import captions, captions_doubt, captions_more, series_captions
from estimators.publish.catalogue import say
from estimators.publish.figure_account import flows_shown, plot_account, stock_series
from estimators.publish.figure_claims import plot_claims
from estimators.publish.figure_conflict import plot_conflicts
from estimators.publish.figure_density import plot_density
from estimators.publish.figure_dots import plot_dots
from estimators.publish.figure_flows import plot_flows
from estimators.publish.figure_origins import plot_origins
from estimators.publish.figure_outlook import plot_outlook
from estimators.publish.figure_panels import plot_all_series, running
from estimators.publish.figure_prior import plot_prior
from estimators.publish.figure_provenance import plot_provenance
from estimators.publish.figure_reference import plot_reference
from estimators.publish.figure_runs import plot_sensitivity, plot_sources
from estimators.publish.figure_series import plot_series
from estimators.publish.flow_blocks import blocks_of
from estimators.publish.provenance import Plate
from estimators.publish.tracks import heard

_MANY = 3  # readings that make a figure of their own worth while
_FEW = 6


def headline_of(study: Study) -> tuple[str, ...]:
    """Return the headline quantities; the first claimed ones where a study names none.

    Parameters
    ----------
    study
        The study.
    """
    claimed = [q.id for q in study.quantities if status(study, q.id) == "claimed"]
    return study.headline or tuple(claimed[:_FEW])


def drawn(study: Study) -> tuple[str, ...]:
    """Return the quantities whose claims are drawn in rows: the headline, and with many readings.

    What runs over time has figures of its own.

    Parameters
    ----------
    study
        The study.
    """
    number = Counter(c.quantity for c in study.readings)
    several = [q.id for q in study.quantities if number[q.id] >= _MANY]
    chosen = dict.fromkeys((*headline_of(study), *several))
    return tuple(id for id in chosen if id not in study.series_of)


def leading(study: Study) -> str:
    """Return the name of the figure that stands under the answer; '' where there is none.

    Parameters
    ----------
    study
        The study.
    """
    for id in headline_of(study)[:1]:
        return file_name("series" if id in study.series_of else "claims", id)
    return ""


def over_time_plates(estimate: Estimate) -> Iterator[Plate]:
    """Yield the headline over time, so far and by the cell, and all that runs on one plate.

    Parameters
    ----------
    estimate
        The estimate.
    """
    study = estimate.study
    for id in headline_of(study):
        if id in study.series_of:
            yield _series(estimate, id)
            if len([c for t in heard(study, id).windows for c in t.said]) >= _MANY:
                yield _series(estimate, id, new=True)
    ids = running(study)
    if len(ids) > 1:
        text = (
            series_captions.panels_caption(estimate, ids),
            series_captions.panels_alt(estimate, ids),
        )
        yield Plate("over_time", plot_all_series(estimate, ids)[0], say("All over time"), *text)


def _series(estimate: Estimate, id: str, new: bool = False) -> Plate:
    return Plate(
        file_name("series_new" if new else "series", id),
        plot_series(estimate, id, new=new),
        estimate.study.by_id[id].label,
        series_captions.series_caption(estimate, id, new),
        series_captions.series_alt(estimate, id, new),
    )


def plates(
    estimate: Estimate,
    changes: Sensitivity | None,
    prior: Prior | None,
    curve: OriginsCurve | None = None,
    wrong: HowWrong | None = None,
    narrower: Outlook | None = None,
    split: Conflicts | None = None,
) -> Iterator[Plate]:
    """Yield the figures of a report in the order in which it shows them.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits; without them nothing is drawn of them.
    prior
        Draws before any claim; without them they are not drawn.
    curve
        What more origins add; not drawn without.
    wrong
        How wrong claims of the reference class have been; not drawn without.
    narrower
        What would narrow the estimate; not drawn without.
    split
        What direct claims say against the rest; not drawn without.
    """
    study = estimate.study
    over_time = {plate.name: plate for plate in over_time_plates(estimate)}
    first = leading(study)
    if first in over_time:
        yield over_time.pop(first)
    rows = {file_name("claims", id): id for id in drawn(study)}
    if first in rows:
        yield _claims(estimate, rows.pop(first))
    if curve is not None:
        text = captions.origins_caption(curve), captions.origins_alt(curve)
        yield Plate("origins", plot_origins(curve), say("What more origins add"), *text)
    yield from _firsts(study)
    for id in rows.values():
        yield _claims(estimate, id)
    if wrong is not None:
        text = captions_doubt.reference_caption(wrong), captions_doubt.reference_alt(wrong)
        yield Plate(
            "reference", plot_reference(wrong), say("How wrong such claims have been"), *text
        )
    if prior is not None:
        yield from _priors(estimate, prior)
    for id in headline_of(study):
        yield from _believed(estimate, prior, id)
    if stock_series(study) or flows_shown(study):
        text = captions.account_caption(estimate), captions.account_alt(estimate)
        yield Plate("account", plot_account(estimate)[0], say("The account over time"), *text)
    if blocks_of(estimate):
        text = captions.flows_caption(estimate), captions.flows_alt(estimate)
        yield Plate("flows", plot_flows(estimate), say("What adds up to what"), *text)
    yield from over_time.values()
    for id in headline_of(study):
        yield from _runs(estimate, changes, id)
    if narrower is not None:
        text = captions_doubt.outlook_caption(narrower), captions_doubt.outlook_alt(narrower)
        yield Plate("outlook", plot_outlook(narrower), say("What would narrow it"), *text)
    if split is not None:
        yield from _splits(split)


def _claims(estimate: Estimate, id: str) -> Plate:
    return Plate(
        file_name("claims", id),
        plot_claims(estimate, id),
        estimate.study.by_id[id].label,
        captions.claims_caption(estimate, id),
        captions.claims_alt(estimate, id),
    )


def _firsts(study: Study) -> Iterator[Plate]:
    """Yield who said the numbers of the headline first, as far as anybody said them."""
    said = {c.quantity for c in study.claims}
    for id in (id for id in headline_of(study) if id in said):
        text = captions_more.provenance_caption(study, id), captions_more.provenance_alt(study, id)
        name = file_name("provenance", id)
        yield Plate(name, plot_provenance(study, id), say("Who said it first"), *text)


def _believed(estimate: Estimate, prior: Prior | None, id: str) -> Iterator[Plate]:
    """Yield the density of a quantity, and its dots."""
    label = estimate.study.by_id[id].label
    text = captions_more.density_caption(estimate, id), captions_more.density_alt(estimate, id)
    yield Plate(file_name("density", id), plot_density(estimate, id, prior), label, *text)
    text = captions_more.dots_caption(estimate, id), captions_more.dots_alt(estimate, id)
    yield Plate(file_name("dots", id), plot_dots(estimate, id), label, *text)


def _priors(estimate: Estimate, prior: Prior) -> Iterator[Plate]:
    """Yield the counts and then the shares of the headline, before and after."""
    study = estimate.study
    for kind, share in (("prior", False), ("prior_shares", True)):
        ids = [id for id in headline_of(study) if study.by_id[id].is_share == share]
        if ids:
            axes = plot_prior(prior, estimate, ids)
            text = captions.prior_caption(), captions.prior_alt(prior, estimate, ids)
            yield Plate(kind, axes, say("Before and after the claims"), *text)


def _splits(split: Conflicts) -> Iterator[Plate]:
    """Yield the two sides of counts, and then of shares."""
    for kind, unit in (("conflict", SEVERAL), ("conflict_shares", PERCENT)):
        if split.among(unit):
            axes, text = plot_conflicts(split, unit), captions_doubt.conflict_caption(split, unit)
            yield Plate(
                kind, axes, say("What disagrees"), text, captions_doubt.conflict_alt(split, unit)
            )


def _runs(estimate: Estimate, changes: Sensitivity | None, id: str) -> Iterator[Plate]:
    label = estimate.study.by_id[id].label
    if changes is not None:
        yield Plate(
            file_name("sensitivity", id),
            plot_sensitivity(changes, id),
            say("What would change: {label}", label=label),
            captions.sensitivity_caption(estimate, changes, id),
            captions.sensitivity_alt(estimate, changes, id),
        )
    yield Plate(
        file_name("sources", id),
        plot_sources(estimate, changes, id)[0],
        say("What each source adds and hides: {label}", label=label),
        captions.sources_caption(estimate, changes, id),
        captions.sources_alt(estimate, changes, id),
    )


def file_name(kind: str, id: str) -> str:
    """Return the name of a figure's files; an id can name no other folder.

    Parameters
    ----------
    kind
        What is drawn.
    id
        Of which quantity.
    """
    return f"{kind}_{re.sub(r'[^\w-]', lambda found: f'_{ord(found[0]):x}_', id)}"
