"""Study, estimate and checks become a report; what failed its checks is refused."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pandas as pd

from estimators.inference.checks import Checks, NotPublishableError, check
from estimators.inference.compute import MANY_READINGS
from estimators.inference.conflict import conflicts as conflicts_of
from estimators.inference.conflict import separable
from estimators.inference.estimate import Estimate
from estimators.inference.how_wrong import HowWrong, how_wrong
from estimators.inference.lists.study_lists import compare_study
from estimators.inference.origins import OriginsCurve, origins_curve
from estimators.inference.outlook import Outlook, foreseeable, outlook
from estimators.inference.prior import Prior
from estimators.inference.prior import prior as prior_of
from estimators.inference.sensitivity import Sensitivity
from estimators.inference.sides import Conflicts
from estimators.models.reference import PARTS, reference_class
from estimators.publish import inputs
from estimators.publish.claims_page import claims_markdown
from estimators.publish.companions import COMPANIONS, write_companions
from estimators.publish.context import context_of
from estimators.publish.credit import Credit, credit_of
from estimators.publish.documents import DOCUMENTS, write_documents
from estimators.publish.fonts import lettering
from estimators.publish.front import front_of
from estimators.publish.house import House, default_house, read_house
from estimators.publish.languages import ENGLISH, read_language, speaking
from estimators.publish.lists_page import lists_context, lists_plates, lists_tables
from estimators.publish.manifest import write_manifest
from estimators.publish.over_time_table import over_time_table
from estimators.publish.plates import headline_of, plates
from estimators.publish.prior_tables import prior_table
from estimators.publish.provenance import Plate, write_plate
from estimators.publish.render import fill
from estimators.publish.results import write_results
from estimators.publish.said import said_of
from estimators.publish.table_files import write_table
from estimators.publish.tables import claims_table, estimates_table
from estimators.publish.tables_doubt import conflicts_table, outlook_table

_SEVERAL = 3  # origins that speak of a number beside the headline, for it to be split
_PARTS = ("figures", "tables", "results.json", *DOCUMENTS, *COMPANIONS, "manifest.json")


def write_report(
    estimate: Estimate,
    changes: Sensitivity | None = None,
    *,
    to: str | Path,
    checks: Checks | None = None,
    prior: Prior | None = None,
    conflicts: Conflicts | None = None,
    house: str | Path | None = None,
    language: str | None = None,
) -> Path:
    """Return report.html, written with report.pdf, report.docx, figures, tables and results.json.

    Parameters
    ----------
    estimate
        The estimate.
    changes
        Changed fits; without them the report says that they are missing.
    to
        The folder to write to; figures, tables and pages of an earlier report there are replaced.
    checks
        The checks; made anew if not given.
    prior
        Draws before any claim; drawn anew if not given.
    conflicts
        What direct claims say against the rest; if not given but changed fits are, made anew for
        the headline and for numbers of which three origins or more speak.
    house
        Folder of a house style (style.toml, and templates in place of those shipped); the style
        that is shipped if not given.
    language
        What it is written in: 'en', 'ko', or a language whose catalogue the house style has; that
        of the house style if not given. results.json and the tables' files stay English.

    Raises
    ------
    NotPublishableError
        If a check failed that nobody waived, with the remedies; then nothing is written.
    EvidenceError
        If the study's references cannot be read.
    StyleError
        If the house style cannot be used, there is no catalogue of the language, or no font has a
        letter of the study.
    """
    style = default_house() if house is None else read_house(house)
    style = replace(style, language=language or style.language)
    read_language(style.language, style.folder)
    checks = check(estimate) if checks is None else checks
    require_passed(checks)
    prior = _prior_of(estimate) if prior is None else prior
    curve = _origins(estimate) if changes is not None else None
    if conflicts is None and changes is not None:
        conflicts = _split(estimate)
    to = Path(to)
    to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".report-", dir=to) as name:
        place = Path(name)
        with lettering(style.family, style.files), speaking(style.language, style.folder):
            _write_all(estimate, changes, checks, prior, curve, conflicts, place, style)
        write_manifest(place, credit_of(estimate))
        for part in _PARTS:
            _replace(place / part, to / part)
        (to / "manifest.sig").unlink(missing_ok=True)  # it was for what stood there before
    return to / "report.html"


def _origins(estimate: Estimate) -> OriginsCurve:
    """Return what more origins add to a number of what the headline counts."""
    study = estimate.study
    counts = [id for id in headline_of(study) if not study.by_id[id].is_share]
    return origins_curve(estimate.recipe.assumptions, unit=study.unit_of(*counts))


def _prior_of(estimate: Estimate) -> Prior:
    recipe = estimate.recipe
    return prior_of(estimate.study, seed=recipe.seed, assumptions=recipe.assumptions)


def _how_wrong(estimate: Estimate) -> HowWrong | None:
    """Return how wrong claims have been; None without a reference class, or with one's own."""
    name, category = estimate.recipe.assumptions.reference, estimate.study.category
    if name not in PARTS:
        return None
    return how_wrong(reference_class(name), categories=(category,) if category else None)


