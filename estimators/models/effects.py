"""One error of a model: its kind, its name, and what is stated of its size."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Effect:
    """One error that claims share, or one that shapes the cells of a whole.

    `spread` names an unknown sd (of the origins of a class, of the networks, of a path's steps);
    empty where the scale is stated. `years` is the length of a step of a random walk, `phases` are
    those that a shared error stands for in a study on a reference class, `mean` and `size` are
    stated of what shapes cells, and `law` is the name of a path.
    """

    kind: str
    name: str
    spread: str = ""
    years: float = field(default=0.0, compare=False)
    phases: tuple[int, ...] = field(default=(), compare=False)
    mean: float = field(default=0.0, compare=False)
    size: float = field(default=1.0, compare=False)
    law: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """Return the effect's name in the posterior, e.g. 'origin okn'."""
        return f"{self.kind} {self.name}"
