"""What looks wrong before any model: copies, drifted hedges, a stock taken for a flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from estimators.evidence import screening_lists, screening_parts, screening_series
from estimators.evidence.claim import Claim

# Handed on under their names: this module is where a finding is looked for.
from estimators.evidence.finding import Finding as Finding
from estimators.evidence.finding import Screening as Screening
from estimators.evidence.rows import numbers_of
from estimators.evidence.study import Study
from estimators.evidence.when import When
from estimators.evidence.wording import (
    About,
    Exactly,
    OrderOf,
    significant_digits,
)

_WORTH_A_LOOK = 50.0
_RARE = 3  # significant digits


def screen(study: Study) -> Screening:
    """Return what looks wrong with a study before any model is built.

    Parameters
    ----------
    study
        The study to look at; nothing in it is changed, everything is a proposal.

    Returns
    -------
    Screening
        What to look at, the open findings first.
    """
    findings = [
        *_copies(study),
        *_drifts(study),
        *_stocks_as_flows(study),
        *_timing(study),
        *_small_shares(study),
        *screening_parts.findings(study),
        *screening_series.findings(study),
        *_lists(study),
    ]
    return Screening(tuple(sorted(findings, key=lambda f: f.settled)))


def _lists(study: Study) -> Iterator[Finding]:
    """Yield what looks wrong with matched lists, once for each table of them."""
    tables = dict.fromkeys(a.matched.table for a in study.anchors if a.matched)
    for table in tables:
        yield from screening_lists.screen_captures(table).findings


def _copies(study: Study) -> Iterator[Finding]:
    """Propose that a later claim of the same number, without a method, repeats an earlier one.

    One finding a claim: with the earliest claim of another origin, if possible of one that does
    not share a network with it. A round number said of a quantity that runs over time may well
    come again for other days: there it is a copy only where the days are the same.
    """
    earlier: dict[tuple[str, tuple[float, ...], When | None], dict[tuple[str, str], Claim]] = {}
    used = (claim for claim in study.claims if claim.used and _numbers(claim))
    for later in sorted(used, key=lambda c: c.published.start):
        days = study.window(later) if _digits(later) < _RARE else None
        origins = earlier.setdefault((later.quantity, _numbers(later), days), {})
        first = None if later.method else _first(origins.values(), later)
        if first:
            yield _copy(first, later)
        origins.setdefault((later.origin, later.network), later)


def _first(claims: Iterable[Claim], later: Claim) -> Claim | None:
    """Return the first claim of another origin, rather one that shares no network."""
    others = None
    for claim in claims:
        if claim.origin != later.origin:
            if not _share_network(claim, later):
                return claim
            others = others or claim
    return others


def _copy(first: Claim, later: Claim) -> Finding:
    is_rare = _digits(first) >= _RARE
    rare = " A number that is not round is rarely found twice." if is_rare else ""
    return Finding(
        "copy",
        (first.id, later.id),
        f"{later.id} says {later.wording} of {later.quantity}, as {first.id} did on "
        f"{first.published}, and states no method of its own.{rare}",
        f"If it is the same assertion, write repeats = {first.id} and used = no; if both may "
        "share informants, give them one network.",
        _share_network(first, later),
    )


def _digits(claim: Claim) -> int:
    return max(significant_digits(number) for number in _numbers(claim))


def _share_network(first: Claim, later: Claim) -> bool:
    return bool(first.network) and first.network == later.network


def _drifts(study: Study) -> Iterator[Finding]:
    """Show where a printing changed the hedge or the number of what it prints."""
    for claim in study.claims:
        if claim.repeats:
            source = study.claim_by_id[claim.repeats]
            if not _same_meaning(claim, source):
                yield Finding(
                    "drift",
                    (source.id, claim.id),
                    f"{claim.id} prints '{claim.wording}' where {source.id} says "
                    f"'{source.wording}'.",
                    "The wording of the assertion itself counts; the printing is kept.",
                    not claim.used,
                )


def _stocks_as_flows(study: Study) -> Iterator[Finding]:
    """Show a number said of a stock that stands, at the same time or later, for a flow.

    A round number is said by many: it counts only where one origin said both.
    """
    firsts: dict[tuple[float, str], Claim] = {}
    own = sorted((c for c in study.claims if not c.repeats), key=lambda c: c.published.start)
    for stock in own:
        if _measure(study, stock) == "stock":
            for number in _numbers(stock):
                is_rare = significant_digits(number) > 1
                for origin in ("", stock.origin) if is_rare else (stock.origin,):
                    firsts.setdefault((number, origin), stock)
    for flow in own:
        if _measure(study, flow) in ("flow", "cumulative"):
            keys = ((n, o) for n in _numbers(flow) if n >= _WORTH_A_LOOK for o in (flow.origin, ""))
            found = (firsts[key] for key in keys if key in firsts)
            early = (stock for stock in found if stock.published.start <= flow.published.end)
            if first := next(early, None):
                yield _stock_as_flow(first, flow)


def _stock_as_flow(stock: Claim, flow: Claim) -> Finding:
    return Finding(
        "stock for flow",
        (stock.id, flow.id),
        f"{flow.id} says {flow.wording} of the flow {flow.quantity}; {stock.id} said the same "
        f"number of the stock {stock.quantity}.",
        "If the stock was reused, write derived_from and used = no.",
        not flow.used,
    )


def _timing(study: Study) -> Iterator[Finding]:
    """Show claims that were published before the time they speak for."""
    for claim in study.claims:
        if claim.as_of and claim.published.end < claim.as_of.start:
            yield Finding(
                "forecast",
                (claim.id,),
                f"{claim.id} was published on {claim.published} and speaks for {claim.as_of}.",
                "Write used = no, or the wording 'could reach'; or mend the dates.",
                not claim.used or claim.is_forecast,
            )


def _small_shares(study: Study) -> Iterator[Finding]:
    """Show shares below one percent, which are often fractions written by mistake."""
    for claim in study.claims:
        numbers = _numbers(claim)
        if numbers and min(numbers) < 1 and _measure(study, claim) == "share":
            yield Finding(
                "small share",
                (claim.id,),
                f"{claim.id} says {claim.wording} percent.",
                "Shares are written in percent: 70, not 0.7.",
                not claim.used,
            )


def _measure(study: Study, claim: Claim) -> str:
    return study.by_id[claim.quantity].measure if claim.quantity else ""


def _numbers(claim: Claim) -> tuple[float, ...]:
    return tuple(numbers_of(claim.wording).values())


def _same_meaning(claim: Claim, source: Claim) -> bool:
    """Return whether two wordings say the same; 'about' before a round number adds nothing."""
    if claim.wording == source.wording:
        return True
    if isinstance(claim.wording, OrderOf) or _numbers(claim) != _numbers(source):
        return False
    plain = (Exactly, About)
    return isinstance(claim.wording, plain) and isinstance(source.wording, plain)