def _outlook(estimate: Estimate) -> Outlook | None:
    """Return what would narrow the headline's counts; None where claims touch none of them."""
    study = estimate.study
    ids = [id for id in headline_of(study) if foreseeable(study, id)]
    return outlook(estimate, quantities=ids, seed=estimate.recipe.seed) if ids else None


def to_split(estimate: Estimate) -> tuple[str, ...]:
    """Return whose direct claims are set against the rest: the headline, what three origins say.

    Nothing where there are so many claims that each fit takes minutes: there `conflicts` has to be
    asked for what it is about.

    Parameters
    ----------
    estimate
        The estimate.
    """
    study = estimate.study
    if len(study.readings) > MANY_READINGS:
        return ()
    return tuple(
        id
        for id in separable(estimate)
        if id in headline_of(study) or said_of(study, id).origins >= _SEVERAL
    )


def _split(estimate: Estimate) -> Conflicts | None:
    ids = to_split(estimate)
    return conflicts_of(estimate, ids, progress=False) if ids else None


def require_passed(checks: Checks) -> None:
    """Raise unless every check has passed or was waived.

    Parameters
    ----------
    checks
        The checks of an estimate.

    Raises
    ------
    NotPublishableError
        With the failed checks and their remedies.
    """
    failed = [c for c in checks if c.status == "failed"]
    if failed:
        lines = "\n".join(f"  {c.name}: {c.why} {c.remedy}".rstrip() for c in failed)
        raise NotPublishableError(
            f"{len(failed)} of the checks failed, so nothing was written:\n{lines}\n"
            "Mend it, or waive a check with its reason: [waivers] in study.toml, or --waive."
        )


def _write_all(
    estimate: Estimate,
    changes: Sensitivity | None,
    checks: Checks,
    prior: Prior,
    curve: OriginsCurve | None,
    split: Conflicts | None,
    place: Path,
    style: House,
) -> None:
    made: dict[str, Plate] = {}
    credit = credit_of(estimate)
    wrong, narrower = _how_wrong(estimate), _outlook(estimate)
    lists = compare_study(estimate.study)
    drawn = plates(estimate, changes, prior, curve, wrong, narrower, split)
    for plate in chain(drawn, lists_plates(lists)):  # each is closed before the next is drawn
        write_plate(plate, place / "figures", credit)
        made[plate.name] = plate
    _write_tables(estimate, changes, checks, prior, place / "tables", credit)
    for name, table in lists_tables(lists).items():
        write_table(table, place / "tables", name, credit)
    if narrower is not None:
        write_table(outlook_table(narrower), place / "tables", "outlook", credit)
    if split is not None:
        write_table(conflicts_table(split), place / "tables", "conflicts", credit)
    with speaking(ENGLISH):
        write_results(estimate, changes, checks, split, place / "results.json")
    context = context_of(estimate, changes, checks, prior, made, wrong, narrower, split)
    context |= {"folder": estimate.study.name, "listed": lists_context(lists)}
    markdown = fill(context, style)
    write_documents(markdown, front_of(estimate), estimate.study.references, style, place)
    write_companions(place, estimate.study.report)


def _replace(new: Path, old: Path) -> None:
    if old.is_dir():
        shutil.rmtree(old)
    elif old.exists():
        old.unlink()
    new.replace(old)


def _write_tables(
    estimate: Estimate,
    changes: Sensitivity | None,
    checks: Checks,
    prior: Prior,
    folder: Path,
    credit: Credit,
) -> None:
    """Write each table as CSV and as Markdown, both in English, which programs read."""
    folder.mkdir(parents=True)
    with speaking(ENGLISH):
        tables = _tables(estimate, changes, checks, prior)
        claims = claims_markdown(estimate.study) if "claims" in tables else ""
    for name, table in tables.items():
        write_table(table, folder, name, credit, claims if name == "claims" else "")


def _tables(
    estimate: Estimate, changes: Sensitivity | None, checks: Checks, prior: Prior
) -> dict[str, pd.DataFrame]:
    """Return the tables of a report by their names."""
    study = estimate.study
    tables: dict[str, pd.DataFrame] = {
        "estimates": estimates_table(estimate),
        "sources": inputs.sources_table(study),
        "ranges": inputs.ranges_table(study),
        "assumptions": inputs.assumptions_table(study, estimate.recipe.assumptions),
        "before_and_after": inputs.priors_table(estimate, prior),
        "checks": inputs.checks_table(checks),
        "prior_part": prior_table(estimate),
    }
    if not study.obtain:  # else the rows are somebody else's to give
        tables["claims"] = claims_table(study)
        tables["predicted"] = inputs.predicted_table(study, checks)
    if study.series_of:
        tables["over_time"] = over_time_table(estimate)
    if changes is not None:
        tables["changes"] = inputs.all_changes_table(study, changes)
    return tables
