"""Histories as a tree, with the prior of latent classes and the memory their density works in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numba
import numpy as np

from estimators.models.lists.table import Table


@dataclass(frozen=True)
class ClassPrior:
    """What is believed of classes before the lists are read.

    `on` and `off` are the Beta parameters of every chance of capture, `shape` and `rate` those of
    the Gamma of the concentration. Uniform chances (1, 1), the usual choice, argue against
    undercount with every list added: under them half of a class is expected on each list.
    """

    on: float = 1.0
    off: float = 1.0
    shape: float = 0.25
    rate: float = 0.25

    def __post_init__(self) -> None:
        """Raise ValueError unless all parameters are positive."""
        for name in ("on", "off", "shape", "rate"):
            if not getattr(self, name) > 0.0:
                raise ValueError(
                    f"ClassPrior.{name} must be above 0, got {getattr(self, name)!r}; "
                    f"a Beta or Gamma distribution has positive parameters"
                )


class Tree(NamedTuple):
    """Histories as paths from a root that stands for nobody's list, and the prior's parameters.

    Node m is its parent's history with list `added[m]` added; parents come before their
    children. `count[m]` persons have that history.
    """

    parent: Any
    added: Any
    count: Any
    persons: float
    lists: int
    classes: int
    on: float
    off: float
    shape: float
    rate: float


class Room(NamedTuple):
    """Memory of one chain: the slope, odds, probabilities by node and class, and the stick."""

    slope: Any
    odds: Any
    chance: Any
    back: Any
    share: Any
    missing: Any
    broken: Any
    kept: Any
    ratio: Any


def tree_of(table: Table, classes: int, prior: ClassPrior | None = None) -> Tree:
    """Return the histories of a table as a tree; lists on many histories stand near the root.

    Parameters
    ----------
    table
        The capture histories of one population.
    classes
        How many classes.
    prior
        Of shares and chances.

    Raises
    ------
    ValueError
        If there are fewer than two classes.
    """
    if classes < 2:
        raise ValueError(f"classes must be 2 or more, got {classes}; 10 is the usual choice")
    belief = prior or ClassPrior()
    nodes: dict[tuple[int, ...], tuple[int, int, int]] = {(): (0, 0, 0)}
    order = np.argsort(-table.on.sum(axis=0), kind="stable")
    counts = np.zeros(1 + int(table.on.sum()))
    for row, count in zip(table.on, table.count, strict=True):
        path = tuple(int(j) for j in order if row[j])
        for depth in range(1, len(path) + 1):
            before = nodes[path[: depth - 1]][0]
            nodes.setdefault(path[:depth], (len(nodes), before, path[depth - 1]))
        counts[nodes[path][0]] = count
    _, parent, added = np.array(list(nodes.values()), dtype=np.int64).T
    sizes = float(table.n), len(table.lists), classes
    believed = (float(at) for at in (belief.on, belief.off, belief.shape, belief.rate))
    return Tree(parent.copy(), added.copy(), counts[: len(nodes)], *sizes, *believed)


@numba.njit(cache=True, nogil=True)
def room_of(tree: Tree) -> Room:
    """Return memory for one chain."""
    k, size = tree.classes, (tree.lists + 1) * tree.classes
    nodes = len(tree.parent)
    return Room(
        np.zeros(size),
        np.zeros(size),
        np.zeros(nodes * k),
        np.zeros(nodes * k),
        np.zeros(k),
        np.zeros(k),
        np.zeros(k),
        np.zeros(k),
        np.zeros(nodes),
    )
