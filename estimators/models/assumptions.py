"""Assumptions: every prior of the claim model that is a choice, in one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from estimators.evidence.problems import suggestion
from estimators.models.phases import PHASES

EARLY_ERROR = {"none": 0.0, "half": 0.5, "full": 1.0}
READINGS = ("neutral", "signed", "floors")
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"early_error": tuple(EARLY_ERROR), "reading": READINGS}
)

ORIGIN_SCALE = MappingProxyType(
    {
        "register": 0.2,
        "monitor": 0.4,
        "official": 0.6,
        "un": 0.6,
        "ngo": 0.6,
        "media": 0.6,
        "activist": 0.6,
        "witness": 0.6,
        "rescuers": 0.6,
        "hospital": 0.6,
        "military": 0.6,
        "party": 1.0,
        "coder": 0.4,
        "other": 0.6,
        "unknown": 0.7,
    }
)
NO_CLASS = "none"
NO_PHASES = MappingProxyType(dict.fromkeys(PHASES, 0.0))
EARLY_SCALE = MappingProxyType({"open": 0.2, "slow": 0.3, "closed": 0.45})

PATH_SCALE = MappingProxyType({"random walk": 0.3, "gaussian process": 1.0, "spline": 1.0})

# Signed scenario: mean and sd of the log bias by class of source and whose losses it speaks of.
SIGNED: Mapping[tuple[str, str], tuple[float, float]] = MappingProxyType(
    {
        ("party", "other"): (0.7, 0.7),
        ("party", "own"): (-0.5, 0.7),
        ("un", ""): (-0.25, 0.25),
        ("register", ""): (-0.25, 0.25),
        ("coder", ""): (-0.2, 0.3),
        ("ngo", ""): (0.0, 0.5),
        ("media", ""): (0.0, 0.5),
        ("monitor", ""): (0.0, 0.5),
    }
)


# Assumptions that a reference class takes the place of, and those that only a class has.
JUDGED = ("common_sd", "class_sd", "early_scale", "network_scale")
LEARNED = (
    *("reference", "phase_scale", "own_sd"),
    *("shared_factor", "environment_share", "network_share"),
)


@dataclass(frozen=True)
class Assumptions:
    """Every prior of the claim model that is a choice; scales are on the log of a count.

    Parameters
    ----------
    common_sd
        Sd of the error that all claims of a study share; it never averages out.
    class_sd
        Sd of the error that all origins of one class share.
    origin_scale
        For each class of source, the scale of the half-normal prior on the sd between origins.
    origin_factor
        Multiplies all of `origin_scale` (0.6 tight, 1.5 wide).
    network_scale
        Scale of the half-normal prior on the sd between networks of informants.
    heavy_tail
        1 where the errors of networks and events follow Student-t(4), 0 where they are normal.
    early_error
        How much of the event's early error stays: 'none', 'half' or 'full'.
    early_scale
        For each access (open, slow, closed), the scale of the event's early error.
    nested_sd
        Sd of the early error of one quantity inside its event.
    drift_scale
        Scale of the half-normal prior on the sd, over a year, of the random walk of an origin's
        bias; only for origins with claims at five dates or more.
    sigma_learn, slack_learn, precision_learn
        Sds of the log factors by which the sigma and the slack of a wording, and the precision of
        an origin, may differ from their defaults; only where `learn_from` readings speak.
    step_learn
        Sd of the log factor by which the steps of an origin's running totals may differ from their
        default.
    learn_from
        Least number of readings from which a wording's or an origin's parameters are learned.
    copy_chance
        Chance that a claim of unknown origin copies a number said before: the mean of its prior,
        Beta(1, 1), which is all of it that one claim's probability needs.
    coverage_mean, coverage_sd
        Logit-normal coverage of a verified count whose coverage the study does not state.
    reading
        'neutral', 'signed' (directions of bias by class and side) or 'floors' (every claim is read
        as 'at least', forecasts and ceilings are left out).
    range_factor
        Multiplies the sd of every stated range in persons (0.7 tight, 1.5 wide).
    share_size
        Multiplies the prior size of every stated share (0.5 wide, 2 tight).
    reference
        Name of the reference class that the study stands on; 'none' where it stands on judgement.
        With a class, `common_sd`, `class_sd`, `early_scale` and `network_scale` are not used.
    phase_scale
        For each phase, the scale of the error that all claims of an event share (Student-t(2)).
    own_sd
        Sd of the log of the factor on the scale of the origins of a class.
    path_scale
        For each path of a series, the scale of the half-normal prior on the sd of the log rate: a
        step's for a random walk, of the whole for a Gaussian process, a coefficient's for a spline.
    shared_factor
        Multiplies all of `phase_scale`.
    environment_share
        Part of the squared scale of a shared error that is one for all events of the study.
    network_share
        Part of the squared scale of a claim's own error that is its network's, not its origin's.

    Notes
    -----
    The origin's scales are half-normal as in table 3 of the project's statistics: a register .2, a
    monitor with a stated method .4, media and others .6, unknown .7, a party to the conflict 1.0
    (the spread between parties of one war after Radford et al. 2023). The early error is learned
    from events whose outcome became known: the sd between events of early claims is .73; less the
    common and class errors (.25 each) .64 remains, a Student-t(4) of scale .45. The scales under
    open and slow access are judgements until the law by age and access is learned.

    References
    ----------
    .. [1] Radford et al. (2023). doi:10.1073/pnas.2307372120
    .. [2] Winkler (1981). Management Science 27(4), 479-488 (dependent sources).
    .. [3] Dong, Berti-Equille & Srivastava (2009). doi:10.14778/1687627.1687690
    .. [4] Stoner, Economou & Drummond (2019). arXiv:1809.00544
    """

    common_sd: float = 0.25
    class_sd: float = 0.25
    origin_scale: Mapping[str, float] = field(default_factory=lambda: ORIGIN_SCALE)
    origin_factor: float = 1.0
    network_scale: float = 0.3
    heavy_tail: float = 1.0
    early_error: str = "full"
    early_scale: Mapping[str, float] = field(default_factory=lambda: EARLY_SCALE)
    nested_sd: float = 0.1
    drift_scale: float = 0.3
    sigma_learn: float = 0.3
    slack_learn: float = 0.5
    precision_learn: float = 0.4
    step_learn: float = 1.0
    learn_from: float = 5
    copy_chance: float = 0.5
    coverage_mean: float = 0.4
    coverage_sd: float = 1.2
    reading: str = "neutral"
    range_factor: float = 1.0
    share_size: float = 1.0
    reference: str = NO_CLASS
    phase_scale: Mapping[str, float] = field(default_factory=lambda: NO_PHASES)
    own_sd: float = 0.0
    path_scale: Mapping[str, float] = field(default_factory=lambda: PATH_SCALE)
    shared_factor: float = 1.0
    environment_share: float = 0.5
    network_share: float = 0.5

    def __post_init__(self) -> None:
        """Raise ValueError where a scale is negative or a name is unknown."""
        for name, names in CHOICES.items():
            if getattr(self, name) not in names:
                raise ValueError(f"{name} is one of {', '.join(names)}")
        for name, value in self.numbers().items():
            if not (value >= 0 or name == "coverage_mean") or not abs(value) < float("inf"):
                raise ValueError(f"{name} must be a finite number of at least 0, not {value}")
        for name in ("range_factor", "share_size", "coverage_sd"):
            if getattr(self, name) == 0:
                raise ValueError(f"{name} must be above 0")
        if self.heavy_tail not in (0.0, 1.0):
            raise ValueError("heavy_tail is 1 (Student-t with 4 degrees of freedom) or 0 (normal)")
        for name in ("environment_share", "network_share"):
            if getattr(self, name) > 1:
                raise ValueError(f"{name} must be at most 1")
        if self.copy_chance >= 1:
            raise ValueError("copy_chance must be below 1")

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make these assumptions again in another process."""
        return Assumptions.from_dict, (self.as_dict(),)

    @property
    def stands(self) -> bool:
        """Return whether these assumptions stand on a reference class."""
        return self.reference != NO_CLASS

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the names that play no part: those that a reference class replaces, or its own."""
        return JUDGED if self.stands else LEARNED

    @property
    def early_factor(self) -> float:
        """Return how much of the early error stays: 0, 0.5 or 1."""
        return EARLY_ERROR[self.early_error]

    def numbers(self) -> dict[str, float]:
        """Return every number among the assumptions by its name, classes as 'origin_scale.ngo'."""
        found: dict[str, float] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Mapping):
                found |= {f"{item.name}.{key}": number for key, number in value.items()}
            elif not isinstance(value, str):
                found[item.name] = value
        return found

    def changed(self, name: str, value: str | float) -> Assumptions:
        """Return these assumptions with one of them changed.

        Parameters
        ----------
        name
            A field, or 'origin_scale.<class>', 'early_scale.<access>'.
        value
            The new value.

        Raises
        ------
        ValueError
            If there is no such assumption, or the value cannot be its.
        """
        outer, _, inner = name.partition(".")
        names = (*CHOICES, *self.numbers())
        if name not in names:
            raise ValueError(f"it is not an assumption. {suggestion(name, names)}")
        if name in CHOICES:
            return replace(self, **{name: str(value)})  # type: ignore[arg-type]
        if isinstance(value, str):
            raise ValueError("it must be a number")
        if not inner:
            return replace(self, **{outer: float(value)})  # type: ignore[arg-type]
        changed = {**getattr(self, outer), inner: float(value)}
        return replace(self, **{outer: changed})  # type: ignore[arg-type]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names that a study may override."""
        return (*CHOICES, *cls().numbers())

    def as_dict(self) -> dict[str, str | float]:
        """Return all assumptions as plain values, as `from_dict` takes them."""
        texts = {name: getattr(self, name) for name in (*CHOICES, "reference")}
        return texts | self.numbers()

    @classmethod
    def from_dict(cls, values: Mapping[str, str | float]) -> Assumptions:
        """Return the assumptions that `as_dict` gave."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            outer, _, inner = name.partition(".")
            if inner:
                found.setdefault(outer, {})[inner] = value
            else:
                found[name] = value
        return cls(**found)
