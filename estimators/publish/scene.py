"""What a picture of a quantity over time shows: the estimate, what was said, what is left out."""

from __future__ import annotations

from dataclasses import dataclass

from estimators.evidence.study import Study
from estimators.inference.estimate import Estimate
from estimators.publish.catalogue import marked, retold, say, say_many
from estimators.publish.curve import Curve, curve_of
from estimators.publish.said import span
from estimators.publish.time_marks import Look, looks_of
from estimators.publish.tracks import Heard, Track, heard, kind_over_time, voices_of
from estimators.publish.window_marks import shown_in

LOG = 30.0  # a spread from which on only ratios can be read
STEP_NAMES = {
    "day": marked("day"),
    "week": marked("week"),
    "month": marked("month"),
    "dates": marked("step of time"),
}


@dataclass(frozen=True)
class Scene:
    """What one picture shows: the estimate's curve, what was said, and how sources look."""

    study: Study
    id: str
    curve: Curve
    heard: Heard
    looks: dict[str, Look]

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return the tracks that are drawn."""
        if not self.curve.new:
            return self.heard.totals
        lines = (t for t in self.heard.totals if t.lines)
        return (*self.heard.windows, *(Track(t.name, (), t.lines) for t in lines))

    @property
    def claims(self) -> list[float]:
        """Return the numbers of all readings that are drawn."""
        if self.curve.new:
            return shown_in(self.heard.totals, self.heard.windows, self.curve)
        return [n for track in self.heard.totals for c in track.said for n in span(c)]

    @property
    def kinds(self) -> set[str]:
        """Return the kinds of wording that are drawn."""
        if self.curve.new:
            return {kind_over_time(c) for t in self.heard.windows for c in t.said}
        return {kind_over_time(c) for t in self.heard.totals for c in t.marked}

    @property
    def log(self) -> bool:
        """Return whether what is shown spreads so far that only ratios can be read."""
        shown = [n for n in (*self.claims, *self.curve.shown) if n > 0]
        return bool(shown) and max(shown) / min(shown) > LOG

    @property
    def step(self) -> str:
        """Return the name of one cell of time."""
        return retold(STEP_NAMES[self.curve.series.step])


def scene(estimate: Estimate, id: str, new: bool = False) -> Scene:
    """Return what a picture of a quantity over time shows.

    Parameters
    ----------
    estimate
        The estimate.
    id
        The quantity.
    new
        Whether it shows what came in each cell of time.
    """
    study = estimate.study
    curve, said = curve_of(estimate, id, new), heard(study, id)
    names = dict.fromkeys(t.name for t in (*said.totals, *said.windows))
    everywhere = voices_of(study)
    shared = set(names) <= set(everywhere)
    return Scene(study, id, curve, said, looks_of(everywhere if shared else names))


def notes(made: Scene, left: int) -> str:
    """Return what a picture leaves out, in words.

    Parameters
    ----------
    made
        What it shows.
    left
        How many unused claims lie outside.
    """
    windows = sum(len(t.said) for t in made.heard.windows)
    totals = sum(len(t.points) for t in made.heard.totals)
    told = []
    if made.curve.new:
        if windows:
            told.append(say("Windows stand at their count a {step}.", step=made.step))
        if totals:
            told.append(
                say(
                    "{readings} of the count so far not drawn here.",
                    readings=say_many("{number} reading", "{number} readings", totals),
                )
            )
        if made.curve.cut:
            told.append(
                say(
                    "The last {days} left out: no whole {step}.",
                    days=say_many("{number} day", "{number} days", made.curve.cut),
                    step=made.step,
                )
            )
    elif windows:
        told.append(
            say(
                "{readings} of single windows not drawn here.",
                readings=say_many("{number} reading", "{number} readings", windows),
            )
        )
    if left:
        told.append(
            say(
                "{claims} not used outside the picture.",
                claims=say_many("{number} claim", "{number} claims", left),
            )
        )
    if made.heard.left:
        told.append(
            say(
                "{readings} without a number not drawn.",
                readings=say_many("{number} reading", "{number} readings", made.heard.left),
            )
        )
    return " ".join(told)
