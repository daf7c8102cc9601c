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
# # Two models of one war
#
# Radford et al. (2023, [doi:10.1073/pnas.2307372120](https://doi.org/10.1073/pnas.2307372120))
# collected 4,609 published reports of losses in the first year of Russia's war against Ukraine and
# estimated 30 series from them. This notebook sets their model, run again, beside the study in
# `data/ukraine_losses`, which reads the same reports with this project's model.
#
# Nothing is sampled here. Their totals come from `benchmarks/RADFORD2023.csv` (half an hour:
# `make reproduction`), ours from the tables of `reports/ukraine_losses` (`make ukraine`). Neither
# knows anything of these losses beyond the reports.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from estimators.publish.style import BLUE, FAINT, RED, WIDTH, style

ROOT = Path("..")
TABLES = ROOT / "reports" / "ukraine_losses" / "tables"
theirs = pd.read_csv(ROOT / "benchmarks" / "RADFORD2023.csv", index_col="series")
ours = pd.read_csv(TABLES / "estimates.csv", index_col="quantity")
prior = pd.read_csv(TABLES / "prior_part.csv", index_col="quantity")

KINDS = {
    "Military Deaths": "deaths",
    "Military Casualties": "casualties",
    "Military Injuries": "injuries",
    "Civilian Deaths": "civilian_deaths",
    "Civilian Casualties": "civilian_casualties",
    "Civilian Injuries": "civilian_injuries",
    "Tanks": "tanks",
    "Armored Vehicles": "armored_vehicles",
    "Artillery": "artillery",
    "MLRS": "mlrs",
    "AA Systems": "aa_systems",
    "Jets": "jets",
    "Helicopters": "helicopters",
    "UAVs": "uavs",
}


def quantity(series):
    """Return the id of the quantity that a series of theirs is."""
    kind, victim = series.rsplit("-", 1)
    return f"{KINDS[kind]}_{ {'Russia': 'ru', 'Ukraine': 'ua'}[victim] }"


theirs["quantity"] = [quantity(series) for series in theirs.index]

# %% [markdown]
# ## 1. The published model, run again
#
# The port draws the same posterior in other coordinates. All published means and interval ends are
# met within Monte Carlo error (`benchmarks/RADFORD2023.md` has the table, the rule and the strict
# count that takes the published run to have no error of its own).

# %%
again = theirs[["published_mean", "again_mean", "published_low", "again_low"]]
again = again.join(theirs[["published_high", "again_high"]])
again.map(lambda number: f"{number:,.0f}")

# %% [markdown]
# ## 2. Side by side
#
# Theirs: mean and 95 % interval. Ours: median and 90 % interval, which is narrower by a sixth
# on the log scale for the same belief; a median lies below a mean where an estimate leans upwards.

# %%
with style():
    fig, ax = plt.subplots(figsize=(WIDTH, 6.2))
    for place, (_, row) in enumerate(theirs.iloc[::-1].iterrows()):
        own = ours.loc[row["quantity"]]
        ax.plot([row["again_low"], row["again_high"]], [place + 0.17] * 2, color=RED, lw=1.4)
        ax.plot(row["again_mean"], place + 0.17, "s", color=RED, ms=3.6)
        low, median, high = (own[f"estimated {end}"] for end in ("low", "median", "high"))
        ax.plot([low, high], [place - 0.17] * 2, color=BLUE, lw=1.4)
        ax.plot(median, place - 0.17, "o", color=BLUE, ms=3.6)
        ax.axhline(place + 0.5, color=FAINT, lw=0.4)
    labels = [series.replace("-", ", ") for series in theirs.index]
    ax.set_yticks(range(len(theirs)), labels[::-1])
    ax.set_ylim(-0.6, len(theirs) - 0.4)
    ax.set_xscale("log")
    ax.set_xlabel("Total on 23 February 2023, log scale")
    ax.plot([], [], "s-", color=RED, label="published model, run again (mean, 95 %)")
    ax.plot([], [], "o-", color=BLUE, label="this study (median, 90 %)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2, frameon=False)
    plt.show()

# %% [markdown]
# Where they differ, and what differs between the models there. Which of these does how much was not
# taken apart:
#
# - **Ukrainian equipment**: three in four reports come from one party about its opponent (of tanks
#   and armoured vehicles three in ten, but nearly all of both in one number). Their model
#   lets a source's bias differ by kind of loss with a spread learned from all; ours has a wider
#   prior of a party's bias, an error that all its claims share, and a range stated before any claim
#   from the size of the inventories.
# - **Running totals**: 82 % of the rows are Ukrainian sources on Russian losses, most of them
#   daily totals. Theirs reads each as a witness of its own around the same constant bias;
#   ours reads each given the one before.
# - **Floors**: "at least" shifts the mean in theirs by a learned amount of either sign; in ours a
#   floor lies below the truth, softly, and items seen in pictures are a part of them.

# %%
both = theirs.assign(
    ours=[ours.loc[id, "estimated median"] for id in theirs["quantity"]],
    ours_width=[
        np.sqrt(ours.loc[id, "estimated high"] / ours.loc[id, "estimated low"])
        for id in theirs["quantity"]
    ],
)
both["theirs_width"] = np.sqrt(both["again_high"] / both["again_low"]) ** (1.645 / 1.96)
both["ours over theirs"] = both["ours"] / both["again_mean"]
table = both[["again_mean", "ours", "ours over theirs", "theirs_width", "ours_width"]]
table.sort_values("ours over theirs").round(2)

# %% [markdown]
# The ratio is our median over their mean, which by itself leans it below one. The last two columns
# are half-widths of 90 % intervals as factors (theirs as if lognormal).
#
# ## 3. How coherent
#
# Killed and injured add up to casualties. In the published model the three are series of their own:
# the ratio of deaths plus injuries to casualties is anything. In the study's account it is one in
# every draw, on every day, by construction.

# %%
coherent = theirs.dropna(subset="parts_mean")[
    [
        "again_mean",
        "parts_mean",
        "parts_over_whole_low",
        "parts_over_whole_median",
        "parts_over_whole_high",
        "whole_below_deaths",
    ]
]
coherent.round(2)

# %%
casualties = [id for id in ours.index if "casualties" in id]
rows = {
    id: {
        "casualties (median)": ours.loc[id, "estimated median"],
        "deaths (median)": ours.loc[id.replace("casualties", "deaths"), "estimated median"],
        "injuries (median)": ours.loc[id.replace("casualties", "injuries"), "estimated median"],
    }
    for id in casualties
}
pd.DataFrame.from_dict(rows, orient="index").map(lambda number: f"{number:,.0f}")

# %% [markdown]
# Medians of parts do not add up to the median of the whole; draws do.
#
# ## 4. How far each rests on the prior
#
# Reports fix differences between sources. The level of a series and the biases of its sources are
# known together, not apart. The table gives the part of the variance of the log total that goes
# with biases: above one half an estimate is prior-limited, since nothing but the prior says that
# biases are nil on average. In the published model all biases of the series count; in ours those
# of sources, classes and events, but not what a source errs on one quantity beyond that, so that
# its numbers are smaller for the same dependence.

# %%
r2 = pd.DataFrame(
    {
        "published model": theirs["bias_r2"].to_numpy(),
        "this study": [prior.loc[id, "bias_r2"] for id in theirs["quantity"]],
    },
    index=theirs.index,
)
r2.round(2)

# %% [markdown]
# Both are honest only as long as this is said beside the numbers. Evidence of another kind (a
# register, a list of names, a count by somebody with access) would move the level; more reports of
# the same kind would not.
