"""What a study decides otherwise than the defaults, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Override:
    """A default of the model that this study changes, and why."""

    name: str
    value: str | float
    reason: str


@dataclass(frozen=True)
class Waiver:
    """A check that may fail in this study without stopping its report, and why."""

    check: str
    reason: str
