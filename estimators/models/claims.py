"""Who errs together: the errors that claims share, from the common error to the network's.

    belief = scale(quantity) + common + class + event + quantity-in-event + origin + drift + network

all on the log of a count or the logit of a share, with levels of their own for counts and shares.
In a study that stands on a reference class the common and the event's error come phase by phase: a
claim carries those of its own phase and of all later ones, so that early claims err together.
Claims that are set apart, to see what they say against all others, carry one more: the split.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from estimators.evidence.claim import Claim
from estimators.evidence.study import Study
from estimators.models.drifts import Row, drifts_of
from estimators.models.effects import Effect
from estimators.models.phases import PHASES, phase_of
from estimators.models.records import records_of

type Array = npt.NDArray[np.float64]
type Places = npt.NDArray[np.int64]

KINDS = ("common", "class", "event", "quantity", "origin", "network", "drift", "split")
SHAPING = ("path", "shock", "level", "margin", "cell")  # no errors of claims: they shape cells
BIAS = ("common", "class", "event", "quantity", "origin", "drift")


SPLIT = Effect("split", "of the claims set apart")


@dataclass(frozen=True)
class Sharing:
    """All shared errors of a study and which of them each reading carries.

    The errors of reading c are `places[start[c]:start[c + 1]]`, each times its weight. Among the
    effects stand last those that no reading carries: they shape cells.
    """

    effects: tuple[Effect, ...]
    start: Places
    places: Places
    weights: Array

    @property
    def spreads(self) -> tuple[str, ...]:
        """Return the names of the unknown spreads."""
        return tuple(dict.fromkeys(e.spread for e in self.effects if e.spread))


def network_of(claim: Claim) -> str:
    """Return the network of a claim's informants; an origin without one is its own network."""
    return claim.network or claim.origin


def side_of(study: Study, claim: Claim) -> str:
    """Return whether a source speaks of its own side's losses: 'own', 'other', or '' for neither.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.
    """
    source, losses = study.source_by_id[claim.origin].side, study.by_id[claim.quantity].side
    return "" if not source or not losses else "own" if source == losses else "other"


def effects_of(study: Study, claim: Claim, by_phase: bool = False) -> tuple[Effect, ...]:
    """Return the errors that a claim carries, without drift.

    Parameters
    ----------
    study
        The study that the claim belongs to.
    claim
        A reading.
    by_phase
        Whether the errors that all claims share come phase by phase: see `phases_of`.
    """
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    source_class = study.source_by_id[claim.origin].source_class
    own = (
        Effect("origin", _walker(study, claim), f"origins: {source_class}"),
        Effect("network", f"{network_of(claim)} on {claim.quantity}", "networks"),
    )
    quantity = Effect("quantity", claim.quantity)
    if by_phase:  # the quantity's part is one of the early error
        return own if phase_of(study, claim) else (quantity, *own)
    return (
        Effect("common", f"all{suffix}"),
        Effect("class", f"{source_class}{suffix}"),
        Effect("event", f"{study.event_of(claim.quantity)}{suffix}"),
        quantity,
        *own,
    )


def phases_of(study: Study, claims: Sequence[Claim]) -> list[list[Effect]]:
    """Return, for each claim, the shared errors of its phase and of all later ones.

    Those of the study and those of its event. Phases that no claim tells apart are one error.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings.
    """
    rows: list[list[Effect]] = [[] for _ in claims]
    for kind in ("common", "event"):
        names = [_sharer(study, claim, kind) for claim in claims]
        own = [phase_of(study, claim) for claim in claims]
        for name in dict.fromkeys(names):
            places = [n for n, other in enumerate(names) if other == name]
            first = sorted({own[n] for n in places})
            for begin, end in pairwise([*first, len(PHASES)]):
                effect = Effect(kind, f"{name}, {PHASES[begin]}", phases=tuple(range(begin, end)))
                for n in places:
                    rows[n] += [effect] if own[n] <= begin else []
    return rows


def _sharer(study: Study, claim: Claim, kind: str) -> str:
    """Return the name of what shares an error with a claim: the study or its event."""
    suffix = " (share)" if study.by_id[claim.quantity].is_share else ""
    return f"{'all' if kind == 'common' else study.event_of(claim.quantity)}{suffix}"


def _walker(study: Study, claim: Claim) -> str:
    """Return the name of a claim's origin as far as its errors go: by side, shares apart."""
    side, quantity = side_of(study, claim), study.by_id[claim.quantity]
    suffix = " (share)" if quantity.is_share else ""
    about = f" on its {side} side" if side else f" on {quantity.side}" if quantity.side else ""
    return f"{claim.origin}{about}{suffix}"


def _kept_less(row: Row, before: Row, carry: float) -> Row:
    """Return the errors of a printing less what the printing before it tells of them."""
    found = defaultdict(float, row)
    for effect, weight in before:
        found[effect] -= carry * weight
    return [(effect, weight) for effect, weight in found.items() if weight]


def sharing_of(
    study: Study,
    claims: Sequence[Claim | None],
    learn_from: float,
    by_phase: bool = False,
    shaping: Sequence[Effect] = (),
    split: frozenset[str] = frozenset(),
) -> Sharing:
    """Return the shared errors of a study and which of them each reading carries.

    Parameters
    ----------
    study
        The study that the claims belong to.
    claims
        Readings, in the order of the model; None for an anchor, which shares no error.
    learn_from
        Least number of dates of an origin for which its bias may move.
    by_phase
        Whether the errors that all claims share come phase by phase, as in a reference class.
    shaping
        Errors that shape cells; no reading carries them.
    split
        Ids of claims that are set apart: they carry `SPLIT`, the last effect, and no others do.
    """
    said = [claim for claim in claims if claim is not None]
    drifts = drifts_of(study, said, learn_from, lambda claim: _walker(study, claim))
    shared = phases_of(study, said) if by_phase else [[] for _ in said]
    rows = [
        [*((e, 1.0) for e in (*effects_of(study, claim, by_phase), *early)), *steps]
        for claim, early, steps in zip(said, shared, drifts, strict=True)
    ]
    for claim, row in zip(said, rows, strict=True):
        row += [(SPLIT, 1.0)] if claim.id in split else []
    of = {claim.id: row for claim, row in zip(said, rows, strict=True)}
    before = records_of(study)
    rows = [
        _kept_less(row, of[before[claim.id].before.id], before[claim.id].carry)
        if claim.id in before
        else row
        for claim, row in zip(said, rows, strict=True)
    ]
    of_claim = iter(rows)
    carried = [[] if claim is None else next(of_claim) for claim in claims]
    ordered = sorted((e for row in rows for e, _ in row), key=lambda e: KINDS.index(e.kind))
    apart = [e for e in ordered if e == SPLIT]
    effects = tuple(dict.fromkeys((*(e for e in ordered if e != SPLIT), *shaping, *apart)))
    places = {effect: place for place, effect in enumerate(effects)}
    return Sharing(
        effects,
        np.cumsum([0, *map(len, carried)]),
        np.array([places[effect] for row in carried for effect, _ in row], dtype=int),
        np.array([weight for row in carried for _, weight in row], dtype=float),
    )
