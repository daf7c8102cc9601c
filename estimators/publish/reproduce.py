"""A report made again from its recipe, and compared with what was printed, number by number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path
from typing import Any

import pandas as pd

from estimators.evidence.files import read_study
from estimators.evidence.study import Study
from estimators.inference.checks import Checks, check
from estimators.inference.estimate import Estimate, Recipe, estimate
from estimators.inference.monte_carlo import sampling_gaps
from estimators.publish.credit import credit_of
from estimators.publish.folder import ReportFolder
from estimators.publish.repeated_words import VERDICTS, Verdict, compare_sentence
from estimators.publish.rounding import Towards, round_print

DIGITS = 3  # with which results.json holds its numbers
_MOST = 0.5  # of the interval's width: what differs by more is not told apart from anything
COLUMNS = ("what", "part", "recorded", "again", "allowed", "verdict", "why")
_ENDS: dict[str, Towards] = {"low": "down", "median": "nearest", "high": "up"}


@dataclass(frozen=True, eq=False)
class Reproduction:
    """What came out when a report was made again.

    `table` has one row a number, sentence and check: what (a quantity's id or a check's name), part
    (low, median, high; sentence; check), recorded, again, allowed (how far Monte Carlo error may
    move it, in the unit of the quantity), verdict and why. `origins` holds what differs in where
    the two come from: name, recorded and now.
    """

    table: pd.DataFrame
    origins: pd.DataFrame

    @property
    def verdict(self) -> Verdict:
        """Return the worst verdict of all: same, within Monte Carlo error, or different."""
        return worst([v for v in VERDICTS if (self.table["verdict"] == v).any()])

    def __str__(self) -> str:
        """Return the verdict and how often each was given."""
        counts = self.table["verdict"].value_counts()
        told = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if v in counts)
        return f"{self.verdict}: {told}"

    def _repr_html_(self) -> str:
        found = self.table[self.table["verdict"] != "same"]
        return f"<p>{self}</p>{found.to_html(index=False)}{self.origins.to_html(index=False)}"


def reproduce(folder: str | Path, study: Study | str | Path | None = None) -> Reproduction:
    """Return how far a report comes out the same when its study is estimated again.

    Parameters
    ----------
    folder
        The report's folder.
    study
        The study or its folder; by default the folder in `data` that is named as the report's.

    Raises
    ------
    ValueError
        If the folder holds no report, or its results.json no recipe.
    EvidenceError
        If the study cannot be read.

    Notes
    -----
    Seed, draws and assumptions are those that results.json recorded. A number is the same if it is
    printed the same; within Monte Carlo error if what was printed may stand for a number nearer
    than four standard errors of the difference of two such fits; if these are more than half the
    width of the interval, the draws cannot tell, and what is not the same is different. What a
    sentence says of changed fits and of conflicts is not made again.
    """
    report = ReportFolder.read(folder)
    made = again(report, study)
    rows = pd.DataFrame([*compare(report, made, check(made))], columns=list(COLUMNS))
    return Reproduction(rows, differing(report.provenance, dict(credit_of(made).provenance)))


def again(report: ReportFolder, study: Study | str | Path | None = None) -> Estimate:
    """Return the estimate that a report's recipe gives now.

    Parameters
    ----------
    report
        The report.
    study
        The study or its folder; by default the folder in `data` that is named as the report's.

    Raises
    ------
    ValueError
        If results.json holds no recipe.
    """
    place = Path("data") / report.path.resolve().name if study is None else study
    found = place if isinstance(place, Study) else read_study(place)
    try:
        recipe = Recipe.from_dict(found, report.results["recipe"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{report.path / 'results.json'} holds no recipe that can be followed ({error}); "
            "make the report again with `undercount report`"
        ) from None
    return estimate(
        found, seed=recipe.seed, assumptions=recipe.assumptions, draws=recipe.draws, progress=False
    )


def compare(report: ReportFolder, made: Estimate, checks: Checks) -> Iterator[dict[str, Any]]:
    """Yield one row a number, sentence and check: what was printed, and what comes out now.

    Parameters
    ----------
    report
        The report.
    made
        The estimate made again.
    checks
        Its checks.
    """
    recorded: dict[str, dict[str, Any]] = report.results.get("quantities", {})
    verdicts: dict[str, Verdict] = {}
    for id in dict.fromkeys((*recorded, *made.study.by_id)):
        rows = list(_numbers(made, id, recorded.get(id)))
        verdicts[id] = worst([row["verdict"] for row in rows])
        yield from rows
    for id, text in report.results.get("sentences", {}).items():
        verdict, said, why = compare_sentence(made, id, text, verdicts[id])
        yield _row(id, "sentence", text, said, verdict=verdict, why=why)
    yield from _checks(report.results.get("checks", {}), checks)


def _numbers(made: Estimate, id: str, recorded: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Yield low, median and high of a quantity, each with its verdict."""
    if recorded is None or id not in made.study.by_id:
        why = "not in the report" if recorded is None else "not in the study"
        yield _row(id, "quantity", recorded and "", "", verdict="different", why=why)
        return
    gaps, ends = sampling_gaps(made.draws_of(id)), made.interval(id)
    for part, number, allowed in zip(_ENDS, ends, gaps, strict=True):
        printed = round_print(number, _ENDS[part], DIGITS, whole=False)
        gap = distance(number, recorded[part], _ENDS[part])
        verdict, why = _judged(printed == recorded[part], gap, allowed, ends[2] - ends[0])
        yield _row(id, part, recorded[part], printed, allowed, verdict, why)


