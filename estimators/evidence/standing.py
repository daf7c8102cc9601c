"""How a quantity stands: what it rests on, and whether any claim reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estimators.evidence import identities
from estimators.evidence.quantity import PartOf

if TYPE_CHECKING:
    from estimators.evidence.choices import Anchor
    from estimators.evidence.study import Study


def rests_on(study: Study, id: str) -> frozenset[str]:
    """Return the quantity and all from which it is computed, shares included."""
    found: set[str] = set()
    todo = [id]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo.extend(study.graph.get(here, ()))
    return frozenset(found)


def status(study: Study, id: str) -> str:
    """Return 'claimed', 'through identities' or 'assumed' for a quantity.

    'Claimed' has a reading of its own, or people found on several lists. 'Through identities'
    shares an unknown with a quantity that has one. 'Assumed' is touched by no reading: it is its
    prior, never an estimate.
    """
    read = _read(study)
    if id in read:
        return "claimed"
    touched = frozenset().union(*(rests_on(study, other) for other in read))
    return "through identities" if touched & _free(study, id) else "assumed"


def assumed_shares(study: Study, id: str) -> tuple[str, ...]:
    """Return the parts on the way to this quantity whose share no claim speaks of."""
    read = _read(study)
    return tuple(
        part
        for part in sorted(rests_on(study, id))
        if isinstance(rule := study.by_id[part].rule, PartOf)
        and part not in read
        and not (isinstance(rule.share, str) and rule.share in read)
    )


def lists_behind(study: Study, id: str) -> tuple[Anchor, ...]:
    """Return the matched lists on which a quantity rests, by itself or through an identity."""
    mine = rests_on(study, id)
    used = (anchor for anchor in study.anchors if anchor.used and anchor.matched)
    return tuple(anchor for anchor in used if mine & rests_on(study, anchor.quantity))


def claims_behind(study: Study, id: str) -> bool:
    """Return whether any claim reaches a quantity, by itself or through an identity."""
    mine = rests_on(study, id)
    return any(mine & rests_on(study, other) for other in {c.quantity for c in study.readings})


def _read(study: Study) -> frozenset[str]:
    """Return the quantities that claims or matched lists speak of themselves."""
    listed = (anchor.quantity for anchor in study.anchors if anchor.used and anchor.matched)
    return frozenset((*(claim.quantity for claim in study.readings), *listed))


def _free(study: Study, id: str) -> frozenset[str]:
    """Return the quantities and shares with an unknown of their own on which this one rests."""
    return frozenset(
        part for part in rests_on(study, id) if not identities.is_derived(study.by_id[part])
    )
