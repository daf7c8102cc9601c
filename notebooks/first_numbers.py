# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How wrong are first numbers?
#
# After a disaster, an attack or a mass arrest somebody says a number before anybody has counted.
# Years later there may be a court, a census or a closed list, and one can see how wrong the first
# number was. This notebook goes from such cases to a law of error, and from the law to a case that
# nobody has been able to count since: North Koreans sent back from China in October 2023.

# %%
from datetime import date
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import estimators as es
from estimators.models.claim_error import CATEGORIES, features_of, readable
from estimators.models.phases import PHASES
from estimators.publish.marks import draw_interval, text_right
from estimators.publish.rounding import Printed
from estimators.publish.style import BLUE, FAINT, MUTED, RED, WIDTH, count_axis, limits, style

# %% [markdown]
# ## 1. What was said, and what was counted later
#
# `data/known_outcomes` holds events whose count was settled later, and what was claimed of them
# before. They were collected by hand from published pages, mostly English ones, and partly
# *because* a number had been wrong: the set is no sample of all events. Its data card,
# `data/known_outcomes/README.md`, says how events came in and what the set must not be used for.

# %%
outcomes = es.read_outcomes("../data/known_outcomes")
print(f"{len(outcomes.events)} events with a settled count, {outcomes.n_claims} claims about them")

# %% [markdown]
# Each dot below is one claim of a total, divided by the count that was settled later: at 1 it was
# right, at ×2 it said twice the count. Counts that were known to be still growing are left out. The
# panels are by *when* it was said, measured from the day on which somebody could count.

# %%
groups = list(CATEGORIES)


def ratios(event):
    """Yield what each claim of a total said, over the settled count."""
    claims = readable(event.claims)
    said = features_of(event, claims)
    for place, claim in enumerate(claims):
        if claim.kind == "claim":
            yield {
                "phase": PHASES[said.phase[place]],
                "group": groups[said.category[place]],
                "exact": said.wording[place] == 0,
                "ratio": np.exp(said.log_said[place]) / event.final,
            }


known = pd.DataFrame(row for event in outcomes.events for row in ratios(event))
known["off"] = np.abs(np.log(known["ratio"])) > np.log(2)

# %%
TICKS = {1 / 16: "×1/16", 1 / 4: "×¼", 1: "1", 4: "×4", 16: "×16", 64: "×64"}
rng = np.random.default_rng(0)
with style():
    figure, panels = plt.subplots(
        2, 2, figsize=(WIDTH, 5.2), sharex=True, sharey=True, layout="constrained"
    )
    for ax, phase in zip(panels.flat, PHASES, strict=True):
        part = known[known["phase"] == phase]
        row = part["group"].map(groups.index) + rng.uniform(-0.28, 0.28, len(part))
        ax.axvspan(0.5, 2, color=FAINT, alpha=0.4, lw=0)
        ax.axvline(1, color=MUTED, lw=0.9)
        ax.plot(part["ratio"], row, "o", color=BLUE, ms=3.5, mew=0, alpha=0.65)
        ax.set_title(f"{phase}: {part['off'].mean():.0%} of {len(part)} off by > ×2", fontsize=8.5)
        ax.set_xscale("log")
        ax.set_xticks(list(TICKS), list(TICKS.values()))
        ax.set_xticks([], minor=True)
        ax.set_yticks(range(len(groups)), groups)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(groups) - 0.5, -0.5)
    figure.supxlabel("claim ÷ settled count, logarithmic (grey: within ×2)", fontsize=8.5)
plt.show()

# %% [markdown]
# Numbers that are said before anybody can count are the worst, in all kinds of events. Wording
# matters as well: an exact number is off less often than *about*, *more than* or *between*.

# %%
table = known.assign(wording=np.where(known["exact"], "exact", "any other"))
(
    table.groupby(["phase", "wording"], sort=False)["off"]
    .agg(claims="size", off_by_more_than_two="mean")
    .map(lambda number: f"{number:.0%}" if number <= 1 else f"{number:.0f}")
    .unstack()
    .loc[list(PHASES)]
)

# %% [markdown]
# ## 2. What a law makes of it
#
# Dots of one event hang together: those who speak early hear the same rumours, and err together. A
# **reference class** is a law of claim error that was learned from the set with this in mind: how
# wrong claims are by when, by whom and of what, with heavy tails, and with its own uncertainty.
# `how_wrong` asks it what one exact number is worth.

# %%
everything = es.reference_class("all")
wrong = es.how_wrong(everything)
print(fill(wrong.reading(), 96))