def _judged(is_same: bool, gap: float, allowed: float, width: float) -> tuple[Verdict, str]:
    """Return the verdict on one number and why; draws that allow nearly all tell nothing."""
    if is_same:
        return "same", ""
    told = f"{gap:.2g} apart, {allowed:.2g} allowed"
    if allowed > _MOST * width:
        return "different", f"{told}: too few effective draws to tell"
    return ("within Monte Carlo error" if gap <= allowed else "different"), told


def distance(number: float, printed: float, towards: Towards) -> float:
    """Return how far a number lies from all that would have been printed so.

    Parameters
    ----------
    number
        The number.
    printed
        What was printed of another, with three digits.
    towards
        How that was rounded.
    """
    step = 10.0 ** (floor(log10(printed)) - DIGITS + 1) if printed > 0.0 else 0.0
    below = {"down": 0.0, "nearest": step / 2, "up": step}[towards]
    above = {"down": step, "nearest": step / 2, "up": 0.0}[towards]
    return max(printed - below - number, number - printed - above, 0.0)


def _checks(recorded: dict[str, dict[str, str]], checks: Checks) -> Iterator[dict[str, Any]]:
    """Yield the checks; one that was waived then may fail now: it did not pass then either."""
    for one in checks:
        was = recorded.get(one.name, {}).get("status", "")
        is_same = (was == "passed") == (one.status == "passed")
        verdict: Verdict = "same" if is_same else "different"
        yield _row(one.name, "check", was, one.status, verdict=verdict, why=one.why)


def _row(
    what: str,
    part: str,
    recorded: object,
    again: object,
    allowed: float | None = None,
    verdict: Verdict = "same",
    why: str = "",
) -> dict[str, Any]:
    return dict(zip(COLUMNS, (what, part, recorded, again, allowed, verdict, why), strict=True))


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the worst of some verdicts; 'same' of none.

    Parameters
    ----------
    verdicts
        The verdicts.
    """
    return max(verdicts, key=VERDICTS.index, default="same")


def differing(recorded: dict[str, str], now: dict[str, str]) -> pd.DataFrame:
    """Return what differs in where two estimates come from: data, versions, machine, commit.

    Parameters
    ----------
    recorded
        Provenance that was recorded.
    now
        Provenance of what was made again.
    """
    names = [name for name in sorted({*recorded, *now}) if recorded.get(name) != now.get(name)]
    rows = [(name, recorded.get(name, ""), now.get(name, "")) for name in names]
    return pd.DataFrame(rows, columns=["name", "recorded", "now"])
