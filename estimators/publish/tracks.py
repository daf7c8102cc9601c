"""What was said of a quantity over time, sorted for drawing: who, on which day, on which window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from estimators.evidence.claim import Claim
from estimators.evidence.series import Series
from estimators.evidence.study import Study
from estimators.evidence.wording import Verified
from estimators.publish.catalogue import marked, retold, say
from estimators.publish.escaping import plain
from estimators.publish.marks import kind_of
from estimators.publish.said import span

MOST_VOICES = 8
_LINE = 3  # printings that make a running total a line
_MARKED = 6  # of them with a marker
_REST = marked("other sources")


@dataclass(frozen=True)
class Track:
    """What one source, or one class of sources, said of a quantity over time.

    `points` are single readings, each line of `lines` the printings of one running total.
    """

    name: str
    points: tuple[Claim, ...]
    lines: tuple[tuple[Claim, ...], ...] = ()

    @cached_property
    def marked(self) -> tuple[Claim, ...]:
        """Return the readings with a marker: all but most printings of a running total."""
        few = (claim for line in self.lines for claim in _few(line))
        return (*self.points, *few)

    @property
    def said(self) -> tuple[Claim, ...]:
        """Return all readings of the track."""
        return (*self.points, *(claim for line in self.lines for claim in line))


@dataclass(frozen=True)
class Heard:
    """All that was said of a quantity over time, as it is drawn.

    `totals` count from the start of the series, or on one day where a stock is counted; `windows`
    count from a later day on. `unused` are kept without being used; `left` says how many claims
    have no number or lie outside the series.
    """

    totals: tuple[Track, ...]
    windows: tuple[Track, ...]
    unused: tuple[Claim, ...]
    left: int


def clock_of(study: Study, id: str) -> Series:
    """Return the series that a quantity runs on.

    Parameters
    ----------
    study
        The study.
    id
        The quantity.

    Raises
    ------
    ValueError
        If it does not run over time.
    """
    series = study.series_of.get(study.quantity(id).id)
    if series is None:
        known = ", ".join(study.series_of) or "none in this study"
        raise ValueError(f"{id!r} does not run over time. Those that do: {known}")
    return series


def heard(study: Study, id: str) -> Heard:
    """Return what was said of a quantity over time, sorted for drawing.

    Parameters
    ----------
    study
        The study.
    id
        A quantity that runs over time.
    """
    series, name_of = clock_of(study, id), voices(study, id)
    mine = [c for c in study.readings if c.quantity == id]
    shown = [c for c in mine if _is_drawn(c, series)]
    later = {c.id for c in shown if is_window(study, c)}
    kept = [c for c in study.claims if c.quantity == id and not c.used and not c.repeats]
    unused = tuple(c for c in kept if _is_drawn(c, series) and not is_window(study, c))
    return Heard(
        _tracks([c for c in shown if c.id not in later], name_of),
        _tracks([c for c in shown if c.id in later], name_of),
        unused,
        len(mine) - len(shown),
    )


def is_window(study: Study, claim: Claim) -> bool:
    """Return whether a claim counts from a later day than the start of its series.

    Parameters
    ----------
    study
        The study.
    claim
        A claim on a quantity that runs over time.
    """
    days = study.window(claim)
    is_stock = study.by_id[claim.quantity].measure == "stock"
    return not is_stock and days is not None and days.start > study.series_of[claim.quantity].start


def cells_in(series: Series, claim: Claim) -> float:
    """Return how many cells of its series the window of a claim is long.

    Parameters
    ----------
    series
        The series.
    claim
        A claim on a window, inside the series.
    """
    assert claim.since is not None
    return _place(series, claim.speaks_for.end) - _place(series, claim.since.start, before=True)


def _place(series: Series, day: date, before: bool = False) -> float:
    """Return where a day ends (or begins) in cells from the start of a series."""
    at = day - timedelta(days=1) if before else day
    if at < series.start:
        return 0.0
    cell, part = series.at(min(at, series.end))
    return cell + part


def kind_over_time(claim: Claim) -> str:
    """Return in which shape a claim is drawn over time: a verified part is a floor.

    Parameters
    ----------
    claim
        The claim.
    """
    is_part = bool(claim.coverage) or isinstance(claim.wording, Verified)
    kind = kind_of(claim)
    return "floor" if is_part and kind in ("number", "hedged") else kind


def voices(study: Study, id: str) -> Callable[[Claim], str]:
    """Return a function that gives the name of the track that a claim stands on.

    Parameters
    ----------
    study
        The study.
    id
        The quantity that the claims speak of.

    Notes
    -----
    Each source is a track of its own where there are few; else each class of sources is.
    """
    running = [c for c in study.readings if c.quantity in study.series_of]
    mine = [c for c in running if c.quantity == id]
    if _few_sources(running) or _few_sources(mine):
        return lambda claim: plain(study.source_by_id[claim.origin].name)
    ranks = Counter(_class(study, c) for c in mine).most_common()
    first = {name for name, _ in (ranks if len(ranks) <= MOST_VOICES else ranks[: MOST_VOICES - 1])}
    return lambda claim: name if (name := _class(study, claim)) in first else retold(_REST)


def voices_of(study: Study) -> tuple[str, ...]:
    """Return the names of the sources of all that runs over time, who says most first.

    Parameters
    ----------
    study
        The study.
    """
    running = [c for c in study.readings if c.quantity in study.series_of]
    if not _few_sources(running):
        return ()
    names = Counter(plain(study.source_by_id[c.origin].name) for c in running)
    return tuple(name for name, _ in names.most_common())


def _few_sources(claims: Iterable[Claim]) -> bool:
    return len({c.origin for c in claims}) <= MOST_VOICES


def _class(study: Study, claim: Claim) -> str:
    return say(
        "class {source_class}", source_class=plain(study.source_by_id[claim.origin].source_class)
    )


def _is_drawn(claim: Claim, series: Series) -> bool:
    return span(claim)[1] > 0 and series.holds(claim.speaks_for.end)


def _tracks(claims: Sequence[Claim], name_of: Callable[[Claim], str]) -> tuple[Track, ...]:
    """Return a track for each name, who says most first."""
    by_name: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda c: (c.speaks_for.end, c.id)):
        by_name.setdefault(name_of(claim), []).append(claim)
    made = [_track(name, said) for name, said in by_name.items()]
    return tuple(sorted(made, key=lambda t: (-len(t.said), t.name)))


def _track(name: str, claims: Sequence[Claim]) -> Track:
    runs = {at: line for at, line in _runs(claims).items() if len(line) >= _LINE}
    points = tuple(c for c in claims if _run_of(c) not in runs)
    return Track(name, points, tuple(tuple(line) for line in runs.values()))


def _runs(claims: Sequence[Claim]) -> Mapping[tuple[object, ...], list[Claim]]:
    found: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        if claim.method == "running total":
            found.setdefault(_run_of(claim), []).append(claim)
    return found


def _run_of(claim: Claim) -> tuple[object, ...]:
    """Return what the printings of one running total share."""
    if claim.method != "running total":
        return ("", claim.id)
    return claim.origin, claim.coverage, claim.since.start if claim.since else None


def _few(line: Sequence[Claim]) -> list[Claim]:
    """Return printings spread evenly over time, the last one, and all with a hedge of their own."""
    first, last = (line[k].speaks_for.end.toordinal() for k in (0, -1))
    step = max((last - first) / (_MARKED - 1), 1.0)
    found, due = [], float(first)
    for claim in line:
        day = claim.speaks_for.end.toordinal()
        hedged = kind_over_time(claim) in ("range", "word", "ceiling", "hedged")
        if day >= due or hedged or claim is line[-1]:
            found.append(claim)
            due = max(due, day + step - 1e-9) if not hedged else due
    return found