# %%
es.plot_reference(wrong);
# %% [markdown]
# Compare it with the exact numbers in the table above, not with all dots. Where the two differ, the
# law counts all kinds of events alike, and takes several wrong claims about one event for one
# mistake that was shared.
#
# The same for arrests and deportations alone, from fewer events. Here parties to a conflict lean
# towards too much; what sets the other sources apart cannot be told from so few claims.

# %%
arrests = es.how_wrong(es.reference_class("arrests and deportations"))
print(fill(arrests.reading(), 96))

# %%
es.plot_reference(arrests);
# %% [markdown]
# ## 3. One event, day by day
#
# The wildfire of Lahaina in August 2023. Counts grew for a week, then too many remains were taken
# for those of different people, and the number had to be corrected downwards. Each interval below
# is what the law makes of the claims **made up to that day**, the last one of each source. This
# event is **in the set that the law was learned from**, so this shows how it works and proves
# nothing; scores on events that were left out are in `benchmarks/KNOWN_OUTCOMES.md`.

# %%
fire = next(event for event in outcomes.events if event.event.startswith("Lahaina"))
said = sorted(fire.claims, key=lambda claim: claim.published.middle)


def as_of(day: date) -> np.ndarray:
    """Return the 90 % and 50 % interval and the median from the claims made up to a day."""
    known = [claim for claim in said if claim.published.middle <= day]
    return np.exp(everything.settled(fire, known).quantile([0.05, 0.25, 0.5, 0.75, 0.95]))


days = sorted({claim.published.middle for claim in said})
ends = {day: as_of(day) for day in days}

# %%
with style():
    figure, ax = plt.subplots(figsize=(WIDTH, 3.4), layout="constrained")
    values = [end for of in ends.values() for end in of] + [claim.wording.value for claim in said]
    count_axis(ax, *limits(values, True), True)
    for row, claim in enumerate(said):
        low, q25, median, q75, high = ends[claim.published.middle]
        draw_interval(ax, row, (low, high), median, inner=(q25, q75))
        ax.plot(claim.wording.value, row - 0.33, "v", color=RED, ms=5, mew=0)
        text_right(ax, row, f"said: {claim.wording}", claim.source)
    ax.axvline(fire.final, color=MUTED, lw=1, ls=(0, (4, 3)))
    ax.text(fire.final, -0.75, f" settled: {fire.final:.0f}", fontsize=8, color=MUTED)
    ax.set_yticks(range(len(said)), [f"{c.published.middle:%d %b %Y}" for c in said])
    ax.set_ylim(len(said) - 0.5, -1.0)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("deaths, logarithmic (triangle: what was said; thick: 50%, thin: 90%)")
plt.show()

# %% [markdown]
# On the second day the law takes the growing count for a floor: it expects more, and is unsure how
# much more. As those who count go on counting, the interval closes in on the settled number.

# %% [markdown]
# ## 4. Where nobody has been able to count since
#
# In all these events somebody could count in the end. In `data/north_korea` nobody could: the
# country is closed, and every claim is still a first number. Does the error that early claims
# share stay whole? No event of the set can say, since all were counted in the end. So it is an
# assumption, and the study is estimated under three: none of it is left, half, or all.

# %%
study = es.read_study("../data/north_korea")
assumed = es.assumptions_of(study)
estimates = {
    early: es.estimate(study, seed=2023, assumptions=assumed.changed("early_error", early))
    for early in ("none", "half", "full")
}

# %%
asked = ("returned_2023_10_09", "held_2023_12_07")
with style():
    figure, panels = plt.subplots(2, 1, figsize=(WIDTH, 3.8), sharex=True, layout="constrained")
    values = [end for made in estimates.values() for id in asked for end in made.interval(id)]
    for ax, id in zip(panels, asked, strict=True):
        count_axis(ax, *limits(values, True), True)
        for row, made in enumerate(estimates.values()):
            low, median, high = made.interval(id)
            draw_interval(ax, row, (low, high), median, inner=made.interval(id, 0.5)[::2])
            printed = Printed.of((low, median, high))
            text_right(ax, row, printed.ends, f"median {printed.middle}")
        ax.set_title(study.quantity(id).label)
        ax.set_yticks(range(3), [f"early error {early}" for early in estimates])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(2.6, -0.6)
    panels[1].set_xlabel("persons, logarithmic (thick: 50%, thin: 90%)")
plt.show()

# %%
for id in asked:
    none, half, full = (Printed.of(made.interval(id)).ends for made in estimates.values())
    text = (
        f"{study.quantity(id).label}: {none} (90% interval) if what was said early has been put "
        f"right since, {half} if half of the early error is left, and {full} if all of it is, "
        "which is what the report assumes."
    )
    print(fill(text, 96), "\n")

# %% [markdown]
# If the three lie close together, this assumption decides little, and what remains is what is
# uncertain about any such claims. `es.sensitivity(estimate)` changes all the others in turn.
