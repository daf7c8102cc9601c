"""Lists drawn from the latent class model itself, shares and chances from their prior."""

from __future__ import annotations

import numpy as np

from estimators.models.lists.latent_tree import ClassPrior
from estimators.models.lists.table import Table

type Rng = np.random.Generator


def simulate(
    lists: int, count: int, rng: Rng, *, classes: int = 10, prior: ClassPrior | None = None
) -> tuple[Table, float]:
    """Return lists of a number of people drawn from the model itself, and the chance to be missed.

    Parameters
    ----------
    lists
        How many lists.
    count
        How many people there are.
    rng
        What draws.
    classes
        How many classes there can be.
    prior
        Of shares and chances.
    """
    belief = prior or ClassPrior()
    alpha = max(rng.gamma(belief.shape) / belief.rate, 1e-12)
    kept = np.append(-np.expm1(-rng.exponential(size=classes - 1) / alpha), 1.0)
    share = kept * np.append(1.0, np.cumprod(1.0 - kept[:-1]))
    chance = rng.beta(belief.on, belief.off, size=(classes, lists))
    of = rng.choice(classes, size=count, p=share / share.sum())
    on = rng.random((count, lists)) < chance[of]
    history, persons = np.unique(on @ (1 << np.arange(lists)), return_counts=True)
    seen = history > 0
    names = tuple(f"list {j + 1}" for j in range(lists))
    table = Table(names, history[seen].astype(np.int64), persons[seen].astype(np.int64))
    return table, float(share @ np.prod(1.0 - chance, axis=1))
