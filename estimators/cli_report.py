"""The `undercount report` command: a study estimated, checked, changed, and written down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from estimators.cli_style import Language, Style, known_language
from estimators.cli_words import REFUSED, Folder, fail, lines, read

if TYPE_CHECKING:
    from estimators.evidence.study import Study
    from estimators.inference.estimate import Estimate
    from estimators.inference.kept import Kept
    from estimators.inference.sensitivity import Sensitivity
    from estimators.inference.sides import Conflicts


@dataclass(frozen=True)
class _Asked:
    """What the command was asked for; without `kinds` all changed fits are made, with () none."""

    study: Study
    to: Path
    seed: int
    draws: int
    chains: int
    kinds: tuple[str, ...] | None
    waivers: dict[str, str]
    keep: Path | None
    style: Path | None
    language: str | None


def report(
    folder: Folder,
    to: Annotated[
        Path | None,
        typer.Option(help="Where to write.", show_default="reports/<name of the study's folder>"),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed: the same gives the same numbers.")] = 2023,
    draws: Annotated[int, typer.Option(min=1, help="Draws a chain.")] = 2000,
    chains: Annotated[int, typer.Option(min=1, help="Chains.")] = 4,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out the fits that show what would change it.")
    ] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Make changed fits of this kind only: origin, network, class, scenario, anchor, "
            "'early error' or prior. May be given several times; all kinds by default.",
        ),
    ] = None,
    waive: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECK=REASON",
            help="Print although this check failed, and say why. May be given several times.",
        ),
    ] = None,
    style: Style = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep the fits in this folder, and open them again while study, seed, draws, "
            "packages and model are the same.",
        ),
    ] = None,
    language: Language = None,
) -> None:
    """Estimate a study and write its report as HTML, PDF and Word, with figures, tables, results.

    Exit code 0: written. 1: the evidence is unsound. 3: a check failed that nobody waived, or a
    template or font does not serve; nothing was written.
    """
    asked = _Asked(
        waivers=_waivers(waive or []),
        study=read(folder),
        to=to or Path("reports") / folder.resolve().name,
        seed=seed,
        draws=draws,
        chains=chains,
        kinds=() if quick else tuple(changes or ()) or None,
        keep=keep,
        style=style,
        language=known_language(language, style),
    )
    err = Console(stderr=True)
    with _refusing(err), _stages(err) as stage:
        page = _make_report(asked, stage)
    typer.echo(str(page))


def _make_report(asked: _Asked, stage: Callable[[str], None]) -> Path:
    """Return the page; what takes long is opened again where it was kept."""
    stage("loading the model")
    logging.getLogger("pymc").setLevel(logging.WARNING)  # it names what it samples
    from estimators.inference.checks import check as check_estimate
    from estimators.inference.compute import Draws
    from estimators.inference.estimate import estimate
    from estimators.inference.kept import Kept
    from estimators.inference.prior import prior
    from estimators.publish.report import require_passed, write_report

    study, seed, kinds = asked.study, asked.seed, _kinds(asked.kinds)
    draws = Draws(asked.draws, max(asked.draws // 4, 300), asked.chains)
    kept = Kept.of(asked.keep, study, seed, draws)
    stage("estimating")
    made = kept.estimate(lambda: estimate(study, seed=seed, draws=draws, progress=False))
    stage("checking")
    checks = check_estimate(made, asked.waivers)
    require_passed(checks)
    stage("drawing what the ranges alone mean")
    before = prior(study, seed=seed)
    changes, split = _changed(made, kinds, kept, stage) if kinds else (None, None)
    stage("writing")
    return write_report(
        made,
        changes,
        to=asked.to,
        checks=checks,
        prior=before,
        conflicts=split,
        house=asked.style,
        language=asked.language,
    )


def _kinds(kinds: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the kinds of changed fits; end where there is no such kind."""
    from estimators.inference.sensitivity import kinds_of

    try:
        return kinds_of(kinds)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--changes") from None


def _changed(
    made: Estimate, kinds: tuple[str, ...], kept: Kept, stage: Callable[[str], None]
) -> tuple[Sensitivity, Conflicts | None]:
    """Return the changed fits, and what direct claims say against the rest."""
    from estimators.inference.conflict import conflicts
    from estimators.inference.sensitivity import sensitivity
    from estimators.publish.report import to_split

    stage("changing one thing at a time")
    changes = kept.other("changes", kinds, lambda: sensitivity(made, kinds=kinds, progress=False))
    ids = to_split(made)
    if not ids:
        return changes, None
    stage("setting direct claims against the rest")
    return changes, kept.other("conflicts", ids, lambda: conflicts(made, ids, progress=False))


def _waivers(given: list[str]) -> dict[str, str]:
    """Return waivers as check and reason; end where one has not the form CHECK=REASON."""
    found = {}
    for text in given:
        name, equals, reason = text.partition("=")
        if not (equals and name.strip() and reason.strip()):
            raise typer.BadParameter(f"{text!r} is not CHECK=REASON", param_hint="--waive")
        found[name.strip()] = reason.strip()
    return found


@contextmanager
def _refusing(err: Console) -> Iterator[None]:
    """End with an exit code and no traceback where evidence or checks stand against a report."""
    from estimators.evidence.problems import EvidenceError

    try:
        yield
    except EvidenceError as error:
        fail(str(error))
    except Exception as error:
        if type(error).__name__ not in ("NotPublishableError", "StyleError"):
            raise
        err.print(f"[red]Not publishable:[/red] {lines(str(error))}", highlight=False)
        raise typer.Exit(REFUSED) from None


@contextmanager
def _stages(err: Console) -> Iterator[Callable[[str], None]]:
    """Show which stage runs; on a terminal with a spinner, elsewhere one line a stage."""
    if not err.is_terminal:
        yield lambda text: err.print(f"{text} …", highlight=False)
        return
    with err.status("starting") as status:
        yield lambda text: status.update(f"{text} …")
