"""Assumptions: every prior of the claim model that is a choice, in one frozen object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

from estimators.evidence.problems import EvidenceError, Problem, suggestion
from estimators.evidence.study import Study

EARLY_ERROR = {"none": 0.0, "half": 0.5, "full": 1.0}

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
        "other": 0.6,
        "unknown": 0.7,
    }
)
EARLY_SCALE = MappingProxyType({"open": 0.2, "slow": 0.3, "closed": 0.45})


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
        Tukey's h of the errors of networks and events: 0 is normal, 0.18 like Student-t(4).
    early_error
        How much of the event's early error stays: 'none', 'half' or 'full'.
    early_scale
        For each access (open, slow, closed), the scale of the event's early error.
    nested_sd
        Sd of the early error of one quantity inside its event.
    range_factor
        Multiplies the sd of every stated range in persons (0.7 tight, 1.5 wide).
    share_size
        Multiplies the prior size of every stated share (0.5 wide, 2 tight).

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
    """

    common_sd: float = 0.25
    class_sd: float = 0.25
    origin_scale: Mapping[str, float] = field(default_factory=lambda: ORIGIN_SCALE)
    origin_factor: float = 1.0
    network_scale: float = 0.3
    heavy_tail: float = 0.18
    early_error: str = "full"
    early_scale: Mapping[str, float] = field(default_factory=lambda: EARLY_SCALE)
    nested_sd: float = 0.1
    range_factor: float = 1.0
    share_size: float = 1.0

    def __post_init__(self) -> None:
        """Raise ValueError where a scale is negative or a name is unknown."""
        if self.early_error not in EARLY_ERROR:
            raise ValueError(f"early_error is one of {', '.join(EARLY_ERROR)}")
        for name, value in self.numbers().items():
            if not 0 <= value < float("inf"):
                raise ValueError(f"{name} must be a finite number of at least 0, not {value}")
        for name in ("range_factor", "share_size"):
            if getattr(self, name) == 0:
                raise ValueError(f"{name} must be above 0")

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
        if name not in self.names():
            raise ValueError(f"it is not an assumption. {suggestion(name, self.names())}")
        if name == "early_error":
            return replace(self, early_error=str(value))
        if isinstance(value, str):
            raise ValueError("it must be a number")
        if not inner:
            return replace(self, **{outer: float(value)})  # type: ignore[arg-type]
        changed = {**getattr(self, outer), inner: float(value)}
        return replace(self, **{outer: changed})  # type: ignore[arg-type]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names that a study may override."""
        return ("early_error", *cls().numbers())

    def as_dict(self) -> dict[str, str | float]:
        """Return all assumptions as plain values, as `from_dict` takes them."""
        return {"early_error": self.early_error, **self.numbers()}

    @classmethod
    def from_dict(cls, values: Mapping[str, str | float]) -> Assumptions:
        """Return the assumptions that `as_dict` gave."""
        made = cls()
        for name, value in values.items():
            made = made.changed(name, value)
        return made


def assumptions_of(study: Study) -> Assumptions:
    """Return the default assumptions with what the study overrides, each with its reason.

    Parameters
    ----------
    study
        The study whose overrides are read.

    Raises
    ------
    EvidenceError
        If the study overrides what is no assumption, or with an impossible value.
    """
    made, found = Assumptions(), []
    for override in study.overrides:
        try:
            made = made.changed(override.name, override.value)
        except ValueError as error:
            place = f"study.toml, [assumptions.{override.name}]"
            found.append(Problem(place, f"{error}.", "Mend it.", got=str(override.value)))
    if found:
        raise EvidenceError(found)
    return made
