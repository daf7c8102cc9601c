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
# # From two numbers in an article to an estimate
#
# In December 2023 an article said that *approximately 600* North Koreans had disappeared after
# being sent back from China, and that *at least 1,100 more* were held there. Nobody had a list of
# names. This notebook goes from these two numbers to an estimate, one step at a time, and then
# does the same with everything else that was said.
#
# Run it from top to bottom; no step needs to be understood before the one above it.

# %%
import estimators as es

# %% [markdown]
# ## 1. What is to be counted, and what was plausible before anybody said anything
#
# A **quantity** is a true number of people for a place, a time and a group. A *flow* happens during
# a time (people returned), a *stock* exists at a time (people held). Each needs a **range that was
# plausible before any claim was read**, with its reason: the two ends are its 5 % and 95 % points.
#
# Those who have *vanished* are a **part of** those returned. No claim can say how large a part, so
# the share is an assumption that is stated, in percent, like everything else.

# %%
returned = es.Quantity(
    "returned",
    "Returned on 9 October 2023",
    "flow",
    es.Range(50, 2500, "one evening at up to five crossings: two coaches to about sixty vehicles"),
)
vanished = es.Quantity(
    "vanished",
    "Returned and not heard of since",
    "flow",
    es.PartOf("returned", es.Range(72, 99, "some were released in earlier years; now hardly any")),
)
held = es.Quantity(
    "held",
    "Still held in China in December 2023",
    "stock",
    es.Range(150, 5000, "220 to 1,300 were counted in border centres before the pandemic"),
)

# %% [markdown]
# ## 2. Who said what, in which words
#
# A **claim** keeps its wording: `About(600)` is not `AtLeast(600)`. It also keeps apart who
# *asserted* the number (the origin) and who *printed* it (the publisher): a hundred newspapers that
# print one group's number are one observation.

# %%
group = es.Source("tjwg", "Transitional Justice Working Group", "ngo")
claims = (
    es.Claim("returned_600", "returned", es.About(600), "tjwg", es.When.parse("2023-12"),
             publisher="Daily Express", phrase="approximately 600"),
    es.Claim("held_1100", "held", es.AtLeast(1100), "tjwg", es.When.parse("2023-12"),
             publisher="Daily Express", phrase="at least 1,100 more"),
)  # fmt: skip
two_numbers = es.Study(
    title="Two numbers from an article",
    question="How many were returned, how many have vanished, how many are still held?",
    quantities=(returned, vanished, held),
    sources=(group,),
    claims=claims,
    headline=("returned", "vanished", "held"),
    access="closed",
    category="deportation",
)
two_numbers

# %% [markdown]
# ## 3. What was believed before the claims
#
# The **induced prior** of each quantity, from the ranges alone. It is wide, and it should be.

# %%
es.prior(two_numbers)

# %% [markdown]
# ## 4. What is believed after them
#
# The model asks: for which true numbers would this group, with the errors that such groups make,
# have come to print these words? An error may be shared: by everybody (nobody could count), by a
# class of sources, by all early claims on one event. Shared errors never average out. `access` is
# *closed* here: nobody could go and count, so the early error stays whole. How large such errors
# are is not guessed: the study's `category` says for which events they are read from known outcomes
# (the notebook `first_numbers` shows them).

# %%
estimate = es.estimate(two_numbers, seed=2023)
estimate

# %%
es.plot_claims(estimate, "returned");
# %% [markdown]
# One source and two numbers leave a wide answer: the interval is mostly the prior of how wrong such
# a source can be. That *about 600* was said does not make it 600.

# %% [markdown]
# ## 5. Everything else that was said
#
# The study in `data/north_korea` holds 182 statements on these events, with who copied whom. Most
# are printings of the same few assertions; each is kept, used or with the reason why not.

# %%
study = es.read_study("../data/north_korea")
print(f"{len(study.claims)} statements, {len(study.readings)} readings with a weight of their own")
print(f"{len({claim.origin for claim in study.readings})} origins")

# %% [markdown]
# Before any model, what looks wrong? Copies, hedges that drifted on the way, a stock that was
# reprinted as a flow.

# %%
print(es.screen(study))

# %%
full = es.estimate(study, seed=2023)
full.summary().loc[list(study.headline), ["label", "low", "median", "high", "status"]].round(-1)

# %%
es.plot_claims(full, "returned_2023_10_09");
# %% [markdown]
# The account ties the numbers together: those held before, plus arrests, less returns and
# releases, are those held after, in every single draw.

# %%
es.plot_account(full);
# %% [markdown]
# ## 6. May it be printed?
#
# The checks: did the sampler converge, and would the estimate have predicted the claims?

# %%
es.check(full)

# %% [markdown]
# ## 7. What would change it
#
# The same model again without each source in turn, with the early error halved or gone, and with
# each prior tighter and wider. A change of the assumption moves the answer more than any source.

# %%
changes = es.sensitivity(full, quantities=study.headline)
changes.of("returned_2023_10_09")[["run", "low", "median", "high", "shift"]].head(10).round(2)

# %%
es.plot_sensitivity(changes, "returned_2023_10_09");
# %% [markdown]
# ## 8. One sentence to print
#
# The lower end first, the interval, what was reported, and the assumption it stands on.

# %%
for quantity in study.headline:
    print(es.sentence(full, quantity, changes), "\n")
