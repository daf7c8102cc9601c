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
# # Four lists and three claims
#
# Between 20 March and 22 June 1999 thousands of Kosovo Albanians were killed. Four teams collected
# names: exhumations (EXH), and interviews of the American Bar Association (ABA), the OSCE and Human
# Rights Watch (HRW). Ball and others (2002) matched them, so that we know who stands on which.
# How many stand on none? The study in `data/kosovo` asks this of the lists and of the published
# claims in one posterior. This notebook looks at what each of them adds.

# %%
import pandas as pd

import estimators as es

study = es.read_study("../data/kosovo")
study

# %% [markdown]
# ## The lists
#
# Nothing is estimated yet: who stands on which lists, and what looks wrong with them.

# %%
lists = study.anchors[0].matched.table
es.plot_upset(lists);

# %%
es.screen_captures(lists)

# %%
pd.DataFrame(es.overlaps(lists)).drop(columns=["neither", "expected", "replicate"])

# %% [markdown]
# 4,400 people stand on at least one list, 3,218 of them on one only. The fewer are found again, the
# more were never found; how many more, the lists cannot say by themselves. Models that fit these 15
# numbers equally well differ, and their intervals leave each other out:

# %%
families = es.compare_lists(lists)
es.plot_families(families);

# %%
families.table[["low", "median", "high", "interval", "fault"]]

# %% [markdown]
# *Independence* would hold if being on one list said nothing of being on another. It is far below
# the others: who is easily found by one team is easily found by another. Chao's bound is what such
# differences leave at least. The three families in between are averaged evenly, since no list can
# tell which of them holds.
#
# ## Lists and claims together
#
# The study reads the lists under *no highest interaction*, and lets that assumption fail by a half
# either way. Two claims stand beside them: an interim list of names of the whole war by the
# Humanitarian Law Center, and "7,500 to 12,000".

# %%
estimate = es.estimate(study, seed=2023)
estimate.summary()

# %%
changes = es.sensitivity(estimate, kinds=["origin", "anchor"])
es.plot_sensitivity(changes, "killed_spring_1999");

# %% [markdown]
# What each adds: without the lists the claims alone leave a wider interval; without the list of the
# Humanitarian Law Center the number of all who were killed is less known, that of the spring hardly
# changes.

# %%
columns = ["run", "low", "median", "high"]
mine = changes.table[changes.table["quantity"] == "killed_spring_1999"]
mine[columns].round(-2)

# %%
print(es.sentence(estimate, "killed_spring_1999"))

# %% [markdown]
# ## What one list more would have added
#
# Lists can be planned. Here are four lists with the shares of these, where people differ in how
# easily they are found, and the same without the smallest: was it worth collecting?

# %%
sizes = {id: lists.size(id) / 10_000 for id in lists.lists}
plan = es.Plan(people=10_000, shares=sizes, heterogeneity=1.0)
made = es.design(plan, methods=("decomposable graphs", "Chao"), fits=40, seed=1, without=("HRW",))
made.compare("HRW")

# %% [markdown]
# Where people differ as much as this, methods that ignore it miss the 10,000, with three lists and
# with four: the fourth lessens the error and does not remove it. The narrow intervals are no
# comfort, and graphs are often refused: the graph of all edges, under which lists tell nothing, is
# likely there.
